/* The messages of a scenario as an index: one entry for each transmission of each message, from
 * what the world shows (struct world_user.seen). Flows, t:messages and the failure's ladder read
 * it.
 *
 *     log_seen(log, event, bytes);
 *     const struct log_entry *entry = log_at(log, i);
 */
#pragma once
#include "core/core.h"
#include "harness/lua/sched.h"

struct passage { /* how a message went over the wire: the trace may have let go of it since */
    uint64_t
        out_seq; /* of the sender's event; of its arrival where a device sent it; 0: not at all */
    uint64_t copy_of;   /* seq of the first transmission; 0: this is it */
    struct addr source; /* family 0: not known */
    enum proto proto;
};

/* Whether a flow that passed has looked at a message. */
enum log_look { LOOK_NONE, LOOK_PASSED_OVER /* {loose = true} let it through */, LOOK_AT };

struct log_entry {
    uint64_t seq;        /* of the OUT event; of the IN event where a device sent it */
    uint64_t sent_us;    /* when we sent it or, from a device, received it */
    uint64_t due_us;     /* when we were to send it: earlier, where the loop was late */
    uint64_t arrived_us; /* NEVER: not (yet) */
    uint64_t copy_of;    /* seq of the first transmission; 0: this is it */
    uint32_t from, to;   /* parties; 0: not known ("other") */
    enum trace_fate fate;
    enum proto proto;
    struct addr source;
    bool ours;      /* one of ours sent it */
    bool lost;      /* it will not arrive: lost, refused, swallowed */
    bool swallowed; /* by on_send: it was never on the wire, flows do not see it */
    bool intended;
    uint8_t look;        /* enum log_look; what one flow has looked at another may pass over */
    uint32_t arrivals;   /* of it and of what the network made of it */
    uint32_t under_way;  /* of it and of what the network made of it: not yet arrived or lost */
    struct blob *bytes;  /* on the wire */
    struct sip_msg *msg; /* NULL: not SIP; parsed when first asked for by log_message */
    bool parsed;         /* that was tried, and memory sufficed */
};

struct log;
void log_hide(struct log *log, uint64_t seq); /* no flow sees it, nor does t:messages */
void log_looked(struct log *log, size_t index, enum log_look look); /* the strongest one stays */
enum err log_create(struct log **out) NODISCARD;
void log_destroy(struct log *log);
/* ERR_MEMORY: the caller makes the scenario an ERROR. */
enum err log_seen(struct log *log, const struct trace_event *event, struct blob *bytes) NODISCARD;
/* Entries are counted from the scenario's begin: [log_first, log_count) are still there. */
size_t log_first(const struct log *log);
size_t log_count(const struct log *log);
const struct log_entry *log_at(const struct log *log, size_t index);
struct passage log_passage(const struct log *log, uint64_t seq); /* zeroed: there is none */
struct sip_msg *log_message(struct log *log, size_t index);      /* borrowed; NULL: not SIP */
/* How often a message has come, whichever of its transmissions: seq is that of the first one. */
uint32_t log_arrivals(const struct log *log, uint64_t seq);
size_t log_find(const struct log *log, uint64_t seq); /* index; log_count: there is none */
/* The newest first transmission of these bytes; borrowed; NULL: none that is still there. */
const struct log_entry *log_sent(const struct log *log, struct view bytes);
/* Lets go of the entries before index, so that a long load stays flat. No flow goes back to them.
 */
void log_forget(struct log *log, size_t before_index);
struct wait_queue *log_waiters(struct log *log); /* wake it after log_seen */
