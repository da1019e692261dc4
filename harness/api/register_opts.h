/* What a:register(…) says of its Contacts and times.
 *
 *     struct view contacts[REGISTER_CONTACTS_MAX];
 *     register_opts_read(&opts, agent, contacts, &options);
 */
#pragma once
#include "harness/agent/agents.h"
#include "harness/api/opts.h"

enum { REGISTER_CONTACTS_MAX = 64 };

/* Raises. The views are of strings that stay on the stack, room is for the Contacts; out->request
 * has the option contact. */
void register_opts_read(const struct opts *opts, struct agent *agent, struct view *room,
                        struct sip_register_options *out);
