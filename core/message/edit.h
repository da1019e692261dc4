/* A message with some places changed and every other byte as it was: the order of rows, folding,
 * unknown headers and the body stay, as RFC 3261 §16.6 and §16.7 want it of those who forward.
 *
 *     struct sip_edit edit;
 *     sip_edit_begin(&edit, request);
 *     sip_edit_request_uri(&edit, V("sip:bob@192.0.2.2"));
 *     sip_edit_row(&edit, SIP_HEADER_VIA, V("SIP/2.0/UDP 192.0.2.3;branch=z9hG4bKx"));
 *     sip_edit_write(&edit, &buf);
 *
 * Texts are borrowed until it is written. Sticky: after a failure nothing is changed any more.
 */
#pragma once
#include "core/message/msg.h"

enum { SIP_EDIT_CUTS = 32 };
struct sip_edit_cut { /* so many bytes there give way to a text, or to a row */
    size_t at, len;
    struct view name, text; /* name absent: the text alone */
};

struct sip_edit {
    struct sip_msg *msg;                     /* borrowed */
    struct sip_edit_cut cuts[SIP_EDIT_CUTS]; /* by place; at one place in the order of the calls */
    size_t count;
    enum err failed; /* ERR_LIMIT: too many places */
};

void sip_edit_begin(struct sip_edit *edit, struct sip_msg *msg);
void sip_edit_request_uri(struct sip_edit *edit, struct view uri); /* of a request only */
/* A row before the first one of that header; where there is none, behind the last Via. */
void sip_edit_row(struct sip_edit *edit, enum sip_header_id id, struct view value);
void sip_edit_row_last(struct sip_edit *edit, struct view name, struct view value);
/* The index-th value, counted through over all rows; absent (nothing happens) where there is none.
 */
void sip_edit_value(struct sip_edit *edit, enum sip_header_id id, size_t index, struct view text);
/* Behind the last value of that header, in its row; a row where there is none. */
void sip_edit_value_last(struct sip_edit *edit, enum sip_header_id id, struct view text);
void sip_edit_remove(struct sip_edit *edit, enum sip_header_id id, size_t first, size_t count);
void sip_edit_write(const struct sip_edit *edit, struct buf *buf); /* adds to it */
