/* "alice->>bob: INVITE [..]": a message on its way between two, as faults and t:messages name it.
 */
#pragma once
#include "harness/pattern/pattern.h"
#include "harness/scene/scene.h"

/* Into the arena; raises where it is none, or where nobody has the name. */
void line_parse(lua_State *L, struct view text, struct arena *arena, struct pattern_line *out);
bool line_fits(struct scene *scene, const struct pattern_line *line, uint32_t from, uint32_t to,
               struct sip_msg *msg);
