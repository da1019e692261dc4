/* mutant(row, name, opts): what the files _mutants of a suite say of the device that sipwright
 * plays, made to break one rule. The function is there only while such a file is loaded.
 *
 *     mutant_options_read(L, &options.agent, codecs);
 *     enum err err = builtin_create(agents, &options, &device);
 *     mutant_hooks_set(L, device->agent);
 */
#pragma once
#include "harness/agent/agents.h"

#include <lua.h>

#define MUTANTS_FOLDER "_mutants"

void mutant_open(lua_State *L); /* the global, where the suite is loaded for its mutants */
/* Pushes a list of those that were registered: tables with id, row, name, why, also (a list of
 * ids), file and line. */
void mutants_push(lua_State *L);
/* Of the mutant that the run asks for; where there is none, nothing is changed. codecs: room for
 * AGENT_CODECS_MAX views. */
void mutant_options_read(lua_State *L, struct agent_options *out, struct view *codecs);
void mutant_hooks_set(lua_State *L, struct agent *agent);
