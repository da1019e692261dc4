#include "harness/options/value.h"

bool value_shard(struct view text, uint32_t *out_index, uint32_t *out_count)
{
    size_t slash = view_find_char(text, '/');
    uint64_t index = 0, count = 0;

    if (!view_to_uint(view_head(text, slash), UINT32_MAX, &index) ||
        !view_to_uint(view_skip(text, slash + 1), UINT32_MAX, &count) || index == 0 ||
        index > count)
        return false;
    *out_index = (uint32_t)index;
    *out_count = (uint32_t)count;
    return true;
}

uint32_t value_one_of(struct view words, struct view text)
{
    uint32_t index = 1;

    for (;; index++) {
        size_t bar = view_find_char(words, '|');
        if (view_equal(view_head(words, bar), text))
            return index;
        if (bar == words.len)
            return 0;
        words = view_skip(words, bar + 1);
    }
}

bool value_pair(struct view text, struct view *out_name, struct view *out_value)
{
    size_t equals = view_find_char(text, '=');

    if (equals == 0 || equals == text.len)
        return false;
    *out_name = view_head(text, equals);
    *out_value = view_skip(text, equals + 1);
    return true;
}
