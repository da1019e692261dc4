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

static size_t digits_len(struct view text)
{
    size_t len = 0;

    while (len < text.len && is_digit(text.ptr[len]))
        len++;
    return len;
}

/* bare_us: the unit of a number alone; 0: it wants one. */
static bool parse(struct view text, uint64_t bare_us, uint64_t *out_us)
{
    struct view whole_digits = view_head(text, digits_len(text)), fraction = {0};
    struct view rest = view_skip(text, whole_digits.len);
    uint64_t whole;

    if (!view_to_uint(whole_digits, DURATION_MOST_US, &whole))
        return false;
    if (view_starts(rest, V("."))) {
        rest = view_skip(rest, 1);
        fraction = view_head(rest, digits_len(rest));
        rest = view_skip(rest, fraction.len);
        if (fraction.len == 0)
            return false;
    }
    uint64_t unit = rest.len == 0 ? bare_us : unit_us(rest);
    if (unit == 0 || whole > DURATION_MOST_US / unit)
        return false;
    uint64_t us = whole * unit;
    if (!add_fraction(fraction, unit, &us) || us > DURATION_MOST_US)
        return false;
    *out_us = us;
    return true;
}

bool duration_parse(struct view text, uint64_t *out_us)
{
    return parse(text, 0, out_us);
}

bool duration_parse_bare(struct view text, uint64_t *out_us)
{
    return parse(text, US_PER_S, out_us);
}

bool duration_from_seconds(double seconds, uint64_t *out_us)
{
    if (!(seconds >= 0 && seconds <= DURATION_MOST_S)) /* not a number fails too */
        return false;
    *out_us = (uint64_t)(seconds * 1e6 + 0.5);
    return true;
}
