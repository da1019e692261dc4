/* What a message of ours must have. */
#include "core/message/build.h"

static const struct {
    enum sip_header_id id;
    const char *in_request, *in_response; /* NULL: need not be there */
} demanded[] = {
    {SIP_HEADER_VIA,          "a Via: RFC 3261 §8.1.1.7",          "a Via: RFC 3261 §8.2.6.2"    },
    {SIP_HEADER_MAX_FORWARDS, "a Max-Forwards: RFC 3261 §8.1.1.6", NULL                           },
    {SIP_HEADER_FROM,         "a From: RFC 3261 §8.1.1.3",         "a From: RFC 3261 §8.2.6.2"   },
    {SIP_HEADER_TO,           "a To: RFC 3261 §8.1.1.2",           "a To: RFC 3261 §8.2.6.2"     },
    {SIP_HEADER_CALL_ID,      "a Call-ID: RFC 3261 §8.1.1.4",      "a Call-ID: RFC 3261 §8.2.6.2"},
    {SIP_HEADER_CSEQ,         "a CSeq: RFC 3261 §8.1.1.5",         "a CSeq: RFC 3261 §8.2.6.2"   },
};

static const struct sip_row *find(const struct sip_build *b, enum sip_header_id id)
{
    for (size_t i = 0; i < b->count; i++)
        if (b->rows[i].id == id)
            return &b->rows[i];
    return NULL;
}

static const char *contact_for_request(enum sip_method method)
{
    switch (method) {
    case SIP_INVITE:
        return "a Contact: RFC 3261 §8.1.1.8";
    case SIP_SUBSCRIBE:
        return "a Contact: RFC 6665 §4.1.2.1";
    case SIP_REFER:
        return "a Contact: RFC 3515 §2.2";
    case SIP_UPDATE:
        return "a Contact: RFC 3311 §5.1";
    default:
        return NULL;
    }
}

/* RFC 3261 §12.1.1: a 2xx that makes a dialog carries a Contact. */
static const char *contact_for_response(const struct sip_build *b)
{
    const struct sip_row *cseq = find(b, SIP_HEADER_CSEQ);
    bool success = b->start_line.len > 8 && b->start_line.ptr[8] == '2';
    bool invite = cseq != NULL && view_ends(view_trim(cseq->value), V(" INVITE"));
    return success && invite ? "a Contact: RFC 3261 §12.1.1" : NULL;
}

const char *sip_build_lacks(const struct sip_build *b)
{
    bool response = view_starts(b->start_line, V("SIP/2.0 "));
    for (size_t i = 0; i < sizeof demanded / sizeof *demanded; i++) {
        const char *what = response ? demanded[i].in_response : demanded[i].in_request;
        if (what != NULL && find(b, demanded[i].id) == NULL)
            return what;
    }
    if (find(b, SIP_HEADER_CONTACT) != NULL)
        return NULL;
    if (response)
        return contact_for_response(b);
    size_t space = view_find_char(b->start_line, ' ');
    return contact_for_request(sip_method_find(view_head(b->start_line, space)));
}
