/* Parsed values of a message as Lua values: strings, numbers, and objects whose members are read
 * when asked for (msg.via[1].branch, msg.sdp.media[1].codecs).
 *
 *     return field_value_push(L, field_member(field_of_message(msg), name), "message", name);
 */
#pragma once
#include "harness/pattern/field.h"

#include <lauxlib.h>

void field_value_open(lua_State *L); /* its metatable; once per state */
/* Pushes one value; an unknown member raises, with a suggestion from `of`. */
int field_value_push(lua_State *L, struct field field, struct field of, struct view name);
/* The text of an object at the index, as it stands in its message; absent: it is none. */
struct view field_value_text(lua_State *L, int index);
/* The index-th row of this name, full or compact, in any case; NULL: none. */
const struct sip_line *header_row(const struct sip_msg *msg, struct view name, size_t index);
