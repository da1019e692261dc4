#include "harness/lua/clock.h"

#include "harness/lua/engine.h"

#include <lualib.h>

enum { TEXT_MAX = 64 };

struct date {
    int64_t year;
    int month, day, hour, min, sec; /* month and day from 1 on */
    int weekday, yearday;           /* Sunday 0; January 1st 0 */
};

static const char *const days[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                   "Thursday", "Friday", "Saturday"};
static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

static struct date date_of(int64_t time_s)
{
    int64_t since_1970 = calendar_divide(time_s, CALENDAR_DAY_S);
    int64_t rest = time_s - since_1970 * CALENDAR_DAY_S;
    struct calendar_day day = calendar_day_of(since_1970);

    return (struct date){.year = day.year,
                         .month = day.month,
                         .day = day.day,
                         .hour = (int)(rest / 3600),
                         .min = (int)(rest / 60 % 60),
                         .sec = (int)(rest % 60),
                         .weekday = calendar_weekday(since_1970),
                         .yearday = (int)(since_1970 - calendar_days(day.year, 1, 1))};
}

static uint64_t now_us(lua_State *L)
{
    const struct engine *engine = engine_of(L);
    return engine->now_us == NULL ? 0 : engine->now_us(engine);
}

static int64_t now_s(lua_State *L)
{
    return engine_of(L)->epoch_s + (int64_t)(now_us(L) / US_PER_S);
}

static int64_t date_field(lua_State *L, const char *name, int64_t missing)
{
    lua_getfield(L, 1, name);
    int is_integer;
    lua_Integer value = lua_tointegerx(L, -1, &is_integer);
    if (!is_integer) {
        if (!lua_isnil(L, -1))
            return luaL_error(L, "field '%s' is not an integer", name);
        if (missing < 0)
            return luaL_error(L, "field '%s' missing in date table", name);
        value = missing;
    }
    if (value < -INT32_MAX || value > INT32_MAX)
        return luaL_error(L, "field '%s' is out-of-bound", name);
    lua_pop(L, 1);
    return value;
}

static int script_time(lua_State *L)
{
    if (lua_isnoneornil(L, 1)) {
        lua_pushinteger(L, now_s(L));
        return 1;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    int64_t year = date_field(L, "year", -1), month = date_field(L, "month", -1) - 1;
    int64_t day = date_field(L, "day", -1), hour = date_field(L, "hour", 12);
    int64_t min = date_field(L, "min", 0), sec = date_field(L, "sec", 0);
    int64_t carry = calendar_divide(month, 12);
    int64_t first = calendar_days(year + carry, (int)(month - carry * 12) + 1, 1);
    lua_pushinteger(L, (first + day - 1) * CALENDAR_DAY_S + hour * 3600 + min * 60 + sec);
    return 1;
}

static int script_clock(lua_State *L)
{
    lua_pushnumber(L, (lua_Number)now_us(L) / 1e6);
    return 1;
}

static int script_difftime(lua_State *L)
{
    lua_pushnumber(L, (lua_Number)luaL_checkinteger(L, 1) - (lua_Number)luaL_checkinteger(L, 2));
    return 1;
}

static void set_int(lua_State *L, const char *name, int64_t value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, -2, name);
}

static int push_date_table(lua_State *L, const struct date *date)
{
    lua_createtable(L, 0, 9);
    set_int(L, "year", date->year);
    set_int(L, "month", date->month);
    set_int(L, "day", date->day);
    set_int(L, "hour", date->hour);
    set_int(L, "min", date->min);
    set_int(L, "sec", date->sec);
    set_int(L, "wday", date->weekday + 1);
    set_int(L, "yday", date->yearday + 1);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "isdst");
    return 1;
}

