#include "harness/gate/words.h"

bool word_take(struct view *rest, struct view *out)
{
    *rest = view_trim(*rest);
    *out = view_head(*rest, view_find_char(*rest, ' '));
    *rest = view_skip(*rest, out->len);
    return out->len > 0;
}

struct view id_without_run(struct view id)
{
    const struct view mark = V(" [run ");
    size_t at = id.len;
    uint64_t number;

    if (!view_ends(id, V("]")))
        return id;
    while (at > 0 && !view_starts(view_skip(id, at), mark))
        at--;
    struct view digits = view_skip(view_head(id, id.len - 1), at + mark.len);
    return at > 0 && view_to_uint(digits, UINT32_MAX, &number) ? view_head(id, at) : id;
}
