/* Session descriptions that a script gives or is given: text, or a table
 * {codecs = {"PCMU"}, direction = "sendonly", address = "192.0.2.1", port = 49170}, with media =
 * {{kind = "audio"}, {kind = "video", codecs = {"H261/90000"}}} for several streams.
 */
#pragma once
#include "harness/api/opts.h"

struct party;
/* The text of the string, table or description at the index; it stays on the stack. party (may be
 * NULL): whose address is meant where none is given. */
struct view sdp_text_at(lua_State *L, int index, const struct party *party);
/* Says what stands there which session it is of? A table may leave it to the call. */
bool sdp_names_session(lua_State *L, int index);
int sip_sdp_call(lua_State *L); /* sip.sdp{…} */
