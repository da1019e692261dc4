/* A subscription as scripts see it, at the subscriber or the notifier; also the implicit one of a
 * REFER. It outlives the stack's.
 *
 *     enum err err = subscription_begin(agent, &options, &sub);
 *     err = subscription_notify(sub, &notify, &request);
 */
#pragma once
#include "harness/agent/request.h"
#include "harness/agent/transaction.h"

struct subscription {
    struct handle handle;
    struct agent *agent;
    struct handle stack;   /* the stack's; stale once it has ended */
    struct handle call;    /* record whose dialog it shares, or none */
    struct handle request; /* subscriber: record of what asked for it */
    struct handle asked;   /* notifier: transaction that asks, or asked, for it */
    struct handle first;   /* of those that one SUBSCRIBE made; itself where it is the first */
    struct handle next_fork;
    struct handle follows; /* record of the request that a REFER is followed by, or none */
    struct inbox inbox;
    struct blob *notify;                      /* the newest NOTIFY, sent or received; NULL: none */
    struct sub_past *past;                    /* copied when it ended */
    uint64_t reached[SIP_SUB_TERMINATED + 1]; /* as in struct call */
    uint32_t peer;
    uint32_t expires_s; /* subscriber: what it asked for */
    uint8_t state;      /* enum sip_sub_state */
    bool notifier, refer;
    bool tidied, untidy; /* the tidy-up has unsubscribed; could not */
};

struct sub_past { /* as the stack had it when it ended; the views point behind it */
    struct sip_sub_info info;
};

struct subscription *subscription_of(const struct agent *agent, struct handle stack); /* or NULL */
/* Sends the request that asks for it. `call` may be NULL; it is the one named in options. */
enum err subscription_begin(struct agent *agent, const struct sip_subscribe_options *options,
                            struct call *call, struct subscription **out) NODISCARD;
/* Another SUBSCRIBE; a NOTIFY. The request is recorded with it. */
enum err subscription_refresh(struct subscription *sub, uint32_t expires_s,
                              const struct sip_request_options *extra,
                              struct request **out) NODISCARD;
enum err subscription_notify(struct subscription *sub, const struct sip_notify_options *options,
                             struct request **out) NODISCARD;
/* What the stack knows of it, or the copy of it. ERR_ABSENT: nothing (a crash). */
enum err subscription_info(const struct subscription *sub, struct sip_sub_info *out) NODISCARD;
void subscription_forget(struct subscription *sub);
const char *subscription_ended_word(const struct sip_sub_info *info); /* NULL: it has not */

/* sub_tells.c: what the stack tells of subscriptions. False: it is for the others as well. */
bool subscription_told(struct agent *agent, const struct tell *tell);
/* A response to a request that the stack sent in it by itself: to be looked at. */
void subscription_answered(struct agent *agent, const struct tell *tell);
/* Each: NULL: memory. */
struct subscription *subscription_asked(struct agent *agent, const struct tell *tell,
                                        struct transaction *tx);
struct subscription *subscription_forked(struct subscription *first, struct handle stack);
void subscription_moved(struct subscription *sub, enum sip_sub_state state);
void subscription_notified(struct subscription *sub, struct sip_msg *msg); /* if it is a NOTIFY */
void subscription_lost(struct subscription *sub);                          /* its agent is down */
/* A subscriber's that is still up is ended, once. False: there is nothing to do any more. */
bool subscription_tidy(struct subscription *sub);
