/* One scenario while it runs: the Lua state, the scheduler, the world, the trace and the verdicts.
 * Every binding finds it by its lua_State.
 *
 *     struct scene *scene = scene_of(L);
 *     struct sip_stack *stack = world_stack(scene->world, agent->party);
 */
#pragma once
#include "core/core.h"
#include "harness/lua/sched.h"

#include <lua.h>

struct agents;   /* harness/agent: records of agents, wires, calls, requests, inboxes */
struct log;      /* harness/flow/log.h: the messages so far, as flows and t:messages see them */
struct observer; /* harness/watch: the monitor of this scenario */
struct vars;     /* harness/pattern: $name bindings of the whole scenario */
struct faults;   /* harness/api/net: pattern faults, used up or not */
struct scenario_info; /* harness/scene/run.h */
struct view_list;     /* likewise */
struct resend; /* harness/impaired: what wires send again on a bad network; NULL: it is not */
struct target; /* harness/target/target.h: the device under test; NULL: none */

struct scene_clock {
    bool real;                            /* --net real */
    uint64_t tolerance_us, tolerance_ppm; /* of a time in a flow; 0 under simulation */
    uint64_t patience_us;                 /* default of waits that are no response's; 64*T1 */
};

struct scene_way { /* what messages go over where a script names nothing */
    enum proto proto;
    bool plain; /* by TLS URIs are sip: with transport=tls, not sips: */
};

struct record;   /* verdicts.h */
struct failure { /* what a verdict is made of; all views are copied */
    enum verdict verdict;
    struct view sentence; /* stands alone, 200 bytes at most: "bob: expected 180, got 486 …" */
    struct view expected, actual; /* absent where there is no such thing */
    struct view hint;             /* "make it optional with call:maybe(180)" */
    struct view section;          /* "RFC 3261 §13.3.1.1" */
    struct trace_source source;   /* absent: the running task's line */
    uint64_t message;             /* seq of the event that is wrong, 0: none */
    struct view mark;             /* the word beside it in a ladder; absent: as usual */
    struct view ghost;            /* the message that never came, "bob->>alice: 180 INVITE" */
    bool environment;             /* a port that cannot be bound …: neither device nor script */
    bool misuse;                  /* the file is wrong by the language's page: exit code 3 */
    bool soft;                    /* recorded, and the scenario goes on */
    struct view network; /* why --link may have made it: INCONCLUSIVE there; absent: it has not */
};

#define NETWORK_BLURS                                                                              \
    V("on a network as --link makes it a count, a time or a silence proves little")

struct scene {
    lua_State *lua;
    struct sched *sched;
    struct world *world;
    struct driver *driver;
    struct trace *trace;
    struct rng rng; /* the scenario's seed */
    uint64_t seed;
    struct scene_clock clock;
    struct scene_way way;
    struct agents *agents;
    struct log *log;
    struct vars *vars;
    struct observer *observer;
    struct faults *faults;
    struct resend *resend;
    const struct net_link *link; /* of the whole run, where it is a bad one; NULL: the usual */
    const struct target *target;
    struct tls_library **tls;          /* the suite's; NULL in it: nobody has needed TLS yet */
    int64_t epoch_s;                   /* since 1970, of instant 0 */
    const struct scenario_info *info;  /* what it registered: its options, `allow` among them */
    const struct view_list *ignored;   /* ids of rules that are off in the whole run */
    struct verdicts *verdicts;         /* what was recorded; only verdicts.c looks inside */
    struct {                           /* by the monitor */
        uint64_t messages, not_judged; /* not_judged: rules for which too little was seen */
        uint64_t passed_over;          /* messages of a load that is not judged whole */
    } judged;
    struct trace_source meant; /* the line of a misuse, where it is not the one that runs; line 0 */
    bool device_used;          /* the script asked for t.dut or t:device */
    bool device_heard;         /* something came from it */
    bool untidy;               /* the tidy-up got no answer */
    bool tearing_down;         /* the function has ended: cleanups and tidy-up run */
};

struct scene *scene_of(lua_State *L); /* never NULL while a scenario runs; raises outside of one */
uint64_t scene_now(const struct scene *scene);

/* Records the failure (it stays whatever a pcall does), then raises it as a Lua error; a soft one
 * is recorded only, and 0 comes back. Inside t:given a FAIL is recorded as INCONCLUSIVE. */
int scene_fail(lua_State *L, const struct failure *failure);
/* The same without raising, for what happens outside of any coroutine. NULL: there are too many. */
struct record *scene_record(struct scene *scene, const struct failure *failure);
/* A warning: told where the scenario passes, and never its verdict. */
void scene_warn(struct scene *scene, struct view sentence);
/* An error came out of a function that was called outside of any task (a hook, by sched_call_now
 * and lua_pcall); it is on top of L and is popped. `what` ("on_send of alice") stands before its
 * text. It is an ERROR unless it was recorded as it was raised; the scenario ends either way.
 * Raises nothing. */
void scene_error(struct scene *scene, lua_State *L, const char *what);
/* Misuse by the script (ERROR): recorded and raised with file, line and a mend. printf-like. */
int scene_misuse(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* An assertion was executed and held; counted, and traced as EXPECT. */
void scene_held(lua_State *L, struct view what, struct view actual);
/* ERROR as well, but no mistake that stands in the file: what the state of a call forbids, a target
 * that is not there. */
int scene_refused(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* SKIP, why. */
int scene_skip(lua_State *L, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* "20ms", "1.5s", "2m" or a number of seconds at the index; raises misuse for anything else. */
uint64_t scene_duration(lua_State *L, int index);
