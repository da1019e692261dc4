/* What a wait that failed says: one sentence that stands alone, what was expected, what came, the
 * message that never came.
 */
#pragma once
#include "harness/api/verbs.h"

/* Each raises (0 values), or for a soft one records and gives nil. */
int failing_expect(lua_State *L, const struct station *station, const struct waiting *waiting,
                   const struct want *want, struct view over);
/* expect_none: it came. */
int failing_none(lua_State *L, const struct station *station, const struct waiting *waiting,
                 const struct want *want, const struct mail *mail);
/* A wire's next message is another one. */
int failing_wrong_one(lua_State *L, const struct station *station, const struct waiting *waiting,
                      struct want *want, const struct mail *mail);
/* Of a wire's connections: "w: expected WHAT, there was none within 2 s". */
int failing_connection(lua_State *L, const struct party *party, const struct waiting *waiting,
                       struct view what);
/* x:wait(state); thing: "the call". asked: its request, where a refusal of it may be why; or NULL
 */
struct failing_state {
    const struct party *party;
    const char *thing, *state;
    struct view why;
    const struct request *asked;
    bool soft;
};
int failing_state(lua_State *L, const struct failing_state *failing);
