#include "harness/options/value.h"

static const struct {
    struct view name;
    uint64_t us;
} units[] = {
    {{"us", 2}, 1         },
    {{"ms", 2}, 1000      },
    {{"s", 1},  1000000   },
    {{"m", 1},  60000000  },
    {{"h", 1},  3600000000},
    {{"", 0},   1000000   },
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The fraction's digits as a part of the unit: "5" of a second is 500000. */
static uint64_t fraction_us(struct view digits, uint64_t unit_us)
{
    uint64_t us = 0;

    for (size_t i = 0; i < digits.len && unit_us >= 10; i++) {
        unit_us /= 10;
        us += unit_us * (uint64_t)(digits.ptr[i] - '0');
    }
    return us;
}

static size_t digits_len(struct view text)
{
    size_t len = 0;

    while (len < text.len && is_digit(text.ptr[len]))
        len++;
    return len;
}

bool value_duration(struct view text, uint64_t *out_us)
{
    size_t whole_len = digits_len(text);
    struct view rest = view_skip(text, whole_len), fraction = {"", 0};
    uint64_t whole = 0;

    if (rest.len > 0 && rest.ptr[0] == '.') {
        rest = view_skip(rest, 1);
        fraction = view_head(rest, digits_len(rest));
        rest = view_skip(rest, fraction.len);
        if (fraction.len == 0)
            return false;
    }
    if (!view_to_uint(view_head(text, whole_len), UINT64_C(31536000000000), &whole))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (view_equal(units[i].name, rest) && whole <= UINT64_C(31536000000000) / units[i].us) {
            *out_us = whole * units[i].us + fraction_us(fraction, units[i].us);
            return true;
        }
    return false;
}

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
