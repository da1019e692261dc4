#include "core/locate/naptr.h"

/* RFC 3263 §4.1 and §9, RFC 7118 §10.2; SCTP is not spoken here. */
static const struct {
    struct view service;
    enum proto proto;
} services[] = {
    {{"SIP+D2U", 7},  PROTO_UDP},
    {{"SIP+D2T", 7},  PROTO_TCP},
    {{"SIPS+D2T", 8}, PROTO_TLS},
    {{"SIP+D2W", 7},  PROTO_WS },
    {{"SIPS+D2W", 8}, PROTO_WSS},
};

static bool proto_of(const struct dns_record *record, enum proto *out)
{
    for (size_t i = 0; i < sizeof services / sizeof services[0]; i++) {
        if (!view_equal_nocase(record->service, services[i].service))
            continue;
        *out = services[i].proto;
        return true;
    }
    return false;
}

/* "an empty regular expression and a replacement value, which is the SRV record" */
static bool is_usable(const struct dns_record *record, uint32_t protos, bool secure,
                      enum proto *out)
{
    return record->type == DNS_NAPTR && view_equal_nocase(record->flags, V("s")) &&
           record->regexp.len == 0 && record->name.len > 0 && !view_equal(record->name, V(".")) &&
           proto_of(record, out) && (protos & 1u << *out) != 0 && (!secure || proto_secure(*out));
}

static uint32_t rank(const struct dns_record *record)
{
    return (uint32_t)record->a << 16 | record->b;
}

size_t naptr_select(const struct dns_record *records, size_t count, uint32_t protos, bool secure,
                    struct service out[LOCATE_SERVICES_MAX])
{
    const struct dns_record *chosen[LOCATE_SERVICES_MAX];
    enum proto proto;
    uint32_t order = UINT32_MAX;
    size_t found = 0;
    for (size_t i = 0; i < count; i++)
        if (is_usable(&records[i], protos, secure, &proto) && records[i].a < order)
            order = records[i].a;
    for (size_t i = 0; i < count && found < LOCATE_SERVICES_MAX; i++) {
        if (records[i].a != order || !is_usable(&records[i], protos, secure, &proto))
            continue;
        size_t at = found++;
        for (; at > 0 && rank(chosen[at - 1]) > rank(&records[i]); at--) {
            chosen[at] = chosen[at - 1];
            out[at] = out[at - 1];
        }
        chosen[at] = &records[i];
        out[at] = (struct service){proto, records[i].name};
    }
    return found;
}
