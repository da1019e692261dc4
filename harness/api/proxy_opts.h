/* The options of t:proxy and t:redirect: from a script's table to core/role/proxy.h.
 *
 *     struct proxy_record *record = proxy_opts_read(&opts, PROXY_STATEFUL);
 */
#pragma once
#include "harness/agent/roles.h"
#include "harness/api/opts.h"

extern const char *const proxy_names[], *const redirect_names[]; /* beside those of an agent */

struct proxy_record *proxy_opts_read(const struct opts *opts, enum proxy_mode mode); /* raises */
/* outbound = a proxy, or its URI: "<sip:192.0.2.5;lr>", in the arena; by that protocol where the
 * proxy has it. False: not given. */
bool outbound_read(const struct opts *opts, enum proto proto, struct view *out);
