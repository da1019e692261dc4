/* The rows of a draft: what the script names, and defaults for what it does not. */
#pragma once
#include "harness/api/draft.h"

struct header_rows;

struct draft_values { /* what is said in short: branch = "z9hG4bK1", cseq = 7 */
    struct view to_tag, from_tag, branch, cseq_text;
    uint32_t cseq;
    bool has_cseq;
};

extern const char *const draft_own[]; /* fields of a table that are no headers */

/* to_tag, from_tag, branch and cseq of the table at the index, in what is made from msg. */
void draft_edit(lua_State *L, struct draft *draft, struct sip_msg *msg, int index,
                const char *whose);
struct view draft_keep(lua_State *L, struct draft *draft, struct view text); /* copy in its arena */
/* Rows with a default in their order, then the others; the sender's own are left out where the
 * script does not name them. */
void draft_rows_add(lua_State *L, struct draft *draft, const struct header_rows *rows,
                    const struct draft_values *values, struct view maker);
/* Each name replaces the rows of that name that are there. */
void draft_rows_replace(struct draft *draft, const struct header_rows *rows);
enum sip_header_id draft_row_id(enum draft_row row);
/* Whether a Contact is demanded: INVITE, SUBSCRIBE, REFER, UPDATE, and their 2xx and 1xx. */
void draft_start_copy(struct draft *draft, const struct sip_msg *msg); /* of the same start line */
bool draft_wants_contact(enum sip_method method, uint16_t status);
