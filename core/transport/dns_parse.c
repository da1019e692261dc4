#include "core/transport/dns_parse.h"

#include <ares.h>
#include <string.h>

enum { HEADER_LEN = 12, CLASS_IN = 1, TEXTS_MOST = 256 << 10 };

/* Sticky: after the first failure nothing is read any more. */
struct reader {
    struct view bytes;
    size_t at;
    struct arena *texts;
    enum err failed;
};

static const unsigned char *take(struct reader *r, size_t len)
{
    if (r->failed == ERR_OK && len > r->bytes.len - r->at)
        r->failed = ERR_SYNTAX;
    if (r->failed != ERR_OK)
        return NULL;
    const unsigned char *bytes = (const unsigned char *)r->bytes.ptr + r->at;
    r->at += len;
    return bytes;
}

static uint32_t number(struct reader *r, size_t len)
{
    uint32_t value = 0;
    const unsigned char *bytes = take(r, len);
    for (size_t i = 0; bytes != NULL && i < len; i++)
        value = value << 8 | bytes[i];
    return value;
}

static struct view keep(struct reader *r, struct view text)
{
    struct view copy = arena_copy(r->texts, text);
    if (copy.ptr == NULL && r->failed == ERR_OK)
        r->failed = ERR_MEMORY;
    return copy;
}

/* Compressed or not; c-ares sees to pointers that lead round in a circle or out of the message. */
static struct view name(struct reader *r)
{
    const unsigned char *bytes = (const unsigned char *)r->bytes.ptr;
    char *text = NULL;
    long len = 0;
    if (r->failed != ERR_OK)
        return (struct view){0};
    int status = r->at < r->bytes.len
                     ? ares_expand_name(bytes + r->at, bytes, (int)r->bytes.len, &text, &len)
                     : ARES_EBADNAME;
    if (status != ARES_SUCCESS || len < 0) {
        r->failed = status == ARES_ENOMEM ? ERR_MEMORY : ERR_SYNTAX;
        return (struct view){0};
    }
    struct view copy = keep(r, view_of(text));
    ares_free_string(text);
    (void)take(r, (size_t)len);
    return copy;
}

static struct view text(struct reader *r)
{
    size_t len = number(r, 1);
    const unsigned char *bytes = take(r, len);
    return bytes == NULL ? (struct view){0} : keep(r, (struct view){(const char *)bytes, len});
}

static void ip(struct reader *r, struct dns_record *record, size_t len)
{
    const unsigned char *bytes = take(r, len);
    if (bytes != NULL)
        memcpy(record->ip, bytes, len);
}

static void data(struct reader *r, struct dns_record *record)
{
    switch (record->type) {
    case DNS_A:
        ip(r, record, 4);
        break;
    case DNS_AAAA:
        ip(r, record, 16);
        break;
    case DNS_CNAME:
        record->name = name(r);
        break;
    case DNS_SRV:
        record->a = (uint16_t)number(r, 2);
        record->b = (uint16_t)number(r, 2);
        record->port = (uint16_t)number(r, 2);
        record->name = name(r);
        break;
    case DNS_NAPTR:
        record->a = (uint16_t)number(r, 2);
        record->b = (uint16_t)number(r, 2);
        record->flags = text(r);
        record->service = text(r);
        record->regexp = text(r);
        record->name = name(r);
        break;
    default: /* SOA: RFC 2308 §5, the lesser of its TTL and its last number */
        (void)name(r);
        (void)name(r);
        (void)take(r, 16);
        uint32_t minimum_s = number(r, 4);
        if (minimum_s < record->ttl_s)
            record->ttl_s = minimum_s;
    }
}

static bool wanted(uint16_t type, bool answer)
{
    if (!answer)
        return type == DNS_SOA;
    return type == DNS_A || type == DNS_AAAA || type == DNS_CNAME || type == DNS_SRV ||
           type == DNS_NAPTR;
}

static void record_read(struct reader *r, struct dns_message *out, bool answer)
{
    struct dns_record record = {.owner = name(r)};
    record.type = (uint16_t)number(r, 2);
    bool in = number(r, 2) == CLASS_IN;
    uint32_t ttl_s = number(r, 4);
    size_t len = number(r, 2), begin = r->at;
    record.ttl_s = ttl_s <= INT32_MAX ? ttl_s : 0; /* RFC 2181 §8 */
    if (take(r, len) == NULL || !in || !wanted(record.type, answer))
        return;
    struct reader inside = *r;
    inside.at = begin;
    inside.bytes.len = begin + len; /* names may point before it, never beyond */
    data(&inside, &record);
    if (inside.failed != ERR_OK)
        r->failed = inside.failed;
    else if (out->record_count < DNS_MESSAGE_RECORDS)
        out->records[out->record_count++] = record;
}

static void message_read(struct reader *r, struct dns_message *out)
{
    (void)number(r, 2);
    out->rcode = number(r, 2) & 0xf;
    uint32_t questions = number(r, 2), answers = number(r, 2), authorities = number(r, 2);
    (void)number(r, 2);
    for (uint32_t i = 0; i < questions && r->failed == ERR_OK; i++) {
        (void)name(r);
        (void)take(r, 4);
    }
    for (uint32_t i = 0; i < answers && r->failed == ERR_OK; i++)
        record_read(r, out, true);
    for (uint32_t i = 0; i < authorities && r->failed == ERR_OK; i++)
        record_read(r, out, false);
}

enum err dns_parse(struct view bytes, struct dns_message *out)
{
    struct reader r = {.bytes = bytes, .texts = &out->texts};
    arena_reset(&out->texts);
    out->texts.limit = TEXTS_MOST;
    out->record_count = 0;
    out->rcode = 0;
    message_read(&r, out);
    if (r.failed != ERR_OK)
        out->record_count = 0;
    return r.failed;
}

void dns_message_deinit(struct dns_message *message)
{
    arena_deinit(&message->texts);
}
