#include "harness/agent/words.h"

#include <stdio.h>

/* Micro digits without trailing zeros: 1500000 of a unit of 1000000 is "1.5". */
static int decimal_write(char *room, size_t size, uint64_t value, uint64_t unit)
{
    uint64_t whole = value / unit;
    uint64_t part = value % unit;

    if (part == 0)
        return snprintf(room, size, "%llu", (unsigned long long)whole);
    int digits = 0;
    for (uint64_t u = unit; u > 1; u /= 10)
        digits++;
    for (; part % 10 == 0; part /= 10)
        digits--;
    return snprintf(room, size, "%llu.%0*llu", (unsigned long long)whole, digits,
                    (unsigned long long)part);
}

static struct view with_unit(char *room, int len, const char *unit)
{
    len += snprintf(room + len, WORDS_MAX - (size_t)len, " %s", unit);
    return (struct view){room, (size_t)len};
}

struct view words_duration(uint64_t us, char *room)
{
    if (us >= US_PER_S)
        return with_unit(room, decimal_write(room, WORDS_MAX, us, US_PER_S), "s");
    if (us >= US_PER_MS)
        return with_unit(room, decimal_write(room, WORDS_MAX, us, US_PER_MS), "ms");
    return with_unit(room, decimal_write(room, WORDS_MAX, us, 1), "us");
}

struct view words_time(uint64_t us, char *room)
{
    int len = snprintf(room, WORDS_MAX, "%llu.%03llu", (unsigned long long)(us / US_PER_S),
                       (unsigned long long)(us % US_PER_S / US_PER_MS));

    return with_unit(room, len, "s");
}

static struct view printable_head(struct view text, size_t len)
{
    struct view head = view_head(text, len);

    for (size_t i = 0; i < head.len; i++)
        if ((unsigned char)head.ptr[i] < 0x20 || head.ptr[i] == 0x7f)
            return view_head(head, i);
    return head;
}

struct view words_message(const struct sip_msg *msg, char *room)
{
    if (msg == NULL)
        return V("bytes that are no SIP message");
    struct view method = printable_head(sip_msg_method_name(msg), 24);
    int len;
    if (sip_msg_is_request(msg)) {
        len = snprintf(room, WORDS_MAX, "%.*s", VIEW_ARG(method));
    } else {
        struct view reason = printable_head(sip_msg_reason(msg), 40);
        len = snprintf(room, WORDS_MAX, "%u %.*s", sip_msg_status(msg), VIEW_ARG(reason));
        if (sip_msg_method(msg) != SIP_INVITE && len < WORDS_MAX)
            len += snprintf(room + len, WORDS_MAX - (size_t)len, " to %.*s", VIEW_ARG(method));
    }
    return (struct view){room, len < WORDS_MAX ? (size_t)len : WORDS_MAX - 1};
}
