/* session = { expires = "30m", min_se = "90s", refresher = "uac", by = "UPDATE" }, refresh = false:
 * session timers (RFC 4028).
 *
 *     options.refresh = session_opts_read(&opts, &agent->stack.refresh);
 */
#pragma once
#include "harness/api/opts.h"

/* What holds already, but for what the options say. */
struct sip_refresh_options session_opts_read(const struct opts *opts,
                                             const struct sip_refresh_options *otherwise);
