#include "harness/api/verbs.h"

#include "harness/agent/words.h"
#include "harness/api/failing.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"

#include <stdio.h>
#include <string.h>

static const char *const wait_names[] = {"within", "soft", "skip", NULL};

struct waiting *waiting_push(lua_State *L, const struct station *station, const struct opts *opts)
{
    struct waiting waiting = {
        .station = *station, .began_us = scene_now(station->agents->scene), .within_us = NEVER};

    opts_duration(opts, "within", &waiting.within_us);
    waiting.soft = opts_true(opts, "soft");
    waiting.skip = opts_true(opts, "skip");
    struct waiting *kept = lua_newuserdatauv(L, sizeof *kept, 0);
    *kept = waiting;
    return kept;
}

uint64_t waiting_deadline(const struct waiting *waiting, const struct station *station,
                          const struct want *want)
{
    if (waiting->within_us != NEVER)
        return waiting->began_us + waiting->within_us;
    return station_deadline(station, want, waiting->began_us);
}

enum { SAID_MAX = 199 };

/* Behind the first `at` bytes, as much as there is room for; the new length. */
static size_t text_put(char *text, size_t at, struct view more)
{
    more = view_head(more, SAID_MAX - at);
    if (more.len > 0)
        memcpy(text + at, more.ptr, more.len);
    return at + more.len;
}

void verb_held(lua_State *L, const struct station *station, struct view what,
               const struct mail *mail)
{
    char room[WORDS_MAX], text[SAID_MAX];
    struct sip_msg *msg = mail == NULL ? NULL : post_msg(&station->agents->post, mail->bytes);
    size_t len = text_put(text, 0, station->party->name);
    len = text_put(text, text_put(text, len, V(": ")), what);

    scene_held(L, (struct view){text, len}, mail == NULL ? V("") : words_message(msg, room));
}

void waiting_say(const struct waiting *waiting, struct view what, struct buf *out)
{
    const struct station *station = &waiting->station;
    uint32_t peer = station_peer(station);

    buf_printf(out, "%.*s: waiting for %.*s", VIEW_ARG(station->party->name), VIEW_ARG(what));
    if (peer != 0)
        buf_printf(out, " from %.*s", VIEW_ARG(agents_name(station->agents, peer)));
}

/* Of those whose want stands at 2 and whose wait at 4. */
static void expect_say(lua_State *waiting, struct buf *out)
{
    const struct want *want = lua_touserdata(waiting, 2);

    waiting_say(lua_touserdata(waiting, 4), want->text, out);
}

static void none_say(lua_State *waiting, struct buf *out)
{
    const struct want *want = lua_touserdata(waiting, 2);
    const struct waiting *kept = lua_touserdata(waiting, 4);

    buf_printf(out, "%.*s: watching that no %.*s comes", VIEW_ARG(kept->station.party->name),
               VIEW_ARG(want->text));
}

static void all_say(lua_State *waiting, struct buf *out)
{
    const struct waiting *kept = lua_touserdata(waiting, 4);
    char what[40];
    int len = snprintf(what, sizeof what, "%d more of expect_all", kept->left);

    waiting_say(kept, (struct view){what, (size_t)len}, out);
}

/* The next message of a wire is the one that is meant, or the wait has failed. */
static bool is_wrong_one(lua_State *L, const struct station *station, const struct waiting *waiting,
                         struct mail **out)
{
    struct post *post = &station->agents->post;

    if (station->kind != AT_WIRE || waiting->skip || station->agents->scene->link != NULL)
        return false;
    wire_pass_ignored(L, station);
    *out = inbox_next(post, station->inbox, NULL);
    return *out != NULL;
}

static int expect_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind expect_kind = {expect_again, expect_say, false};

/* Stack: the station, the want, the options, the wait. */
static int expect_step(lua_State *L)
{
    struct station station = station_at(L, 1);
    struct want *want = lua_touserdata(L, 2);
    struct waiting *waiting = lua_touserdata(L, 4);
    struct mail *wrong = NULL;
    char room[200];

    if (is_wrong_one(L, &station, waiting, &wrong) && !want_matches(L, want, 2, wrong, NULL))
        return failing_wrong_one(L, &station, waiting, want, wrong);
    struct mail *mail = station_find(L, &station, want, 2);
    if (mail != NULL) {
        verb_held(L, &station, want->text, mail);
        return station_take(L, &station, mail);
    }
    struct view over = station_over(&station, want, room);
    uint64_t deadline_us = waiting_deadline(waiting, &station, want);
    if (over.ptr != NULL || scene_now(station.agents->scene) >= deadline_us)
        return failing_expect(L, &station, waiting, want, over);
    return sched_wait_for(L, &station.inbox->waiters, deadline_us, 4, &expect_kind);
}

static int expect_again(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    return expect_step(L);
}

static void expect_begin(lua_State *L, const char *whose)
{
    struct station station = station_at(L, 1);

    lua_settop(L, 3);
    struct want *want = want_at(L, 2);
    struct opts opts = opts_open(L, 3, whose, wait_names, NULL);
    station_check(L, &station, want);
    waiting_push(L, &station, &opts);
}

int verb_expect_opened(lua_State *L, const struct opts *opts)
{
    struct station station = station_at(L, 1);

    waiting_push(L, &station, opts);
    return expect_step(L);
}

int verb_expect(lua_State *L)
{
    expect_begin(L, "expect");
    return expect_step(L);
}

int verb_response(lua_State *L)
{
    args_settle(L);
    if (lua_isnil(L, 2)) {
        want_any_final(L);
        lua_replace(L, 2);
    }
    return verb_expect(L);
}

