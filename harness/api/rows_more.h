/* The script's header rows, and rows of ours where it gives none of that name.
 *
 *     rows_more(L, &options, V("Expires"), V("600"));
 */
#pragma once
#include "harness/api/opts.h"

/* Each pushes a userdata that has to stay as long as the rows are used. Views of the value as well.
 * Absent values add nothing. */
void rows_more(lua_State *L, const struct sip_row **rows, size_t *count, struct view name,
               struct view value);
