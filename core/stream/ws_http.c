#include "core/stream/ws_http.h"

size_t http_head_len(struct view bytes)
{
    size_t at = view_find(bytes, V("\r\n\r\n"));

    return at == bytes.len ? 0 : at + 4;
}

struct view http_first_line(struct view head)
{
    return view_head(head, view_find(head, V("\r\n")));
}

uint16_t http_status(struct view head)
{
    struct view line = http_first_line(head);
    uint64_t status = 0;

    if (!view_starts(line, V("HTTP/1.1 ")) || line.len < 12 ||
        (line.len > 12 && line.ptr[12] != ' '))
        return 0;
    if (!view_to_uint((struct view){line.ptr + 9, 3}, 999, &status) || status < 100)
        return 0;
    return (uint16_t)status;
}

bool http_is_get(struct view head)
{
    struct view line = http_first_line(head), tail = V(" HTTP/1.1");

    if (!view_starts(line, V("GET ")) || !view_ends(line, tail) || line.len <= 4 + tail.len)
        return false;
    struct view target = {line.ptr + 4, line.len - 4 - tail.len};
    return view_find_char(target, ' ') == target.len;
}

/* The next row, from *head on, which moves behind it; absent at the end. */
static struct view row_next(struct view *head)
{
    struct view row = view_head(*head, view_find(*head, V("\r\n")));

    *head = view_skip(*head, row.len + 2);
    return row.len == 0 ? (struct view){0} : row;
}

struct view http_value(struct view head, struct view name, size_t nth)
{
    struct view row;

    (void)row_next(&head);
    while ((row = row_next(&head)).ptr != NULL) {
        if (row.len <= name.len || row.ptr[name.len] != ':' ||
            !view_equal_nocase(view_head(row, name.len), name))
            continue;
        if (nth-- == 0)
            return view_trim(view_skip(row, name.len + 1));
    }
    return (struct view){0};
}

static bool list_has(struct view list, struct view token)
{
    while (list.len > 0) {
        struct view item = view_head(list, view_find_char(list, ','));
        list = view_skip(list, item.len + 1);
        if (view_equal_nocase(view_trim(item), token))
            return true;
    }
    return false;
}

bool http_has(struct view head, struct view name, struct view token)
{
    struct view value;

    for (size_t i = 0; (value = http_value(head, name, i)).ptr != NULL; i++)
        if (list_has(value, token))
            return true;
    return false;
}
