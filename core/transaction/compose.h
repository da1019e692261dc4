/* Writes a message row by row, in one go, into a buffer. The user's rows replace what would stand
 * there by itself, in its place, or leave it out; those with no such place come at the end, in the
 * order in which they were given.
 *
 *     struct compose c;
 *     compose_begin(&c, &buf, rows, row_count);
 *     compose_row(&c, SIP_HEADER_MAX_FORWARDS, V("70"));
 *     compose_end(&c, body, content_type);
 */
#pragma once
#include "core/message/build.h"

struct compose {
    struct buf *buf;
    const struct sip_row *rows;
    size_t row_count;
    uint64_t given[2];     /* ids of the user's rows, a bit each */
    uint64_t placed[2];    /* of those, the ones that have been written */
    uint32_t length_error; /* added to Content-Length: a mutant's fault */
};

/* The start line is the caller's, before or after this. */
void compose_begin(struct compose *c, struct buf *buf, const struct sip_row *rows,
                   size_t row_count);
/* Is there no row of the user's for this header? If there is, it is written now. True: the caller
 * goes on with compose_name, the value, and compose_line_end. */
bool compose_free(struct compose *c, enum sip_header_id id);
bool compose_given(const struct compose *c, enum sip_header_id id);
void compose_name(struct compose *c, enum sip_header_id id); /* "Via: " */
void compose_line_end(struct compose *c);
void compose_row(struct compose *c, enum sip_header_id id, struct view value); /* all three */
void compose_row_uint(struct compose *c, enum sip_header_id id, uint64_t value);
/* All rows of that header, as they stand in msg. */
void compose_copy(struct compose *c, enum sip_header_id id, const struct sip_msg *msg);
/* The rest of the user's rows, Content-Type and Content-Length, and the body. An absent type is
 * application/sdp where there is a body. */
void compose_end(struct compose *c, struct view body, struct view content_type);
