/* The rows that a script names, of headers = {…} and of fields such as max_forwards, in byte order
 * of their names. A userdata that stays on the stack as long as its views are used.
 *
 *     struct header_rows *rows = header_rows_push(L, 1, own_names);
 */
#pragma once
#include "harness/scene/scene.h"

struct header_rows {
    size_t count, size;
    int keep;               /* stack index of what else is kept alive */
    struct sip_row items[]; /* value absent: left out on purpose */
};

/* headers = {…} of the table at `index` (0: none). With `fields` also each of its other keys that
 * is a header's name with "_" for "-"; those in `own` are not looked at, the rest is an error. */
struct header_rows *header_rows_push(lua_State *L, int index, bool fields, const char *const *own,
                                     const char *whose);
