#include "harness/replay/splice.h"

static bool is_part(struct view text, struct view what)
{
    uintptr_t begin = (uintptr_t)text.ptr, at = (uintptr_t)what.ptr;
    return what.ptr != NULL && at >= begin && at - begin <= text.len &&
           what.len <= text.len - (at - begin);
}

void splice_put(struct splice *splice, struct view what, struct view with)
{
    size_t at = splice->count;
    if (!is_part(splice->text, what) || splice->count == SPLICE_MOST)
        return;
    while (at > 0 && splice->cuts[at - 1].what.ptr > what.ptr)
        at--;
    if (at > 0 && splice->cuts[at - 1].what.ptr + splice->cuts[at - 1].what.len > what.ptr)
        return;
    if (at < splice->count && what.ptr + what.len > splice->cuts[at].what.ptr)
        return;
    memmove(&splice->cuts[at + 1], &splice->cuts[at],
            (splice->count - at) * sizeof splice->cuts[0]);
    splice->cuts[at].what = what;
    splice->cuts[at].with = with;
    splice->count++;
}

void splice_write(const struct splice *splice, struct buf *out)
{
    const char *at = splice->text.ptr;
    for (size_t i = 0; i < splice->count; i++) {
        struct view what = splice->cuts[i].what;
        buf_add(out, (struct view){at, (size_t)(what.ptr - at)});
        buf_add(out, splice->cuts[i].with);
        at = what.ptr + what.len;
    }
    if (at != NULL)
        buf_add(out, (struct view){at, splice->text.len - (size_t)(at - splice->text.ptr)});
}
