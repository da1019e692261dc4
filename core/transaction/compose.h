/* Writes a message row by row, in one go, into a buffer. The user's rows replace what would stand
 * there by itself, in its place, or leave it out; those with no such place come at the end, in the
 * order in which they were given.
 *
 *     struct compose c;
 *     compose_begin(&c, &buf, rows, row_count);
 *     compose_add(&c, V("OPTIONS sip:bob@192.0.2.2 SIP/2.0\r\n"));
 *     compose_row(&c, SIP_HEADER_MAX_FORWARDS, V("70"));
 *     compose_end(&c, body, content_type);
 */
#pragma once
#include "core/message/build.h"

#include <string.h>

struct compose {
    struct buf *buf;
    char *at, *end; /* room in it that is not yet counted in its length */
    const struct sip_row *rows;
    size_t row_count;
    uint64_t given[2];     /* ids of the user's rows, a bit each */
    uint64_t placed[2];    /* of those, the ones that have been written */
    uint32_t length_error; /* added to Content-Length: a mutant's fault */
};

/* Begins anew in the buffer; its memory stays. */
void compose_begin(struct compose *c, struct buf *buf, const struct sip_row *rows,
                   size_t row_count);
bool compose_more(struct compose *c, size_t len); /* makes room; false: the buffer has failed */
static inline void compose_add(struct compose *c, struct view text)
{
    if (text.len == 0 || ((size_t)(c->end - c->at) < text.len && !compose_more(c, text.len)))
        return;
    memcpy(c->at, text.ptr, text.len);
    c->at += text.len;
}
void compose_add_uint(struct compose *c, uint64_t value);
void compose_settle(struct compose *c); /* what was written so far counts: the buffer has it */

/* Is there no row of the user's for this header? If there is, it is written now. True: the caller
 * goes on with compose_head, the value, and compose_line_end. */
bool compose_free(struct compose *c, enum sip_header_id id);
void compose_head(struct compose *c, enum sip_header_id id); /* "Via: " */
static inline void compose_line_end(struct compose *c)
{
    compose_add(c, V("\r\n"));
}
void compose_row(struct compose *c, enum sip_header_id id, struct view value); /* all three */
void compose_row_uint(struct compose *c, enum sip_header_id id, uint64_t value);
/* All rows of that header, as they stand in msg. */
void compose_copy(struct compose *c, enum sip_header_id id, const struct sip_msg *msg);
bool compose_given(const struct compose *c, enum sip_header_id id); /* is there a row for it? */
/* The rest of the user's rows, Content-Type and Content-Length, and the body; an absent type is
 * application/sdp where there is a body. Then the buffer has it all, or has failed. */
void compose_end(struct compose *c, struct view body, struct view content_type);
/* Likewise for a message that is copied, whose Content-Type has been written with its other rows.
 */
void compose_end_copied(struct compose *c, struct view body);
/* The same, as new bytes; NULL: the buffer's failure, else memory. */
struct blob *compose_blob(struct compose *c);
