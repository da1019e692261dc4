#include "core/dialog/owned.h"

#include "core/base/alloc.h"

#include <string.h>

static bool within(const struct owned_room *room, const char *ptr)
{
    return room != NULL && ptr >= room->bytes && ptr <= room->bytes + sizeof room->bytes;
}

static char *place(struct owned_room *room, size_t len)
{
    if (room == NULL || len > sizeof room->bytes - room->used)
        return mem_alloc(len);
    char *ptr = room->bytes + room->used;
    room->used = (uint8_t)(room->used + len);
    return ptr;
}

enum err owned_set(struct owned_room *room, struct view *owned, struct view text)
{
    bool fits = owned->ptr != NULL && text.ptr != NULL && text.len <= owned->len;
    char *copy = fits ? (char *)owned->ptr : NULL;
    if (text.ptr != NULL && !fits) {
        copy = place(room, text.len);
        if (copy == NULL)
            return ERR_MEMORY;
    }
    if (text.len > 0)
        memmove(copy, text.ptr, text.len);
    if (!fits)
        owned_drop(room, owned);
    *owned = (struct view){copy, text.len};
    return ERR_OK;
}

void owned_drop(struct owned_room *room, struct view *owned)
{
    if (!within(room, owned->ptr))
        mem_free((char *)owned->ptr);
    *owned = (struct view){0};
}
