/* A scanner over one value. It is sticky: a failure moves the end to where it stands, so that
 * nothing that is asked of it afterwards finds another byte, and the first rule broken is kept.
 *
 *     struct scan s = scan_begin(text, arena);
 *     struct view method = scan_token(&s);
 *     scan_end(&s);
 *     if (s.failed != SIP_RULE_NONE)
 *         return ERR_SYNTAX;
 */
#pragma once
#include "core/base.h"
#include "core/message/chars.h"
#include "core/message/rules.h"

#include <string.h>

struct scan {
    const char *at, *end;
    struct arena *arena; /* for what has no fixed size */
    enum sip_rule failed;
    enum sip_rule noted; /* the first departure that leaves the value readable */
    const char *noted_at;
};

static inline struct scan scan_begin(struct view text, struct arena *arena)
{
    const char *at = text.ptr != NULL ? text.ptr : "";
    return (struct scan){.at = at, .end = at + text.len, .arena = arena};
}

static inline void scan_fail(struct scan *s, enum sip_rule rule)
{
    if (s->failed == SIP_RULE_NONE)
        s->failed = rule;
    s->end = s->at;
}

static inline void scan_note(struct scan *s, const char *at, enum sip_rule rule)
{
    if (s->noted != SIP_RULE_NONE)
        return;
    s->noted = rule;
    s->noted_at = at;
}

static inline bool scan_is(const char *at, unsigned class)
{
    return (sip_chars[(unsigned char)*at] & class) != 0;
}

static inline bool scan_done(const struct scan *s)
{
    return s->at == s->end;
}

/* Is this the next byte? */
static inline bool scan_at(const struct scan *s, char c)
{
    return s->at < s->end && *s->at == c;
}

static inline bool scan_take(struct scan *s, char c)
{
    bool there = scan_at(s, c);
    s->at += there;
    return there;
}

/* The end of the longest run of a class. Most of the time is spent here: four bytes at a time, so
 * that the end is looked for less often. */
static inline const char *scan_run_end(const char *at, const char *end, unsigned class)
{
    for (; end - at >= 4; at += 4) {
        if (!scan_is(at, class))
            return at;
        if (!scan_is(at + 1, class))
            return at + 1;
        if (!scan_is(at + 2, class))
            return at + 2;
        if (!scan_is(at + 3, class))
            return at + 3;
    }
    while (at < end && scan_is(at, class))
        at++;
    return at;
}

/* The first such byte, or end. Eight at a time: in what differs from eight of them the byte sought
 * is zero, and borrows from its own highest bit. */
static inline const char *scan_find(const char *at, const char *end, char c)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    const uint64_t ones = UINT64_C(0x0101010101010101);
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        word ^= ones * (unsigned char)c;
        word = (word - ones) & ~word & ones << 7;
        if (word != 0)
            return at + __builtin_ctzll(word) / 8;
    }
#endif
    while (at < end && *at != c)
        at++;
    return at;
}

/* The longest run of a class, maybe empty. */
static inline struct view scan_run(struct scan *s, unsigned class)
{
    const char *at = s->at;
    s->at = scan_run_end(at, s->end, class);
    return (struct view){at, (size_t)(s->at - at)};
}

static inline void scan_lws(struct scan *s)
{
    while (s->at < s->end && scan_is(s->at, CHAR_LWS))
        s->at++;
}

static inline void scan_demand(struct scan *s, char c, enum sip_rule rule)
{
    if (!scan_take(s, c))
        scan_fail(s, rule);
}

/* LWS that must be there. */
static inline void scan_gap(struct scan *s)
{
    if (scan_done(s) || !scan_is(s->at, CHAR_LWS))
        scan_fail(s, SIP_RULE_SEPARATOR);
    scan_lws(s);
}

/* A run of the class that is not empty. */
static inline struct view scan_some(struct scan *s, unsigned class, enum sip_rule rule)
{
    struct view run = scan_run(s, class);
    if (run.len == 0)
        scan_fail(s, rule);
    return run;
}

/* From begin to here, without LWS at the end. */
static inline struct view scan_since(const struct scan *s, const char *begin)
{
    const char *end = s->at;
    while (end > begin && scan_is(end - 1, CHAR_LWS))
        end--;
    return (struct view){begin, (size_t)(end - begin)};
}

static inline struct view scan_token(struct scan *s)
{
    return scan_some(s, CHAR_TOKEN, SIP_RULE_TOKEN);
}

/* The separator with LWS around it: SLASH, EQUAL, COLON … of RFC 3261 §25.1. */
void scan_separator(struct scan *s, char c);
/* Nothing but LWS may be left. */
void scan_end(struct scan *s);
/* 1*DIGIT up to max. */
uint64_t scan_number(struct scan *s, uint64_t max);
/* The quoted-string, without its quotes, escapes still inside. */
struct view scan_quoted(struct scan *s);
struct view scan_host(struct scan *s); /* IPv6 with brackets */
uint16_t scan_port(struct scan *s);
