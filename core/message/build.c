#include "core/message/build.h"

#include <string.h>

enum { BUILD_ROWS_FIRST = 16, SPARE_MAX = 16384 };

/* The memory of the last message built, for the next one: one process, one thread. */
static struct arena spare;

const struct sip_row *sip_row_find(const struct sip_row *rows, size_t count, enum sip_header_id id)
{
    for (size_t i = 0; i < count; i++)
        if (sip_header_find(rows[i].name) == id)
            return &rows[i];
    return NULL;
}

static void begin(struct sip_build *b)
{
    *b = (struct sip_build){.arena = spare};
    spare = (struct arena){0};
}

void sip_build_deinit(struct sip_build *b)
{
    if (spare.first == NULL && b->arena.total <= SPARE_MAX) {
        arena_reset(&b->arena);
        spare = b->arena;
    } else {
        arena_deinit(&b->arena);
    }
    *b = (struct sip_build){0};
}

void sip_build_spare_drop(void)
{
    arena_deinit(&spare);
}

static void fail(struct sip_build *b, enum err err)
{
    if (b->failed == ERR_OK)
        b->failed = err;
}

static char *take(struct sip_build *b, size_t len)
{
    char *room = b->failed == ERR_OK ? arena_alloc(&b->arena, len) : NULL;
    if (room == NULL)
        fail(b, ERR_MEMORY);
    return room;
}

static char *put(char *at, struct view bytes)
{
    if (bytes.len > 0)
        memcpy(at, bytes.ptr, bytes.len);
    return at + bytes.len;
}

void sip_build_request(struct sip_build *b, struct view method, struct view uri)
{
    begin(b);
    struct view version = V(" SIP/2.0");
    size_t len = method.len + 1 + uri.len + version.len;
    char *room = take(b, len);
    if (room == NULL)
        return;
    b->start_line = (struct view){room, len};
    char *at = put(put(room, method), V(" "));
    put(put(at, uri), version);
}

void sip_build_response(struct sip_build *b, uint16_t status, struct view reason)
{
    begin(b);
    struct view head = V("SIP/2.0 ");
    if (reason.ptr == NULL)
        reason = sip_status_reason(status);
    ASSERT(status <= 999);
    char digits[4] = {(char)('0' + status / 100), (char)('0' + status / 10 % 10),
                      (char)('0' + status % 10), ' '};
    size_t len = head.len + sizeof digits + reason.len;
    char *room = take(b, len);
    if (room == NULL)
        return;
    b->start_line = (struct view){room, len};
    put(put(put(room, head), (struct view){digits, sizeof digits}), reason);
}

static bool rows_reserve(struct sip_build *b)
{
    if (b->failed != ERR_OK || b->count < b->size)
        return b->failed == ERR_OK;
    if (b->count >= SIP_LINES_MAX) {
        fail(b, ERR_LIMIT);
        return false;
    }
    size_t size = b->size == 0 ? BUILD_ROWS_FIRST : b->size * 2;
    struct sip_row *rows = arena_alloc(&b->arena, size * sizeof *rows);
    if (rows == NULL) {
        fail(b, ERR_MEMORY);
        return false;
    }
    if (b->count > 0)
        memcpy(rows, b->rows, b->count * sizeof *rows);
    b->rows = rows;
    b->size = size;
    return true;
}

static struct view copy(struct sip_build *b, struct view bytes)
{
    char *room = take(b, bytes.len);
    if (room != NULL)
        put(room, bytes);
    return (struct view){room, room == NULL ? 0 : bytes.len};
}

static bool row_is(const struct sip_row *row, enum sip_header_id id, struct view name)
{
    if (row->name.len == 0 || row->id != id)
        return false;
    return id != SIP_HEADER_OTHER || view_equal_nocase(row->name, name);
}

static void insert(struct sip_build *b, size_t place, enum sip_header_id id, struct view name,
                   struct view value)
{
    struct sip_row row = {id, copy(b, name), copy(b, value)};
    if (!rows_reserve(b))
        return;
    memmove(&b->rows[place + 1], &b->rows[place], (b->count - place) * sizeof row);
    b->rows[place] = row;
    b->count++;
}

void sip_build_add(struct sip_build *b, struct view name, struct view value)
{
    enum sip_header_id id = sip_header_find(name);
    size_t place = b->count;
    for (size_t i = b->count; i > 0; i--) {
        if (row_is(&b->rows[i - 1], id, name)) {
            place = i;
            break;
        }
    }
    insert(b, place, id, name, value);
}

static void remove_from(struct sip_build *b, size_t from, enum sip_header_id id, struct view name)
{
    size_t kept = from;
    for (size_t i = from; i < b->count; i++)
        if (!row_is(&b->rows[i], id, name))
            b->rows[kept++] = b->rows[i];
    b->count = kept;
}

void sip_build_set(struct sip_build *b, struct view name, struct view value)
{
    enum sip_header_id id = sip_header_find(name);
    for (size_t i = 0; i < b->count; i++) {
        if (!row_is(&b->rows[i], id, name))
            continue;
        b->rows[i].name = copy(b, name);
        b->rows[i].value = copy(b, value);
        remove_from(b, i + 1, id, name);
        return;
    }
    insert(b, b->count, id, name, value);
}

void sip_build_remove(struct sip_build *b, struct view name)
{
    remove_from(b, 0, sip_header_find(name), name);
}

bool sip_build_has(const struct sip_build *b, struct view name)
{
    enum sip_header_id id = sip_header_find(name);
    for (size_t i = 0; i < b->count; i++)
        if (row_is(&b->rows[i], id, name))
            return true;
    return false;
}

void sip_build_body(struct sip_build *b, struct view body)
{
    b->body = copy(b, body);
}

void sip_build_omit_length(struct sip_build *b)
{
    b->omit_length = true;
}

static size_t rows_len(const struct sip_build *b)
{
    size_t len = 0;
    for (size_t i = 0; i < b->count; i++)
        len += b->rows[i].name.len + b->rows[i].value.len + 4; /* ": " and CRLF */
    return len;
}

enum err sip_build_finish(struct sip_build *b, struct blob **out)
{
    char room[UINT_TEXT_MAX];
    struct view length = view_of_uint(b->body.len, room);
    struct view length_name = V("Content-Length: "), line_end = V("\r\n");
    bool add_length = !b->omit_length && !sip_build_has(b, V("Content-Length"));
    if (b->failed != ERR_OK)
        return b->failed;
    size_t len = b->start_line.len + 2 + rows_len(b) + 2 + b->body.len;
    len += add_length ? length_name.len + length.len + 2 : 0;
    if (len > UINT32_MAX / 2)
        return ERR_LIMIT;
    struct blob *blob = blob_alloc(len);
    if (blob == NULL)
        return ERR_MEMORY;
    char *at = put(put(blob->data, b->start_line), line_end);
    for (size_t i = 0; i < b->count; i++) {
        at = put(put(at, b->rows[i].name), V(": "));
        at = put(put(at, b->rows[i].value), line_end);
    }
    if (add_length)
        at = put(put(put(at, length_name), length), line_end);
    at = put(put(at, line_end), b->body);
    ASSERT((size_t)(at - blob->data) == len);
    *out = blob;
    return ERR_OK;
}
