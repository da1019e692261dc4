#include "core/dialog/owned.h"

#include "core/base/alloc.h"

#include <string.h>

enum err owned_set(struct view *owned, struct view text)
{
    char *copy = NULL;
    if (text.ptr != NULL) {
        copy = mem_alloc(text.len);
        if (copy == NULL)
            return ERR_MEMORY;
        if (text.len > 0)
            memcpy(copy, text.ptr, text.len);
    }
    owned_drop(owned);
    *owned = (struct view){copy, text.len};
    return ERR_OK;
}

void owned_drop(struct view *owned)
{
    mem_free((char *)owned->ptr);
    *owned = (struct view){0};
}
