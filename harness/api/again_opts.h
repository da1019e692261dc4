/* follow = true, retry = true: final responses after which an agent tries once more by itself.
 *
 *     options.again = again_read(&opts, agent->stack.again);
 */
#pragma once
#include "harness/api/opts.h"

/* enum sip_again: what holds already, but for what the options say. */
uint32_t again_read(const struct opts *opts, uint32_t otherwise);
/* The same for what lasts for a time: retry = true is also for 423, with a longer time. */
uint32_t again_soft(const struct opts *opts, uint32_t otherwise);
