/* One call as it is replayed: what the files of this folder share.
 *
 *     enum err err = stage_open(&play, call, played);    who is there, and where
 *     while (!play.over && world_turn(play.world))       play.c: step by step
 *         continue;
 *     stage_close(&play);
 */
#pragma once
#include "harness/replay/names.h"
#include "harness/replay/plan.h"
#include "harness/replay/replay.h"

enum { PROTO_COUNT = PROTO_WSS + 1 };

struct seat {                        /* a party of the call in the world */
    uint32_t number;                 /* 0: it is not there */
    struct addr at[PROTO_COUNT];     /* family 0: not over this one */
    struct handle link[PROTO_COUNT]; /* of ours */
};

struct way {                 /* a transaction of the call as it is replayed */
    struct sip_msg *request; /* as it went or came; NULL: not yet */
    struct view branch;      /* of the played party's own */
    struct addr source;      /* of a request that came */
    enum proto proto;
    struct addr target;         /* where what we send in it goes */
    uint16_t status;            /* the highest so far, either way */
    struct sip_msg *answer;     /* that came with it; NULL: none */
    uint64_t repeat_us, gap_us; /* of a request that nobody has answered; 0: not any more */
    struct blob *last;          /* what the played party sent last in it */
    struct handle object, call; /* an agent's */
    bool answered;              /* the agent's stack has, by itself */
};

struct leg { /* a call of an agent, by the captured tags as it sees them */
    struct view local, remote;
    uint16_t party;
    struct handle call, object; /* object: the INVITE's server transaction, of a callee */
};

enum { LEGS_MOST = 32 };

struct play {
    const struct replay_options *options;
    const struct call *call;
    struct plan plan;
    struct arena *arena;
    struct names names;
    struct world *world;
    struct trace *trace;
    struct driver *driver;
    struct seat *seats; /* by party */
    struct way *ways;   /* by transaction */
    struct leg legs[LEGS_MOST];
    uint32_t leg_count;
    struct secure *secure;
    struct keyring *keyring; /* NULL: credentials stay as captured */
    struct buf *scratch;
    uint32_t cursor;   /* the step whose turn it is */
    uint64_t since_us; /* when the one before was done */
    uint64_t order_seq;
    uint64_t look_us; /* when it is asked again whether to stop */
    struct moment due;
    bool heard; /* anything at all of the other side, be it in calls before */
    bool over;
    bool leaving;    /* it has failed, and what it has begun with a device is ended */
    enum err failed; /* memory: whatever the verdict is, it is none */
    struct replay_result result;
    struct buf *reason, *detail;
};

static inline struct sip_msg *step_msg(const struct step *step)
{
    return step->captured->msg;
}

/* From its first message to its verdict, which stands in result and reason. MEMORY; else reason has
 * what the environment does not allow. */
enum err play_run(struct play *play) NODISCARD;
