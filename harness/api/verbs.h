/* x:expect, x:expect_all, x:expect_none, x:maybe, x:expect_request: of agents, calls, transactions
 * and wires alike. */
#pragma once
#include "harness/api/opts.h"
#include "harness/api/station.h"

int verb_expect(lua_State *L);
int verb_response(lua_State *L); /* x:response(pattern, opts): without a pattern any final one */
int verb_expect_all(lua_State *L);
int verb_expect_none(lua_State *L);
int verb_maybe(lua_State *L);
int verb_expect_request(lua_State *L);

/* The rest of x:expect: the want stands at 2, its options at 3. */
int verb_expect_opened(lua_State *L, const struct opts *opts);

/* Of the station at 1 with the options at 2: the subscription that a request of this method asks
 * for. event: of this package, whose text stands at 3; absent: of any. */
int verb_expect_subscription(lua_State *L, const char *whose, struct view method,
                             struct view event);

#define VERBS                                                                                      \
    {"expect", verb_expect}, {"expect_all", verb_expect_all}, {"expect_none", verb_expect_none},   \
        {"maybe", verb_maybe},                                                                     \
    {                                                                                              \
        "expect_request", verb_expect_request                                                      \
    }

/* A wait that is under way; a userdata on the coroutine's stack. */
struct waiting {
    struct station station; /* who waits, for those that look on */
    uint64_t began_us;
    uint64_t within_us; /* NEVER: as long as the message can come */
    bool soft, skip;
    int left; /* expect_all: patterns not met yet */
};
struct waiting *waiting_push(lua_State *L, const struct station *station, const struct opts *opts);
/* "bob: waiting for WHAT from alice" */
void waiting_say(const struct waiting *waiting, struct view what, struct buf *out);
uint64_t waiting_deadline(const struct waiting *waiting, const struct station *station,
                          const struct want *want);
void verb_held(lua_State *L, const struct station *station, struct view what,
               const struct mail *mail);
