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
