/* The fields of a message by name, as scripts (msg.via[1].branch) and patterns (Via[1].branch) name
 * them: one mechanism for both. Names in any case, "-" and "_" alike.
 *
 *     struct field field = field_of_message(msg);
 *     field = field_member(field, V("via"));
 *     field = field_index(field, 1);
 *     field = field_member(field, V("branch"));
 */
#pragma once
#include "core/core.h"

enum field_kind {
    FIELD_ABSENT,  /* not there, or unreadable */
    FIELD_TEXT,    /* u.text */
    FIELD_NUMBER,  /* u.number */
    FIELD_BOOL,
    FIELD_OBJECT,  /* has members: a URI, a name-addr, a Via, a CSeq … */
    FIELD_LIST,    /* count elements from 1 on; a member of a list is that of its first element */
    FIELD_UNKNOWN  /* the name is none that this object could ever have: a script's mistake */
};

struct field {
    enum field_kind kind;
    struct view text;          /* TEXT; for OBJECT and LIST how it stands in the message */
    int64_t number;            /* NUMBER, BOOL */
    size_t count;              /* LIST */
    struct sip_msg *msg;       /* borrowed */
    const void *ptr;           /* OBJECT: the typed struct */
    uint16_t type, header;     /* private to field.c */
};

struct field field_of_message(struct sip_msg *msg);
struct field field_member(struct field object, struct view name);
struct field field_index(struct field list, size_t index); /* from 1 on */
struct field field_path(struct sip_msg *msg, struct view path); /* "Via[2].branch" */
/* The member names that an object or the message has, for suggestions; NULL-terminated. */
const char *const *field_names(struct field object);