/* One conversion of the C locale's strftime; false: there is no such. */
static bool add_conversion(char conversion, const struct date *d, char *out)
{
    long long year = (long long)d->year;
    int hour = d->hour % 12 == 0 ? 12 : d->hour % 12;
    switch (conversion) {
    case 'a':
        return snprintf(out, TEXT_MAX, "%.3s", days[d->weekday]) > 0;
    case 'A':
        return snprintf(out, TEXT_MAX, "%s", days[d->weekday]) > 0;
    case 'b':
        return snprintf(out, TEXT_MAX, "%.3s", months[d->month - 1]) > 0;
    case 'B':
        return snprintf(out, TEXT_MAX, "%s", months[d->month - 1]) > 0;
    case 'c':
        return snprintf(out, TEXT_MAX, "%.3s %.3s %2d %02d:%02d:%02d %lld", days[d->weekday],
                        months[d->month - 1], d->day, d->hour, d->min, d->sec, year) > 0;
    case 'd':
        return snprintf(out, TEXT_MAX, "%02d", d->day) > 0;
    case 'e':
        return snprintf(out, TEXT_MAX, "%2d", d->day) > 0;
    case 'D':
    case 'x':
        return snprintf(out, TEXT_MAX, "%02d/%02d/%02d", d->month, d->day, (int)(year % 100)) > 0;
    case 'F':
        return snprintf(out, TEXT_MAX, "%lld-%02d-%02d", year, d->month, d->day) > 0;
    case 'H':
        return snprintf(out, TEXT_MAX, "%02d", d->hour) > 0;
    case 'I':
        return snprintf(out, TEXT_MAX, "%02d", hour) > 0;
    case 'j':
        return snprintf(out, TEXT_MAX, "%03d", d->yearday + 1) > 0;
    case 'm':
        return snprintf(out, TEXT_MAX, "%02d", d->month) > 0;
    case 'M':
        return snprintf(out, TEXT_MAX, "%02d", d->min) > 0;
    case 'n':
        return snprintf(out, TEXT_MAX, "\n") > 0;
    case 'p':
        return snprintf(out, TEXT_MAX, "%s", d->hour < 12 ? "AM" : "PM") > 0;
    case 'S':
        return snprintf(out, TEXT_MAX, "%02d", d->sec) > 0;
    case 't':
        return snprintf(out, TEXT_MAX, "\t") > 0;
    case 'T':
    case 'X':
        return snprintf(out, TEXT_MAX, "%02d:%02d:%02d", d->hour, d->min, d->sec) > 0;
    case 'R':
        return snprintf(out, TEXT_MAX, "%02d:%02d", d->hour, d->min) > 0;
    case 'w':
        return snprintf(out, TEXT_MAX, "%d", d->weekday) > 0;
    case 'y':
        return snprintf(out, TEXT_MAX, "%02d", (int)(year % 100)) > 0;
    case 'Y':
        return snprintf(out, TEXT_MAX, "%lld", year) > 0;
    case 'z':
        return snprintf(out, TEXT_MAX, "+0000") > 0;
    case 'Z':
        return snprintf(out, TEXT_MAX, "UTC") > 0;
    case '%':
        return snprintf(out, TEXT_MAX, "%%") > 0;
    default:
        return false;
    }
}

static int script_date(lua_State *L)
{
    size_t len;
    const char *format = luaL_optlstring(L, 1, "%c", &len);
    struct date date = date_of(lua_isnoneornil(L, 2) ? now_s(L) : luaL_checkinteger(L, 2));
    if (*format == '!') { /* UTC it is anyhow */
        format++;
        len--;
    }
    if (strncmp(format, "*t", 2) == 0)
        return push_date_table(L, &date);
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    for (size_t i = 0; i < len; i++) {
        char room[TEXT_MAX];
        if (format[i] != '%')
            luaL_addchar(&text, format[i]);
        else if (i + 1 < len && add_conversion(format[i + 1], &date, room))
            luaL_addstring(&text, room), i++;
        else
            return luaL_error(L, "invalid conversion specifier '%%%c' of os.date",
                              i + 1 < len ? format[i + 1] : ' ');
    }
    luaL_pushresult(&text);
    return 1;
}

static const luaL_Reg functions[] = {
    {"time",     script_time    },
    {"clock",    script_clock   },
    {"date",     script_date    },
    {"difftime", script_difftime},
    {NULL,       NULL           }
};

void clock_open(lua_State *L)
{
    luaL_newlib(L, functions);
    lua_setglobal(L, LUA_OSLIBNAME);
}
