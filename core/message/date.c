/* Date = wkday "," SP date1 SP time SP "GMT": RFC 3261 §20.17, which allows no other zone */
#include "core/base/calendar.h"
#include "core/message/kind.h"

static const char weekdays[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

/* Three letters out of a list of such; its place, or -1. */
static int name_scan(struct scan *s, struct view names)
{
    struct view left = {s->at, (size_t)(s->end - s->at)};
    for (size_t i = 0; left.len >= 3 && i < names.len; i += 3) {
        if (!view_equal_nocase(view_head(left, 3), view_head(view_skip(names, i), 3)))
            continue;
        s->at += 3;
        return (int)(i / 3);
    }
    scan_fail(s, SIP_RULE_DATE);
    return -1;
}

/* Exactly so many digits. */
static unsigned digits_scan(struct scan *s, size_t count, unsigned max)
{
    struct view digits = view_head((struct view){s->at, (size_t)(s->end - s->at)}, count);
    uint64_t value = 0;
    if (digits.len < count || !view_to_uint(digits, max, &value))
        scan_fail(s, SIP_RULE_DATE);
    else
        s->at += count;
    return (unsigned)value;
}

static bool day_exists(const struct sip_date *date)
{
    struct calendar_day day = calendar_day_of(calendar_days(date->year, date->month, date->day));
    return day.month == date->month && day.day == date->day;
}

static uint8_t weekday_of(const struct sip_date *date)
{
    return (uint8_t)calendar_weekday(calendar_days(date->year, date->month, date->day));
}

static void time_scan(struct scan *s, struct sip_date *date)
{
    date->hour = (uint8_t)digits_scan(s, 2, 23);
    scan_demand(s, ':', SIP_RULE_DATE);
    date->minute = (uint8_t)digits_scan(s, 2, 59);
    scan_demand(s, ':', SIP_RULE_DATE);
    date->second = (uint8_t)digits_scan(s, 2, 60); /* a leap second */
}

static void date_scan(struct scan *s, void *out)
{
    struct sip_date *date = out;
    scan_lws(s);
    const char *begin = s->at;
    date->weekday = (uint8_t)name_scan(s, view_of(weekdays));
    scan_separator(s, ',');
    date->day = (uint8_t)digits_scan(s, 2, 31);
    scan_gap(s);
    date->month = (uint8_t)(name_scan(s, view_of(months)) + 1);
    scan_gap(s);
    date->year = (uint16_t)digits_scan(s, 4, 9999);
    scan_gap(s);
    time_scan(s, date);
    scan_gap(s);
    struct view zone = scan_run(s, CHAR_LOOSE);
    if (s->failed != SIP_RULE_NONE)
        return;
    if (!view_equal_nocase(zone, V("GMT")) || !day_exists(date)) {
        s->at = begin;
        scan_fail(s, SIP_RULE_DATE);
    } else if (date->weekday != weekday_of(date)) {
        scan_note(s, begin, SIP_RULE_DATE_WEEKDAY);
    }
}

struct sip_date sip_date_of(uint64_t seconds)
{
    static const uint64_t last = UINT64_C(253402300799); /* of the year 9999 */
    seconds = seconds < last ? seconds : last;
    int64_t days = (int64_t)(seconds / CALENDAR_DAY_S);
    unsigned rest = (unsigned)(seconds % CALENDAR_DAY_S);
    struct calendar_day day = calendar_day_of(days);

    return (struct sip_date){.year = (uint16_t)day.year,
                             .month = (uint8_t)day.month,
                             .day = (uint8_t)day.day,
                             .weekday = (uint8_t)calendar_weekday(days),
                             .hour = (uint8_t)(rest / 3600),
                             .minute = (uint8_t)(rest / 60 % 60),
                             .second = (uint8_t)(rest % 60)};
}

static void date_write(struct buf *buf, const void *in)
{
    const struct sip_date *date = in;
    ASSERT(date->weekday < 7 && date->month >= 1 && date->month <= 12);
    buf_printf(buf, "%.3s, %02u %.3s %04u %02u:%02u:%02u GMT", weekdays + date->weekday * 3,
               date->day, months + (date->month - 1) * 3, date->year, date->hour, date->minute,
               date->second);
}

const struct sip_header_kind sip_date_kind = {
    .name = "date",
    .shape = SIP_SHAPE_DATE,
    .size = sizeof(struct sip_date),
    .parse = date_scan,
    .write = date_write,
};
