#include "core/message/msg_private.h"

#include "core/base/alloc.h"
#include "core/message/build.h"

#include <string.h>

enum { POOL_MAX = 256, KEEP_MAX = 16384 };

/* Messages that nobody holds, with their arenas and rows: one process, one thread. */
static struct {
    struct sip_msg *free;
    uint32_t count;
} pool;

static struct sip_msg *msg_take(void)
{
    struct sip_msg *msg = pool.free;
    if (msg == NULL)
        return mem_zalloc(sizeof *msg);
    pool.free = msg->next_free;
    pool.count--;
    return msg;
}

static void msg_destroy(struct sip_msg *msg)
{
    arena_deinit(&msg->arena);
    mem_free(msg->rows);
    mem_free(msg);
}

/* As new, but for the memory it keeps. One that has grown far beyond the usual is not kept. */
static void msg_give_back(struct sip_msg *msg)
{
    struct sip_msg_row *rows = msg->rows;
    uint32_t row_size = msg->row_size;
    blob_unref(msg->blob);
    if (pool.count >= POOL_MAX || msg->arena.total + row_size * sizeof *rows > KEEP_MAX) {
        msg_destroy(msg);
        return;
    }
    arena_reset(&msg->arena);
    struct arena arena = msg->arena;
    *msg = (struct sip_msg){.rows = rows, .row_size = row_size, .arena = arena};
    msg->next_free = pool.free;
    pool.free = msg;
    pool.count++;
}

void sip_msg_pool_drop(void)
{
    while (pool.free != NULL) {
        struct sip_msg *msg = msg_take();
        msg_destroy(msg);
    }
    sip_build_spare_drop();
}

static enum err rows_grow(struct sip_msg *msg)
{
    if (msg->row_count >= SIP_LINES_MAX)
        return ERR_LIMIT;
    uint32_t size = msg->row_size == 0 ? ROWS_FIRST : msg->row_size * 2;
    size = size > SIP_LINES_MAX ? SIP_LINES_MAX : size;
    struct sip_msg_row *rows = mem_realloc(msg->rows, size * sizeof *rows);
    if (rows == NULL)
        return ERR_MEMORY;
    msg->rows = rows;
    msg->row_size = size;
    return ERR_OK;
}

static void link_row(struct sip_msg *msg, enum sip_header_id id, uint32_t row)
{
    if (id == SIP_HEADER_OTHER || id >= SIP_HOT)
        return;
    if (msg->first[id] == 0)
        msg->first[id] = (uint16_t)row;
    else
        msg->rows[msg->last[id] - 1].next = (uint16_t)row;
    msg->last[id] = (uint16_t)row;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return (unsigned char)c <= ' ' && scan_is(&c, CHAR_LWS);
}

/* Where the row that begins at at ends: behind its line end and those folded into it. */
static const char *row_end(struct sip_msg *msg, const char *at, const char *end, bool *folded)
{
    for (;;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL)
            return end;
        if (newline == at || newline[-1] != '\r')
            sip_msg_bare_line_end(msg, newline);
        at = newline + 1;
        if (at == end || !is_blank(*at))
            return at;
        *folded = true;
    }
}

/* One SP in front and CR LF behind are what nearly every value has around it. */
static struct view trimmed(const char *at, const char *end)
{
    if (at < end && *at == ' ')
        at++;
    if (end - at >= 2 && end[-2] == '\r')
        end -= 2;
    while (at < end && is_space(*at))
        at++;
    while (at < end && is_space(end[-1]))
        end--;
    return (struct view){at, (size_t)(end - at)};
}

/* A name that is no token is no header that we know, whatever it begins with (the 0x01 of
 * "To\x01:"): what we know are tokens, so only the others are looked at. */
static void check_name(struct sip_msg *msg, struct view name, bool colon)
{
    struct scan s = scan_begin(name, NULL);
    if (scan_run(&s, CHAR_TOKEN).len != name.len || name.len == 0 || !colon)
        sip_msg_add_fault(msg, SIP_RULE_HEADER_NAME, SIP_HEADER_OTHER, name.ptr);
}

