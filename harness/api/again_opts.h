/* follow = true, retry = true: final responses after which an agent tries once more by itself.
 *
 *     options.again = again_read(&opts, agent->stack.again);
 */
#pragma once
#include "harness/api/opts.h"

/* enum sip_again: what holds already, but for what the options say. */
uint32_t again_read(const struct opts *opts, uint32_t otherwise);
