/* The end of the events of a case whose worker could not write it: the verdict that was found for
 * it, behind the last whole event.
 *
 *     ending_append(&cases, one);
 */
#pragma once
#include "harness/run/cases.h"

void ending_append(struct cases *cases, struct run_case *one);
