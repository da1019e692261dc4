/* `sipwright statement RESULT …`: what a device claims, what was tested of it, and with which
 * verdict; for people (Markdown) or programs (JSON).
 *
 *     return command_statement(&options);
 */
#pragma once
#include "harness/options/options.h"

int command_statement(const struct options *options); /* enum exit_code */
