/* One party of each captured call is played by us, message by message, rewritten as the dialog
 * goes. The other side is the stack, as agents that do what the captured parties did, or a device.
 * The verdict compares what came back with what the capture has.
 *
 *     enum err err = replay_create(&options, &replay);
 *     while (calls_next(calls, &call))
 *         err = replay_call(replay, call, &result);
 *     replay_destroy(replay);
 */
#pragma once
#include "harness/calls/calls.h"

struct replay_target { /* a device, instead of the stack */
    struct view uri;   /* "sip:bob@192.0.2.1:5080;transport=tcp" */
    enum proto proto;
    struct addr address;
};

struct replay_options { /* borrowed */
    struct view play;   /* who is played: a name or an address as ladders show it, "caller",
                           "callee"; empty: the caller */
    const struct replay_target *target; /* NULL: the stack */
    struct addr bind; /* where our side is on a real network; family 0: loopback, any port */
    bool real;        /* over real sockets; always, with a target */
    uint32_t speed;   /* so many times as fast as captured; 0: at once, in
                         virtual time as captured */
    struct view user, password; /* user absent: credentials stay as captured */
    uint64_t seed;
    uint64_t patience_us; /* for what the capture has next, above its own time; 0: 32 s, which is
                             64*T1 (RFC 3261 §17.1.1.2) */
    /* Over real sockets: asked every now and then; true ends the call as it is. NULL: nobody ends
     * it.
     */
    bool (*stopped)(void *ctx);
    void *ctx;
    bool events; /* the caller wants those of calls that pass, too */
};

struct replay_result { /* views live until the next call, or the end */
    enum verdict verdict;
    struct view reason; /* one sentence; empty: it passed */
    struct view detail; /* JSON for reports, or empty */
    struct view events; /* encoded; empty where nobody wants them */
    struct view call_id;
    uint64_t virtual_us;
    bool absent;      /* SKIP: the party to be played takes no part in it */
    bool stopped;     /* the caller wanted it so: there is no verdict */
    bool environment; /* no verdict on anybody: the network did not let it run */
};

struct replay;
/* MEMORY. */
enum err replay_create(const struct replay_options *options, struct replay **out) NODISCARD;
/* The call stays the caller's. MEMORY: there is no result. Whatever else goes wrong is a verdict.
 */
enum err replay_call(struct replay *replay, const struct call *call,
                     struct replay_result *out) NODISCARD;
void replay_destroy(struct replay *replay);
