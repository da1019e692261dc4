#include "core/dialog/rows.h"

#include "core/base/alloc.h"

enum err rows_copy(struct rows *rows, const struct sip_row *from, size_t count)
{
    size_t len = count * sizeof *from;
    for (size_t i = 0; i < count; i++)
        len += from[i].name.len + from[i].value.len;
    if (count == 0) {
        rows_drop(rows);
        return ERR_OK;
    }
    struct sip_row *items = mem_alloc(len);
    if (items == NULL)
        return ERR_MEMORY;
    char *at = (char *)(items + count);
    for (size_t i = 0; i < count; i++) {
        items[i] = from[i];
        items[i].name = view_put(&at, from[i].name);
        items[i].value = view_put(&at, from[i].value);
    }
    rows_drop(rows);
    *rows = (struct rows){items, count};
    return ERR_OK;
}

void rows_drop(struct rows *rows)
{
    mem_free(rows->items);
    *rows = (struct rows){0};
}
