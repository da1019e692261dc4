/* Session descriptions that a script gives or is given: text, or a table
 * {codecs = {"PCMU"}, direction = "sendonly", address = "192.0.2.1", port = 49170}.
 */
#pragma once
#include "harness/api/opts.h"

struct party;
/* The text of the string, table or description at the index; it stays on the stack. party (may be
 * NULL): whose address is meant where none is given. */
struct view sdp_text_at(lua_State *L, int index, const struct party *party);
int sip_sdp_call(lua_State *L); /* sip.sdp{…} */
