/* One rule engine over messages as somebody outside sees them: it groups them into exchanges (a
 * request and its responses) and talks (dialogs), and judges each by the rules of rules.def. It
 * knows nothing of the stack that may have made them, and reads them by its own lights: so that one
 * misreading is not made twice.
 *
 *     enum err err = monitor_create(&options, &monitor);
 *     err = monitor_see(monitor, &seen);
 *     while (monitor_next(monitor, &finding))
 *         use(&finding);
 *     monitor_end(monitor, now_us);
 *     monitor_destroy(monitor);
 *
 * A rule asks what a party emitted, and what it had been given by then. Under simulation and for
 * our own agents both are known to the microsecond (an OUT, an IN); a capture shows a message
 * somewhere on its way, so that both are known with a slack. What cannot be decided is not judged,
 * and counted.
 */
#pragma once
#include "harness/monitor/rules.h"

struct seen {     /* a message at a place on its way */
    uint64_t seq; /* of its event, or the frame's number: how a finding names it */
    uint64_t time_us;
    uint32_t from, to; /* parties; 0: not known */
    struct addr source, target;
    enum proto proto;
    bool sent;     /* it left `from` now (or, in a capture, just before) */
    bool given;    /* it reached `to` now (or just after) */
    bool unsure;   /* with given: it may have, and nobody here can tell when: `to` is a device */
    bool foreign;  /* `from` is a device: what it sent before may have been lost unseen */
    bool intended; /* made so by a script: nobody is blamed */
    struct sip_msg *msg;
};

struct finding {
    const struct rule_row *rule;
    uint32_t blamed;     /* party */
    struct addr address; /* of it */
    uint64_t seq;        /* of the message at fault */
    uint64_t other;      /* of the one that proves it; 0: none */
    uint64_t time_us;
    uint32_t offset;      /* of what is at fault; 0: the whole message */
    struct sip_msg *msg;  /* at fault; until the next call */
    struct view sentence; /* what was seen, for people; until the next call */
    struct view call_id;
};

struct monitor_options {
    bool capture;          /* frames: seen somewhere between, copies made by the tap among them */
    uint64_t slack_us;     /* so much later or earlier may be what is `given` or `sent`; 0: 1 ms */
    uint64_t t1_us, t2_us; /* 0: RFC 3261 Table 4 */
    struct view user, password; /* whose credentials are proven; absent: nobody's. Outlive it */
    uint32_t record_limit; /* exchanges that are followed; dialogs, Call-IDs, nonces … that are
                              remembered, each: the oldest ones go, unjudged; 0: 1,000,000 */
};

struct monitor_counts {
    uint64_t messages, exchanges, talks, calls; /* calls: Call-IDs with an INVITE */
    uint64_t call_ids;
    uint64_t findings, must, should;
    uint64_t not_judged; /* what showed too little */
};

struct monitor;
enum err monitor_create(const struct monitor_options *options, struct monitor **out) NODISCARD;
void monitor_destroy(struct monitor *monitor);
/* Somebody has this T1, from now on. */
void monitor_timers(struct monitor *monitor, uint64_t t1_us);
/* ERR_MEMORY. The message is kept where it is needed later. */
enum err monitor_see(struct monitor *monitor, const struct seen *seen) NODISCARD;
/* Nothing more comes: what should have come by now_us did not. */
void monitor_end(struct monitor *monitor, uint64_t now_us);
bool monitor_next(struct monitor *monitor, struct finding *out); /* in order; until false */
void monitor_counts(const struct monitor *monitor, struct monitor_counts *out);
