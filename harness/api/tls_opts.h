/* tls = {cert, key, ca, verify, …} of agents and wires.
 *
 *     tls_opts_read(&opts, &options->security);
 */
#pragma once
#include "harness/api/opts.h"
#include "harness/agent/security.h"

/* Pushes what the views in `out` live in. */
void tls_opts_read(const struct opts *opts, struct security_options *out);
