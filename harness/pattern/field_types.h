/* Which members each typed struct of a message has. Private to harness/pattern.
 *
 *     const struct field_type *type = field_type_get(FIELD_TYPE_VIA);
 */
#pragma once
#include "harness/pattern/field.h"

enum field_type_id {
    FIELD_TYPE_SCALAR, /* no members */
    FIELD_TYPE_MESSAGE,
    FIELD_TYPE_ROWS, /* of a header that has no struct */
    FIELD_TYPE_WORD, /* struct sip_text, in any case */
    FIELD_TYPE_TEXT, /* struct sip_text */
    FIELD_TYPE_VIA,
    FIELD_TYPE_NAME_ADDR,
    FIELD_TYPE_URI,
    FIELD_TYPE_PARAMS, /* any name is a member */
    FIELD_TYPE_CSEQ,
    FIELD_TYPE_TOKEN,
    FIELD_TYPE_EVENT,
    FIELD_TYPE_SUBSCRIPTION_STATE,
    FIELD_TYPE_REASON,
    FIELD_TYPE_MEDIA_TYPE,
    FIELD_TYPE_NUMBER, /* struct sip_number as a plain number */
    FIELD_TYPE_SECONDS,
    FIELD_TYPE_RACK,
    FIELD_TYPE_AUTH,
    FIELD_TYPE_DIALOG_ID,
    FIELD_TYPE_RETRY_AFTER,
    FIELD_TYPE_WARNING,
    FIELD_TYPE_DATE,
    FIELD_TYPE_TIMESTAMP,
    FIELD_TYPE_URI_PARAMS,
    FIELD_TYPE_FAULT,
    FIELD_TYPE_SDP,
    FIELD_TYPE_ORIGIN,
    FIELD_TYPE_CONNECTION,
    FIELD_TYPE_MEDIA,
    FIELD_TYPE_FORMAT,
    FIELD_TYPE_CODEC,
    FIELD_TYPE_SDP_ATTRIBUTES,   /* of the session's part: any name is a member */
    FIELD_TYPE_MEDIA_ATTRIBUTES, /* of a media description, likewise */
    FIELD_TYPE_COUNT
};

enum member_how { /* how to read it from the struct at its offset */
                  MEMBER_TEXT,
                  MEMBER_WORD, /* text in any case */
                  MEMBER_CSTRING,
                  MEMBER_U8,
                  MEMBER_U16,
                  MEMBER_PORT, /* 0: none */
                  MEMBER_U32,
                  MEMBER_U64,
                  MEMBER_BOOL,
                  MEMBER_DIRECTION,
                  MEMBER_OBJECT, /* of `type`, embedded */
                  MEMBER_SELF,   /* of `type`, the same struct */
                  MEMBER_LIST,   /* of `type`, kept in the same struct */
                  MEMBER_PARAM,  /* of the struct sip_params there, by the member's name */
                  MEMBER_PARAM_WORD,
                  MEMBER_PARAM_NUMBER
};

struct member {
    const char *name;
    uint16_t offset;
    uint8_t how, type;
};

enum { FIELD_NO_TEXT = UINT16_MAX };
struct field_type {
    const struct member *members;
    const char *const *names; /* the same, NULL-terminated */
    size_t count;
    uint16_t text; /* offset of the view of the whole, FIELD_NO_TEXT: none */
};

const struct field_type *field_type_get(unsigned id);
const struct member *field_type_member(unsigned id, struct view name); /* NULL: it has none such */
unsigned field_type_of_header(enum sip_header_id id);
bool field_type_open(unsigned id); /* any name is a member */

struct field field_absent(struct sip_msg *msg, unsigned type);
struct field field_unknown(void);
struct field field_text(struct view text, bool any_case); /* an absent view: absent */
struct field field_of_count(uint64_t number);
/* A parsed value as what it is; NULL: absent. */
struct field field_of_value(struct sip_msg *msg, unsigned type, const void *ptr);
struct field field_member_read(struct field object, const struct member *member);
struct field field_open_member(struct field object, struct view name);
struct field field_sdp_element(struct field list, size_t index); /* from 0 on */
/* As field_path; UNKNOWN: bad is the name that is none, of owner. */
struct field field_path_walk(struct sip_msg *msg, struct view path, struct view *out_bad,
                             struct field *out_owner);
/* In any case, "-" and "_" alike. */
bool field_name_equal(struct view a, struct view b);