static int maybe_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind maybe_kind = {maybe_again, expect_say, false};

static int maybe_again(lua_State *L, int status, lua_KContext ctx)
{
    struct station station = station_at(L, 1);
    struct want *want = lua_touserdata(L, 2);
    struct waiting *waiting = lua_touserdata(L, 4);
    char room[200];
    struct mail *mail = station_find(L, &station, want, 2);

    (void)status;
    (void)ctx;
    if (mail != NULL)
        return station_take(L, &station, mail);
    uint64_t deadline_us = waiting_deadline(waiting, &station, want);
    if (station_over(&station, want, room).ptr != NULL ||
        scene_now(station.agents->scene) >= deadline_us) {
        lua_pushnil(L);
        return 1;
    }
    return sched_wait_for(L, &station.inbox->waiters, deadline_us, 4, &maybe_kind);
}

int verb_maybe(lua_State *L)
{
    expect_begin(L, "maybe");
    return maybe_again(L, LUA_OK, 4);
}

static int none_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind none_kind = {none_again, none_say, false};

/* Stack: the station, the want, the duration, the wait. */
static int none_again(lua_State *L, int status, lua_KContext ctx)
{
    struct station station = station_at(L, 1);
    struct want *want = lua_touserdata(L, 2);
    struct waiting *waiting = lua_touserdata(L, 4);
    struct mail *mail = station_find(L, &station, want, 2);
    uint64_t deadline_us = waiting->began_us + waiting->within_us;

    (void)status;
    (void)ctx;
    if (mail != NULL)
        return failing_none(L, &station, waiting, want, mail);
    if (scene_now(station.agents->scene) >= deadline_us) {
        verb_held(L, &station, want->text, NULL);
        return 0;
    }
    return sched_wait_for(L, &station.inbox->waiters, deadline_us, 4, &none_kind);
}

int verb_expect_none(lua_State *L)
{
    struct station station = station_at(L, 1);
    struct waiting waiting = {.station = station, .began_us = scene_now(station.agents->scene)};

    lua_settop(L, 3);
    struct want *want = want_at(L, 2);
    station_check(L, &station, want);
    if (lua_isnil(L, 3))
        return scene_misuse(L, "expect_none wants to know how long: expect_none(\"%.*s\", \"2s\")",
                            VIEW_ARG(want->text));
    waiting.within_us = scene_duration(L, 3);
    struct waiting *kept = lua_newuserdatauv(L, sizeof *kept, 0);
    *kept = waiting;
    return none_again(L, LUA_OK, 4);
}

/* Stack: the station, the list of wants (met ones are false), the options, the wait, the results.
 */
static bool all_take(lua_State *L, const struct station *station, struct waiting *waiting)
{
    size_t count = lua_rawlen(L, 2);

    for (size_t i = 1; i <= count; i++) {
        if (lua_rawgeti(L, 2, (lua_Integer)i) == LUA_TUSERDATA) {
            struct want *want = lua_touserdata(L, -1);
            struct mail *mail = station_find(L, station, want, lua_gettop(L));
            if (mail != NULL) {
                verb_held(L, station, want->text, mail);
                station_take_alone(L, station, mail);
                lua_rawseti(L, 5, (lua_Integer)i);
                lua_pushboolean(L, 0);
                lua_rawseti(L, 2, (lua_Integer)i);
                waiting->left--;
                lua_pop(L, 1);
                return true;
            }
        }
        lua_pop(L, 1);
    }
    return false;
}

/* The first want that is not met, on top of the stack. */
static struct want *all_missing(lua_State *L)
{
    for (lua_Integer i = 1; lua_rawgeti(L, 2, i) != LUA_TNIL; i++) {
        if (lua_type(L, -1) == LUA_TUSERDATA)
            return lua_touserdata(L, -1);
        lua_pop(L, 1);
    }
    return NULL;
}

static int all_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind all_kind = {all_again, all_say, false};

static int all_again(lua_State *L, int status, lua_KContext ctx)
{
    struct station station = station_at(L, 1);
    struct waiting *waiting = lua_touserdata(L, 4);
    char room[200];

    (void)status;
    (void)ctx;
    while (waiting->left > 0 && all_take(L, &station, waiting))
        continue;
    if (waiting->left == 0) {
        lua_settop(L, 5);
        return 1;
    }
    struct want *want = all_missing(L);
    struct mail *wrong = NULL;
    if (is_wrong_one(L, &station, waiting, &wrong))
        return failing_wrong_one(L, &station, waiting, want, wrong);
    struct view over = station_over(&station, want, room);
    uint64_t deadline_us = waiting_deadline(waiting, &station, want);
    if (over.ptr != NULL || scene_now(station.agents->scene) >= deadline_us)
        return failing_expect(L, &station, waiting, want, over);
    lua_pop(L, 1);
    return sched_wait_for(L, &station.inbox->waiters, deadline_us, 4, &all_kind);
}

int verb_expect_all(lua_State *L)
{
    struct station station = station_at(L, 1);

    lua_settop(L, 3);
    struct opts opts = opts_open(L, 3, "expect_all", wait_names, NULL);
    size_t count = list_count(L, 2, "what expect_all waits for");
    lua_newtable(L);
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(L, 2, (lua_Integer)i);
        station_check(L, &station, want_at(L, lua_gettop(L)));
        lua_rawseti(L, -2, (lua_Integer)i);
    }
    lua_replace(L, 2);
    struct waiting *waiting = waiting_push(L, &station, &opts);
    waiting->left = (int)count;
    lua_createtable(L, (int)count, 0);
    return all_again(L, LUA_OK, 4);
}
