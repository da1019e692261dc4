/* A captured message while it is rewritten: what rewrite.c and its rows share.
 *
 *     row_head(r, line);
 *     buf_add(r->out, value);
 */
#pragma once
#include "harness/replay/play.h"
#include "harness/replay/splice.h"

struct rewriting {
    struct play *play;
    const struct step *step;
    struct sip_msg *msg; /* as captured */
    struct way *way;
    enum proto proto;
    const struct addr *here; /* where the played party is */
    const struct far *far;   /* NULL: outside of any dialog, or nothing is known of it */
    struct buf *out;
    struct view uri; /* the Request-URI as written */
    bool via, routed, recorded, proved[2];
    enum err err;
};

/* The first one stays. */
void rewriting_fail(struct rewriting *r, enum err err);
struct view rewriting_text(struct rewriting *r, struct view text); /* a copy in the arena */

/* rewrite.c: a row as it is, with another value, with places of it changed. */
void row_head(struct rewriting *r, const struct sip_line *line);
void row_write(struct rewriting *r, const struct sip_line *line, struct view value);
void row_splice(struct rewriting *r, const struct sip_line *line, const struct splice *splice);
/* The rows of another message, from the nth one on, as they stand there. */
void rows_repeat(struct rewriting *r, struct sip_msg *of, enum sip_header_id id, size_t first);

/* rewrite_uri.c: where URIs lead now. */
/* The host of a URI with the port behind it, as it stands there. */
struct view rewriting_place_of(const struct sip_uri *uri);
struct view rewriting_place(struct rewriting *r, const struct addr *addr);
/* The host of a URI of From, To or the Request-URI. */
void rewriting_host_move(struct rewriting *r, struct splice *splice, const struct sip_uri *uri);
/* The user that the target's URI names, in the Request-URI and To of what begins the call. */
void rewriting_user_move(struct rewriting *r, struct splice *splice, const struct sip_uri *uri);
void rewriting_request_line(struct rewriting *r);
/* The INVITE that a CANCEL or the ACK of a 300-699 goes after: as it was sent. NULL: none. */
const struct way *rewriting_followed(const struct rewriting *r);
bool rewriting_leads(const struct rewriting *r); /* in a dialog whose target is known */

void row_via(struct rewriting *r, const struct sip_line *line); /* rewrite_via.c */

/* rewrite_dialog.c: what follows the dialog as it is. */
void row_name(struct rewriting *r, const struct sip_line *line, bool from);
void row_to(struct rewriting *r, const struct sip_line *line);
void row_call_id(struct rewriting *r, const struct sip_line *line);
void row_contact(struct rewriting *r, const struct sip_line *line);
void row_record_route(struct rewriting *r, const struct sip_line *line);
void row_route(struct rewriting *r, const struct sip_line *line);
void rows_route(struct rewriting *r); /* once */
void row_rack(struct rewriting *r, const struct sip_line *line);
