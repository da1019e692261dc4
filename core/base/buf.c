#include "core/base/buf.h"

#include "core/base/alloc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { BUF_FIRST = 256 };

static bool reserve(struct buf *buf, size_t more)
{
    if (buf->failed != ERR_OK)
        return false;
    if (more > SIZE_MAX / 2 - buf->len || (buf->limit != 0 && more > buf->limit - buf->len)) {
        buf->failed = ERR_LIMIT;
        return false;
    }
    if (more <= buf->size - buf->len)
        return true;
    size_t size = buf->size == 0 ? BUF_FIRST : buf->size * 2;
    while (size < buf->len + more)
        size *= 2;
    char *ptr = mem_realloc(buf->ptr, size);
    if (ptr == NULL) {
        buf->failed = ERR_MEMORY;
        return false;
    }
    buf->ptr = ptr;
    buf->size = size;
    return true;
}

void buf_add_grown(struct buf *buf, struct view bytes)
{
    if (bytes.len == 0 || !reserve(buf, bytes.len))
        return;
    memcpy(buf->ptr + buf->len, bytes.ptr, bytes.len);
    buf->len += bytes.len;
}

void buf_add_char(struct buf *buf, char c)
{
    buf_add(buf, (struct view){&c, 1});
}

void buf_add_uint(struct buf *buf, uint64_t value)
{
    char room[UINT_TEXT_MAX];
    buf_add(buf, view_of_uint(value, room));
}

/* One directive; false: it is one that the C library is left to. */
static bool directive_print(struct buf *buf, const char **format, va_list *args)
{
    const char *at = *format;
    if (at[0] == 's') {
        buf_add(buf, view_of(va_arg(*args, const char *)));
        *format = at + 1;
    } else if (at[0] == 'u') {
        buf_add_uint(buf, va_arg(*args, unsigned));
        *format = at + 1;
    } else if (at[0] == '.' && at[1] == '*' && at[2] == 's') {
        int len = va_arg(*args, int);
        const char *text = va_arg(*args, const char *);
        if (len < 0)
            return false;
        const char *end = len == 0 ? NULL : memchr(text, '\0', (size_t)len);
        buf_add(buf, (struct view){text, end == NULL ? (size_t)len : (size_t)(end - text)});
        *format = at + 3;
    } else {
        return false;
    }
    return true;
}

/* What nearly all texts consist of, at a tenth of the C library's cost. False: there is more to it.
 */
static bool print_simple(struct buf *buf, const char *format, va_list *args)
{
    while (*format != '\0') {
        size_t len = strcspn(format, "%");
        buf_add(buf, (struct view){format, len});
        format += len;
        if (*format == '\0')
            break;
        format++;
        if (!directive_print(buf, &format, args))
            return false;
    }
    return true;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
    size_t before = buf->len;
    va_list args;
    va_start(args, format);
    bool done = print_simple(buf, format, &args);
    va_end(args);
    if (done && buf->failed == ERR_OK)
        return;
    buf->len = before; /* all of it, or nothing */
    if (done)
        return;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    ASSERT(len >= 0);
    if (!reserve(buf, (size_t)len + 1))
        return;
    va_start(args, format);
    vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, args);
    va_end(args);
    buf->len += (size_t)len;
}

char *buf_room(struct buf *buf, size_t len)
{
    return reserve(buf, len) ? buf->ptr + buf->len : NULL;
}

struct view buf_view(const struct buf *buf)
{
    return (struct view){buf->ptr, buf->len};
}

void buf_clear(struct buf *buf)
{
    buf->len = 0;
    buf->failed = ERR_OK;
}

void buf_deinit(struct buf *buf)
{
    mem_free(buf->ptr);
    *buf = (struct buf){.limit = buf->limit};
}
