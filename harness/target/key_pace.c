#include "harness/target/target_keys.h"

#include <lauxlib.h>

enum { RATE_MOST = 1000000, CALLS_MOST = 1000000, JOBS_MOST = 100 };

void key_patience(lua_State *L, struct reading *r, int value)
{
    r->into->patience_us = reading_duration(L, r, "patience", value);
}

void key_tolerance(lua_State *L, struct reading *r, int value)
{
    r->into->tolerance_us = reading_duration(L, r, "tolerance", value);
}

/* Requests in a second. */
void key_rate_limit(lua_State *L, struct reading *r, int value)
{
    r->into->rate_limit = (uint32_t)reading_count(L, r, "rate_limit", value, RATE_MOST);
    r->into->pace = arena_zalloc(r->arena, sizeof *r->into->pace);
    if (r->into->pace == NULL)
        reading_memory_error(L);
}

void key_jobs(lua_State *L, struct reading *r, int value)
{
    r->into->jobs = (uint32_t)reading_count(L, r, "jobs", value, JOBS_MOST);
}

static void calls_read(lua_State *L, struct reading *r, int value)
{
    r->into->limits.calls = (uint32_t)reading_count(L, r, "limits.calls", value, CALLS_MOST);
}

static void start_read(lua_State *L, struct reading *r, int value)
{
    r->into->limits.start_us = reading_duration(L, r, "limits.start", value);
}

static void reset_read(lua_State *L, struct reading *r, int value)
{
    r->into->limits.reset_us = reading_duration(L, r, "limits.reset", value);
}

static void action_read(lua_State *L, struct reading *r, int value)
{
    r->into->limits.action_us = reading_duration(L, r, "limits.action", value);
}

/* { calls = 2, start = "30s", reset = "1m", action = "30s" } */
void key_limits(lua_State *L, struct reading *r, int value)
{
    static const struct key_row rows[] = {
        {"calls",  calls_read },
        {"start",  start_read },
        {"reset",  reset_read },
        {"action", action_read},
        {NULL,     NULL       }
    };

    reading_want_table(L, r, "limits", value);
    reading_keys(L, r, "limits", value, rows, false);
}
