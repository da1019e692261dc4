/* What the device that sipwright plays is, besides a user agent: the roles that `needs` names.
 *
 *     builtin_roles_options(needs, need_count, &options);
 *     enum err err = builtin_roles_add(agent, needs, need_count);
 */
#pragma once
#include "harness/agent/agent.h"

bool builtin_role_known(struct view name);
void builtin_roles_options(const struct view *needs, size_t need_count, struct agent_options *out);
enum err builtin_roles_add(struct agent *agent, const struct view *needs,
                           size_t need_count) NODISCARD;