/* RFC 3261 §7.3.1, §25.1: header = name *( SP / HTAB ) ":" SWS value */
static const char *read_row(struct sip_msg *msg, const char *at, const char *end,
                            struct sip_msg_row *row)
{
    bool folded = false;
    const char *next = row_end(msg, at, end, &folded);
    const char *colon = scan_find(at, next, ':'), *name_end = colon;
    bool there = colon < next;
    while (name_end > at && is_blank(name_end[-1])) /* not CR: "To\r:" is not To */
        name_end--;
    struct view name = {at, (size_t)(name_end - at)};
    if (!there)
        name = trimmed(at, next);
    *row = (struct sip_msg_row){
        .line = {there ? sip_header_find(name) : SIP_HEADER_OTHER, name,
                 trimmed(colon + there, next)},
        .folded = folded,
    };
    if (row->line.id == SIP_HEADER_OTHER)
        check_name(msg, name, there);
    return next;
}

static bool is_empty_line(const char *at, const char *end)
{
    return *at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n');
}

/* Up to the empty line; gives where the body begins. */
static enum err read_rows(struct sip_msg *msg, const char **at)
{
    const char *next = *at, *end = msg->blob->data + msg->blob->len;
    while (next < end && !is_empty_line(next, end)) {
        enum err err = msg->row_count < msg->row_size ? ERR_OK : rows_grow(msg);
        if (err != ERR_OK)
            return err;
        struct sip_msg_row *row = &msg->rows[msg->row_count++];
        next = read_row(msg, next, end, row);
        link_row(msg, row->line.id, msg->row_count);
    }
    if (next == end)
        sip_msg_add_fault(msg, SIP_RULE_HEADERS_END, SIP_HEADER_OTHER, next);
    else
        next += *next == '\n' ? 1 : 2;
    *at = next;
    return ERR_OK;
}

/* RFC 3261 §18.3, §20.14: the rest of the datagram, or as much of it as is said. */
static void read_body(struct sip_msg *msg, const char *at)
{
    size_t rest = (size_t)(msg->blob->data + msg->blob->len - at);
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_CONTENT_LENGTH, 0);
    enum sip_rule rule = SIP_RULE_NONE;
    uint64_t length = rest;
    if (line == NULL)
        rule = msg->is_stream ? SIP_RULE_CONTENT_LENGTH_MISSING : SIP_RULE_NONE;
    else if (!view_to_uint(line->value, UINT64_MAX, &length))
        rule = SIP_RULE_CONTENT_LENGTH;
    else if (length > rest)
        rule = SIP_RULE_CONTENT_LENGTH_SHORT;
    msg->body = (struct view){at, rule == SIP_RULE_NONE ? (size_t)length : rest};
    if (rule != SIP_RULE_NONE)
        sip_msg_add_fault(msg, rule, SIP_HEADER_CONTENT_LENGTH,
                          line == NULL ? at : line->value.ptr);
}

static enum err msg_read(struct sip_msg *msg)
{
    const char *at;
    if (!sip_msg_read_start(msg, &at))
        return ERR_SYNTAX;
    enum err err = read_rows(msg, &at);
    if (err != ERR_OK)
        return err;
    read_body(msg, at);
    if (!msg->is_request) { /* it is asked for without end: a response is matched by it */
        const struct sip_cseq *cseq = sip_msg_cseq(msg);
        if (cseq != NULL) {
            msg->method = (uint8_t)cseq->method;
            msg->method_name = cseq->method_name;
        }
    }
    return msg->lost ? ERR_MEMORY : ERR_OK;
}

enum err sip_msg_parse(struct blob *bytes, enum sip_framing framing, struct sip_msg **out)
{
    struct sip_msg *msg = msg_take();
    if (msg == NULL)
        return ERR_MEMORY;
    msg->refs = 1;
    msg->blob = blob_ref(bytes);
    msg->is_stream = framing == SIP_FRAMING_STREAM;
    enum err err = msg_read(msg);
    if (err != ERR_OK)
        msg_give_back(msg);
    else
        *out = msg;
    return err;
}

struct sip_msg *sip_msg_ref(struct sip_msg *msg)
{
    if (msg != NULL)
        msg->refs++;
    return msg;
}

void sip_msg_unref(struct sip_msg *msg)
{
    if (msg == NULL)
        return;
    ASSERT(msg->refs > 0);
    if (--msg->refs == 0)
        msg_give_back(msg);
}
