/* A growing run of bytes to write into. The writer is sticky: after the first failure nothing is
 * added and `failed` stays, so that a writer of thirty lines checks once, at its end.
 *
 *     struct buf buf = {0};
 *     buf_add(&buf, V("Max-Forwards: "));
 *     buf_add_uint(&buf, 70);
 *     buf_deinit(&buf);
 */
#pragma once
#include "core/base/err.h"

#include <string.h>

struct buf {
    char *ptr;
    size_t len, size;
    size_t limit;    /* most bytes it may hold; 0: none */
    enum err failed; /* ERR_OK, ERR_MEMORY or ERR_LIMIT */
};

void buf_add_grown(struct buf *buf,
                   struct view bytes); /* what buf_add does where there is no room */
static inline void buf_add(struct buf *buf, struct view bytes)
{
    if (buf->failed != ERR_OK || buf->limit != 0 || bytes.len > buf->size - buf->len) {
        buf_add_grown(buf, bytes);
    } else if (bytes.len > 0) {
        memcpy(buf->ptr + buf->len, bytes.ptr, bytes.len);
        buf->len += bytes.len;
    }
}
void buf_add_char(struct buf *buf, char c);
void buf_add_uint(struct buf *buf, uint64_t value); /* decimal */
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *buf_room(struct buf *buf,
               size_t len); /* at the end, to be filled and added to buf->len; or NULL */
struct view buf_view(const struct buf *buf); /* until the next change */
void buf_clear(struct buf *buf); /* empty again, keeps its memory, forgets the failure */
void buf_deinit(struct buf *buf);
