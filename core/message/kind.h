/* How a header's value is read and written: one kind per struct of types.h.
 *
 *     const struct sip_header_kind *kind = sip_header_kind(SIP_HEADER_VIA);
 *     kind->parse(&s, value);
 */
#pragma once
#include "core/message/names.h"
#include "core/message/scan.h"
#include "core/message/types.h"

struct sip_header_kind {
    const char *name;
    enum sip_shape shape;
    size_t size;   /* of the struct */
    size_t params; /* where its struct sip_params stands; 0: it has none */
    /* Reads one value into zeroed storage, up to the comma behind it or the end. */
    void (*parse)(struct scan *s, void *out);
    void (*write)(struct buf *buf, const void *value);
};

extern const struct sip_header_kind sip_via_kind, sip_name_addr_kind, sip_cseq_kind, sip_rack_kind,
    sip_token_kind, sip_token_params_kind, sip_word_params_kind, sip_media_type_kind,
    sip_number_kind, sip_auth_kind, sip_auth_info_kind, sip_call_id_kind, sip_dialog_id_kind,
    sip_target_dialog_kind, sip_retry_after_kind, sip_warning_kind, sip_text_kind, sip_date_kind,
    sip_timestamp_kind, sip_uri_params_kind;

extern const struct sip_header_kind *const sip_header_kinds[SIP_HEADER_COUNT];

/* NULL for SIP_HEADER_OTHER only. */
static inline const struct sip_header_kind *sip_header_kind(enum sip_header_id id)
{
    return sip_header_kinds[id];
}
/* Is a fault in it fatal to the message? */
bool sip_header_grave(enum sip_header_id id);
/* May it stand in a row without any value? */
bool sip_header_may_be_empty(enum sip_header_id id);

/* *( SEMI generic-param ), with LWS where it may stand */
void sip_params_scan(struct scan *s, struct sip_params *out);
void sip_params_write(struct buf *buf, const struct sip_params *params);

enum sip_uri_place {
    SIP_URI_WHOLE, /* a Request-URI, or between "<" and ">" */
    SIP_URI_BARE   /* an addr-spec with header parameters behind it: RFC 3261 §20.10 */
};
void sip_uri_scan(struct scan *s, enum sip_uri_place place, struct sip_uri *out);

struct view sip_call_id_scan(struct scan *s);
