/* t:registrar(name, opts), and what its agent can do beside others: reg:bindings(aor),
 * reg:new_nonce().
 *
 *     struct registrar_record *record = registrar_opts_read(&opts);
 *     enum err err = agent_role_add(agent, registrar_make, record);
 */
#pragma once
#include "harness/agent/roles.h"
#include "harness/api/opts.h"

extern const char *const registrar_names[]; /* options beside those of an agent */
struct registrar_record *registrar_opts_read(const struct opts *opts); /* raises misuse */
/* users, realm, algorithm, qop, nonce_life: what whoever challenges is told. False: no users. */
bool verifier_opts_read(const struct opts *opts, struct verifier_options *out);

int agent_bindings(lua_State *L);
int agent_new_nonce(lua_State *L);
