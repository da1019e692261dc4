#include "core/message/kind.h"

static const struct sip_header_kind *const kinds[SIP_HEADER_COUNT] = {
    [SIP_HEADER_VIA] = &sip_via_kind,
    [SIP_HEADER_FROM] = &sip_name_addr_kind,
    [SIP_HEADER_TO] = &sip_name_addr_kind,
    [SIP_HEADER_CSEQ] = &sip_cseq_kind,
    [SIP_HEADER_CONTACT] = &sip_name_addr_kind,
    [SIP_HEADER_MAX_FORWARDS] = &sip_number_kind,
    [SIP_HEADER_CONTENT_LENGTH] = &sip_number_kind,
    [SIP_HEADER_CONTENT_TYPE] = &sip_media_type_kind,
    [SIP_HEADER_ROUTE] = &sip_name_addr_kind,
    [SIP_HEADER_RECORD_ROUTE] = &sip_name_addr_kind,
    [SIP_HEADER_REQUIRE] = &sip_token_kind,
    [SIP_HEADER_SUPPORTED] = &sip_token_kind,
    [SIP_HEADER_ALLOW] = &sip_token_kind,
    [SIP_HEADER_EXPIRES] = &sip_number_kind,
    [SIP_HEADER_PROXY_REQUIRE] = &sip_token_kind,
    [SIP_HEADER_ACCEPT] = &sip_media_type_kind,
    [SIP_HEADER_REPLY_TO] = &sip_name_addr_kind,
    [SIP_HEADER_UNSUPPORTED] = &sip_token_kind,
    [SIP_HEADER_RACK] = &sip_rack_kind,
    [SIP_HEADER_RSEQ] = &sip_number_kind,
    [SIP_HEADER_EVENT] = &sip_token_params_kind,
};

const struct sip_header_kind *sip_header_kind(enum sip_header_id id)
{
    if (id == SIP_HEADER_OTHER)
        return NULL;
    return kinds[id] != NULL ? kinds[id] : &sip_text_kind;
}

/* Those without which a message cannot be routed, matched or understood. */
bool sip_header_grave(enum sip_header_id id)
{
    switch (id) {
    case SIP_HEADER_VIA:
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
    case SIP_HEADER_CONTACT:
    case SIP_HEADER_ROUTE:
    case SIP_HEADER_RECORD_ROUTE:
    case SIP_HEADER_REQUIRE:
    case SIP_HEADER_PROXY_REQUIRE:
    case SIP_HEADER_CONTENT_LENGTH:
    case SIP_HEADER_CONTENT_TYPE:
        return true;
    default:
        return false;
    }
}
