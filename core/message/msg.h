/* A message is what was on the wire: raw bytes, an index of its headers in order, and values that
 * are parsed when asked for, once. A departure from the grammar is data, not a refusal.
 *
 *     struct sip_msg *msg;
 *     enum err err = sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg);
 *     const struct sip_via *via = sip_msg_via(msg, 0);
 *     sip_msg_unref(msg);
 */
#pragma once
#include "core/message/method.h"
#include "core/message/names.h"
#include "core/message/types.h"

struct sip_fault {       /* a departure from the grammar or from a rule about one message */
    const char *rule;    /* stable id, kebab-case: "content-length-short", "cseq-method" */
    const char *section; /* "RFC 3261 §20.16" */
    uint32_t offset;     /* into the raw bytes */
    bool fatal;          /* no strict user may go on: a request deserves 400, a response the bin */
};

struct sip_line {          /* one header row as it stands */
    enum sip_header_id id; /* SIP_HEADER_OTHER: not registered */
    struct view name;      /* as written, compact or not */
    struct view value;     /* trimmed; folding still inside */
};

enum sip_framing {
    SIP_FRAMING_DATAGRAM, /* body: Content-Length of the rest; more is cut off, less is a fault */
    SIP_FRAMING_STREAM    /* the framer has cut it; Content-Length is demanded */
};

struct sip_msg; /* read-only once parsed; counted references */

/* Indexes the message. The blob is referenced. Always gives a message for bytes that begin with
 * something like a start line, however bad, with its faults; ERR_SYNTAX: this is not SIP at all
 * (keep-alives, STUN, noise), ERR_LIMIT: more header rows than SIP_LINES_MAX, ERR_MEMORY. */
enum err sip_msg_parse(struct blob *bytes, enum sip_framing framing,
                       struct sip_msg **out) NODISCARD;
struct sip_msg *sip_msg_ref(struct sip_msg *msg);
void sip_msg_unref(
    struct sip_msg *msg);     /* the last one gives it back to a pool: no free in steady state */
void sip_msg_pool_drop(void); /* frees what is kept for reuse, for leak checks at an end */

struct blob *sip_msg_blob(const struct sip_msg *msg); /* borrowed */
struct view sip_msg_raw(const struct sip_msg *msg);   /* up to the end of the body */
struct view sip_msg_body(const struct sip_msg *msg);
bool sip_msg_is_request(const struct sip_msg *msg);
enum sip_framing sip_msg_framing(const struct sip_msg *msg);

/* Start line. Of a response `method` is that of its CSeq. */
enum sip_method sip_msg_method(const struct sip_msg *msg); /* SIP_METHOD_OTHER: see the name */
struct view sip_msg_method_name(const struct sip_msg *msg);
uint16_t sip_msg_status(const struct sip_msg *msg); /* 0 for a request */
struct view sip_msg_reason(const struct sip_msg *msg);
struct view sip_msg_version(const struct sip_msg *msg); /* "SIP/2.0" */
struct view sip_msg_request_uri_text(const struct sip_msg *msg);
const struct sip_uri *sip_msg_request_uri(struct sip_msg *msg); /* NULL: not readable */

/* Rows in order. */
size_t sip_msg_line_count(const struct sip_msg *msg);
const struct sip_line *sip_msg_line(const struct sip_msg *msg, size_t index);
/* The index-th row of that id (or, for OTHER, of that name, any case); NULL: none. */
const struct sip_line *sip_msg_find(const struct sip_msg *msg, enum sip_header_id id, size_t index);
const struct sip_line *sip_msg_find_name(const struct sip_msg *msg, struct view name, size_t index);

/* Typed values; comma lists count through over all rows. NULL: absent, or not readable (then a
 * fault tells). Parsed on first use into the message's arena. */
const struct sip_via *sip_msg_via(struct sip_msg *msg, size_t index);
const struct sip_name_addr *sip_msg_from(struct sip_msg *msg);
const struct sip_name_addr *sip_msg_to(struct sip_msg *msg);
struct view sip_msg_from_tag(struct sip_msg *msg); /* absent where there is none to be read */
struct view sip_msg_to_tag(struct sip_msg *msg);
const struct sip_name_addr *sip_msg_contact(struct sip_msg *msg, size_t index);
const struct sip_name_addr *sip_msg_route(struct sip_msg *msg, size_t index);
const struct sip_name_addr *sip_msg_record_route(struct sip_msg *msg, size_t index);
const struct sip_cseq *sip_msg_cseq(struct sip_msg *msg);
struct view sip_msg_call_id(const struct sip_msg *msg); /* absent when there is none */
/* Any header: the kind's struct (types.h), as the header's file says; NULL as above. */
const void *sip_msg_get(struct sip_msg *msg, enum sip_header_id id, size_t index);
size_t sip_msg_count(struct sip_msg *msg, enum sip_header_id id); /* values, over all rows */
/* Is this token among the values of a list header (Require, Supported, Allow …), any case. */
bool sip_msg_lists(struct sip_msg *msg, enum sip_header_id id, struct view token);

/* Faults found so far; sip_msg_check parses everything and applies the rules of RFC 3261 §8.1.1,
 * §20 and §25 about one message, so that afterwards all are there. */
void sip_msg_check(struct sip_msg *msg);
size_t sip_msg_fault_count(const struct sip_msg *msg);
const struct sip_fault *sip_msg_fault(const struct sip_msg *msg, size_t index);
const struct sip_fault *sip_msg_fatal(const struct sip_msg *msg); /* the first fatal one, or NULL */

/* False: memory ended while it was read, so that what seems to be absent may be there. */
bool sip_msg_is_whole(const struct sip_msg *msg);

/* For the layer that reads the body: memory that lives as long as the message, and a place for what
 * was read; NULL at first. */
struct arena *sip_msg_arena(struct sip_msg *msg);
const void **sip_msg_body_slot(struct sip_msg *msg);
void sip_msg_lose(struct sip_msg *msg); /* memory ended: it is whole no longer */

/* "INVITE", "200 INVITE": for the trace. Written into room (terminated), never longer than it. */
struct view sip_msg_label(const struct sip_msg *msg, char *room, size_t room_len);
enum { SIP_LINES_MAX = 16384, SIP_LABEL_MAX = 64 };
