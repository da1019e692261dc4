/* --link: the network of a whole run, where a scenario does not say otherwise.
 *
 *     enum err err = link_option_read(V("loss=5%,jitter=5ms"), &link, &complaint);
 */
#pragma once
#include "core/core.h"

/* loss, duplicate, reorder, corrupt (5% or 0.05), latency, jitter (20ms), of what t.net:link takes
 * as well; what is not named stays as it is in *inout. ERR_SYNTAX: the complaint is one sentence.
 */
enum err link_option_read(struct view text, struct net_link *inout,
                          struct buf *complaint) NODISCARD;
