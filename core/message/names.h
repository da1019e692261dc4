/* Header names: one row of header_names.def each. A name is compared whole, in any case.
 *
 *     enum sip_header_id id = sip_header_find(V("v"));     (SIP_HEADER_VIA)
 */
#pragma once
#include "core/base.h"

enum sip_header_id {
    SIP_HEADER_OTHER,
#define HEADER(id, name, compact, list, rfc) SIP_HEADER_##id,
#include "core/message/header_names.def"
#undef HEADER
    SIP_HEADER_COUNT
};

enum sip_header_id sip_header_find(struct view name); /* full or compact; SIP_HEADER_OTHER */
struct view sip_header_name(enum sip_header_id id);   /* "Via" */
bool sip_header_is_list(enum sip_header_id id);       /* values may stand in one row with commas */
const char *sip_header_rfc(enum sip_header_id id);    /* "RFC 3261 §20.42" */

/* Which struct of types.h sip_msg_get gives. */
enum sip_shape {
    SIP_SHAPE_NONE,  /* none that has a name here: read the row */
    SIP_SHAPE_TEXT,  /* struct sip_text */
    SIP_SHAPE_TOKEN, /* struct sip_text: a token, so its case does not matter */
    SIP_SHAPE_VIA,
    SIP_SHAPE_NAME_ADDR,
    SIP_SHAPE_CSEQ,
    SIP_SHAPE_TOKEN_PARAMS,
    SIP_SHAPE_MEDIA_TYPE,
    SIP_SHAPE_NUMBER,
    SIP_SHAPE_RACK,
    SIP_SHAPE_AUTH,
    SIP_SHAPE_DIALOG_ID,
    SIP_SHAPE_RETRY_AFTER,
    SIP_SHAPE_WARNING,
    SIP_SHAPE_DATE,
    SIP_SHAPE_TIMESTAMP,
    SIP_SHAPE_URI_PARAMS
};
enum sip_shape sip_header_shape(enum sip_header_id id);
