/* The text of a flow in a script: parsed, its participants found, its lines in the script's file.
 */
#pragma once
#include "harness/api/watch.h"

#include <lua.h>

struct trace_source flow_source(lua_State *L); /* the running line */
/* Raises with the line in the script; one use is the caller's. */
struct flow_text *flow_text_parse(lua_State *L, struct view text,
                                  const struct trace_source *source);
/* Who its participants are; raises where there is nobody of a name. */
void flow_text_resolve(lua_State *L, struct flow_text *text);
/* The script's line of the text's line, where the text stands at the call. */
uint32_t flow_line_in_script(lua_State *L, const struct trace_source *source, struct view text,
                             uint32_t line);
struct watch *watch_get_or_raise(lua_State *L, struct handle call);
