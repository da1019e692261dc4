#include "harness/scene/duration.h"

#define DURATION_MOST_US (UINT64_C(1000000) * DURATION_MOST_S)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static uint64_t unit_us(struct view unit)
{
    static const struct {
        struct view name;
        uint64_t us;
    } units[] = {
        {{"us", 2}, 1                   },
        {{"ms", 2}, US_PER_MS           },
        {{"s", 1},  US_PER_S            },
        {{"m", 1},  60 * US_PER_S       },
        {{"h", 1},  UINT64_C(3600000000)},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (view_equal(unit, units[i].name))
            return units[i].us;
    return 0;
}

/* Digits of the fraction, each a tenth of what is before it, without floating point. */
static bool add_fraction(struct view digits, uint64_t unit, uint64_t *us)
{
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t value = unit * (uint64_t)(digits.ptr[i] - '0');
        if (value % 10 != 0)
            return false; /* finer than a microsecond */
        *us += value / 10;
        if (unit % 10 != 0 && i + 1 < digits.len)
            return false;
        unit /= 10;
    }
    return true;
}

bool duration_parse(struct view text, uint64_t *out_us)
{
    size_t whole_len = 0, len;
    uint64_t whole;
    while (whole_len < text.len && is_digit(text.ptr[whole_len]))
        whole_len++;
    if (!view_to_uint(view_head(text, whole_len), DURATION_MOST_US, &whole))
        return false;
    len = whole_len;
    struct view fraction = {0};
    if (len < text.len && text.ptr[len] == '.') {
        fraction = view_skip(text, ++len);
        size_t digits = 0;
        while (digits < fraction.len && is_digit(fraction.ptr[digits]))
            digits++;
        fraction = view_head(fraction, digits);
        len += digits;
        if (digits == 0)
            return false;
    }
    uint64_t unit = unit_us(view_skip(text, len));
    if (unit == 0 || whole > DURATION_MOST_US / unit)
        return false;
    uint64_t us = whole * unit;
    if (!add_fraction(fraction, unit, &us) || us > DURATION_MOST_US)
        return false;
    *out_us = us;
    return true;
}

bool duration_from_seconds(double seconds, uint64_t *out_us)
{
    if (!(seconds >= 0 && seconds <= DURATION_MOST_S)) /* not a number fails too */
        return false;
    *out_us = (uint64_t)(seconds * 1e6 + 0.5);
    return true;
}
