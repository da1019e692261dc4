#include "core/stream/framer.h"

#include "core/base/alloc.h"

enum { HEAD_LIMIT = 64 * 1024, BODY_LIMIT = 16 * 1024 * 1024, KEPT_ROOM = 4096 };

void framer_init(struct framer *framer, const struct framer_limits *limits)
{
    *framer = (struct framer){0};
    if (limits != NULL)
        framer->limits = *limits;
    if (framer->limits.head == 0)
        framer->limits.head = HEAD_LIMIT;
    if (framer->limits.body == 0)
        framer->limits.body = BODY_LIMIT;
}

void framer_deinit(struct framer *framer)
{
    buf_deinit(&framer->buf);
}

struct view framer_rest(const struct framer *framer)
{
    return view_skip(buf_view(&framer->buf), framer->at);
}

bool framer_inside(const struct framer *framer)
{
    return framer->buf.len > framer->at;
}

/* Taken bytes make room. A connection that is quiet holds on to little. */
static void compact(struct framer *framer)
{
    struct buf *buf = &framer->buf;
    size_t left = buf->len - framer->at;
    framer->before += framer->at;
    if (left > 0 && framer->at > 0)
        memmove(buf->ptr, buf->ptr + framer->at, left);
    buf->len = left;
    framer->at = 0;
    if (left == 0 && buf->size > KEPT_ROOM)
        buf_deinit(buf);
}

enum err framer_give(struct framer *framer, struct view bytes)
{
    if (framer->broken)
        return ERR_OK;
    compact(framer);
    buf_add(&framer->buf, bytes);
    enum err err = framer->buf.failed;
    framer->buf.failed = ERR_OK;
    return err;
}

static void take(struct framer *framer, size_t len)
{
    framer->at += len;
    framer->line = framer->searched = 0;
    framer->head_len = framer->body_len = 0;
    if (framer->at == framer->buf.len)
        compact(framer);
}

static uint64_t place(const struct framer *framer)
{
    return framer->before + framer->at;
}

/* RFC 3261 §7.5: CRLFs before a start line are ignored; RFC 5626 §4.4.1: two are a ping. */
static enum err next_crlf(struct framer *framer, struct framed *out)
{
    bool ping = framer->after_crlf;
    take(framer, 2);
    framer->after_crlf = !ping;
    *out = (struct framed){.kind = ping ? FRAMED_PING : FRAMED_PONG, .end = place(framer)};
    return ERR_OK;
}

static enum err message_blob(const struct framer *framer, size_t len, struct blob **out)
{
    *out = blob_create(view_head(framer_rest(framer), len));
    return *out == NULL ? ERR_MEMORY : ERR_OK;
}

static enum err break_off(struct framer *framer, struct framed *out, struct view why)
{
    struct framed framed = {.kind = FRAMED_BROKEN, .why = why};
    if (framer->head_len > 0 && message_blob(framer, framer->head_len, &framed.bytes) != ERR_OK)
        return ERR_MEMORY;
    framed.end = place(framer) + framer->head_len;
    framer->broken = true;
    *out = framed;
    return ERR_OK;
}

/* Up to the blank line; a LF alone ends a line for us as it does for who reads the message. False:
 * it has not come yet. */
static bool find_head(struct framer *framer)
{
    struct view rest = framer_rest(framer);
    for (;;) {
        struct view unread = view_skip(rest, framer->searched);
        size_t newline = framer->searched + view_find_char(unread, '\n');
        framer->searched = newline;
        if (newline == rest.len)
            return false;
        struct view line = {rest.ptr + framer->line, newline - framer->line};
        framer->line = framer->searched = newline + 1;
        if (line.len == 0 || (line.len == 1 && line.ptr[0] == '\r')) {
            framer->head_len = newline + 1;
            return true;
        }
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The next row of the head with those folded into it: RFC 3261 §7.3.1. */
static struct view next_row(struct view *head)
{
    size_t end = 0;
    do
        end += view_find_char(view_skip(*head, end), '\n') + 1;
    while (end < head->len && is_blank(head->ptr[end]));
    struct view row = view_head(*head, end);
    *head = view_skip(*head, end);
    return row;
}

static bool is_length(struct view row)
{
    struct view name = view_head(row, view_find_char(row, ':'));
    if (name.len == row.len)
        return false;
    while (name.len > 0 && is_blank(name.ptr[name.len - 1]))
        name.len--;
    return view_equal_nocase(name, V("Content-Length")) || view_equal_nocase(name, V("l"));
}

/* RFC 3261 §18.3: on a stream it is the Content-Length alone that says where a message ends. Says
 * what is wrong with it, or nothing. */
static struct view read_length(struct framer *framer)
{
    struct view head = view_head(framer_rest(framer), framer->head_len);
    bool found = false;
    uint64_t body_len = 0;
    next_row(&head);
    while (head.len > 0) {
        struct view row = next_row(&head);
        if (!is_length(row))
            continue;
        struct view value = view_trim(view_skip(row, view_find_char(row, ':') + 1));
        if (found)
            return V("more than one Content-Length");
        if (!view_to_uint(value, UINT64_MAX, &body_len))
            return V("a Content-Length that is no number");
        if (body_len > framer->limits.body)
            return V("a Content-Length beyond the limit");
        found = true;
    }
    framer->body_len = (size_t)body_len;
    return found ? (struct view){0} : V("no Content-Length");
}

static enum err next_head(struct framer *framer, struct framed *out)
{
    bool whole = find_head(framer);
    if ((whole ? framer->head_len : framer_rest(framer).len) > framer->limits.head) {
        framer->head_len = 0;
        return break_off(framer, out, V("a header section beyond the limit"));
    }
    if (!whole)
        return ERR_ABSENT;
    struct view why = read_length(framer);
    if (why.ptr == NULL)
        return ERR_OK;
    enum err err = break_off(framer, out, why);
    if (err != ERR_OK)
        framer->head_len = framer->line = framer->searched = 0; /* to be asked again */
    return err;
}

/* Methods and "SIP" begin with a token character: RFC 3261 §25.1. What begins with another one,
 * TLS or noise, need not be waited for. */
static bool may_begin(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           view_find_char(V("-.!%*_+`'~"), c) < 10;
}

static enum err next_message(struct framer *framer, struct framed *out)
{
    if (framer->head_len == 0) {
        enum err err = next_head(framer, out);
        if (err != ERR_OK || framer->broken)
            return err;
    }
    size_t len = framer->head_len + framer->body_len;
    if (framer_rest(framer).len < len)
        return ERR_ABSENT;
    struct framed framed = {.kind = FRAMED_MESSAGE, .end = place(framer) + len};
    enum err err = message_blob(framer, len, &framed.bytes);
    if (err != ERR_OK)
        return err;
    take(framer, len);
    framer->after_crlf = false;
    *out = framed;
    return ERR_OK;
}

enum err framer_next(struct framer *framer, struct framed *out)
{
    struct view rest = framer_rest(framer);
    if (framer->broken || rest.len == 0)
        return ERR_ABSENT;
    if (rest.ptr[0] == '\r' && rest.len == 1)
        return ERR_ABSENT;
    if (rest.ptr[0] == '\r' && rest.ptr[1] == '\n')
        return next_crlf(framer, out);
    if (!may_begin(rest.ptr[0]))
        return break_off(framer, out, V("no message begins so"));
    return next_message(framer, out);
}
