/* The fields of a message by name, as scripts (msg.via[1].branch) and patterns (Via[1].branch) name
 * them: one mechanism for both. Names in any case, "-" and "_" alike.
 *
 *     struct field field = field_of_message(msg);
 *     field = field_member(field, V("via"));
 *     field = field_index(field, 1);
 *     field = field_member(field, V("branch"));
 *
 * A field that is absent still knows what it would be, so that field_of_message(NULL) serves to
 * find out whether a path can exist at all.
 */
#pragma once
#include "core/core.h"

enum field_kind {
    FIELD_ABSENT, /* not there, or unreadable */
    FIELD_TEXT,   /* u.text */
    FIELD_NUMBER, /* u.number */
    FIELD_BOOL,
    FIELD_OBJECT, /* has members: a URI, a name-addr, a Via, a CSeq … */
    FIELD_LIST,   /* count elements from 1 on; a member of a list is that of its first element */
    FIELD_UNKNOWN /* the name is none that this object could ever have: a script's mistake */
};

struct field {
    enum field_kind kind;
    struct view
        text;       /* TEXT, NUMBER of a header; for OBJECT and LIST how it stands in the message */
    int64_t number; /* NUMBER, BOOL; OBJECT where one of its members is its number */
    size_t count;   /* LIST */
    bool any_case;  /* TEXT: a token, "udp" is "UDP" (RFC 3261 §7.3.1) */
    struct sip_msg *msg;   /* borrowed */
    const void *ptr;       /* OBJECT: the typed struct */
    uint16_t type, header; /* private to field.c */
};

struct field field_of_message(struct sip_msg *msg);
struct field field_of_sdp(const struct sip_sdp *sdp); /* for call.local_sdp */
struct field field_of_uri(const struct sip_uri *uri);
struct field field_member(struct field object, struct view name);
struct field field_index(struct field list, size_t index); /* from 1 on */
struct field field_path(struct sip_msg *msg,
                        struct view path); /* "Via[2].branch", "\"X-Foo\"[1]" */
/* A header by its name, which need not be registered: a list where it is none of the typed ones. */
struct field field_header(struct sip_msg *msg, struct view name);
/* The elements of a list one by one, from a zeroed cursor on; UNKNOWN at the end. */
struct field field_next(struct field list, size_t *cursor);
/* The member names that an object or the message has, for suggestions; NULL-terminated. */
const char *const *field_names(struct field object);

/* Is it this: URIs by RFC 3261 §19.1.4, tokens in any case, a list has it, a CSeq by its number. */
bool field_equals(struct field field, struct view literal);
bool field_number(struct field field, int64_t *out); /* false: it is none */
