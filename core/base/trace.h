/* The one trace: everything that happened, in order. All reports are renderings of this list and of
 * nothing else; the flow matcher and the monitor read it too.
 *
 *     struct trace_event event = {.time_us = now_us, .kind = TRACE_LOG, .party = party};
 *     event.u.note.text = V("hello");
 *     uint64_t seq = trace_append(trace, &event);
 *
 * An event is stored encoded (trace_codec.h); its views and bytes are copied, so that nothing in
 * the trace borrows. A reader gets it back decoded, its views pointing into the trace.
 */
#pragma once
#include "core/base/addr.h"
#include "core/base/blob.h"
#include "core/base/moment.h"
#include "core/base/secrets.h"
#include "core/base/tape.h"

#define TRACE_KIND_LIST(X)                                                                         \
    X(BEGIN, "begin") /* of a scenario: what a repetition needs, as JSON text in note */           \
    X(END, "end")     /* of a scenario: counts, as JSON text, so that a cut trace is seen */       \
    X(PARTY, "party") /* party number, name and address of an agent, wire or device */             \
    X(STEP, "step")                                                                                \
    X(LOG, "log")                                                                                  \
    X(ATTACH, "attach")                                                                            \
    X(MESSAGE, "message")                                                                          \
    X(BYTES, "bytes") /* stream bytes, or a datagram that is no SIP message */                     \
    X(FLOW, "flow")   /* connections: u.state */                                                   \
    X(DNS, "dns")                                                                                  \
    X(TIMER, "timer")                                                                              \
    X(STATE, "state")                                                                              \
    X(COMMAND, "command") /* what a script asked: u.note */                                        \
    X(CHOICE, "choice")                                                                            \
    X(EXPECT, "expect")                                                                            \
    X(FINDING, "finding")                                                                          \
    X(VERDICT, "verdict")                                                                          \
    X(PROCESS, "process")                                                                          \
    X(KEYS, "keys") /* lines of SSLKEYLOGFILE: for a file of their own, and for no report */

enum trace_kind {
#define TRACE_KIND_ENUM(name, text) TRACE_##name,
    TRACE_KIND_LIST(TRACE_KIND_ENUM)
#undef TRACE_KIND_ENUM
};

enum trace_side { SIDE_OUT, SIDE_IN, SIDE_SEEN }; /* left a party, reached it, seen in between */
enum trace_fate {
    FATE_NONE,      /* went as it was */
    FATE_SWALLOWED, /* a hook took it: nothing was on the wire */
    FATE_CHANGED,   /* a hook changed it: `was` has the bytes before */
    FATE_LOST,      /* the network lost it; `why` names the rule */
    FATE_COPIED,    /* the network made a copy of it */
    FATE_CORRUPTED, /* the network changed it */
    FATE_REFUSED    /* nobody listens there */
};

/* MESSAGE and BYTES. What left a party is one OUT, what reached one an IN with `was_out`. Between
 * them the network's doings: SEEN, with fate LOST, REFUSED, COPIED or CORRUPTED, `why`, and
 * `was_out` the OUT (0: a device sent it). The cause of each is what happened to the datagram
 * before it, so that the IN of a copy has the COPIED as its cause. */
struct trace_wire {
    enum trace_side side;
    enum trace_fate fate;
    enum proto proto;
    uint32_t from, to; /* parties, 0: not known */
    struct addr source, target;
    struct handle flow;
    /* On the wire; what arrived, for SIDE_IN: there absent where they are as they left, by was_out
     * (trace_get fills them in). */
    struct view bytes;
    struct view was;   /* before a hook or the network changed it, else absent */
    struct view label; /* "INVITE", "200 INVITE", "not SIP": readers need not parse */
    struct view call_id, branch, cseq; /* cseq: "1 INVITE" */
    struct view why;                   /* of a fate: the rule or choice that did it */
    uint64_t copy_of;                  /* seq of the first transmission; 0: this is the first */
    uint64_t was_out; /* IN, SEEN: seq of the OUT event it comes from; 0: not known */
    uint32_t frame;   /* of a capture */
    bool intended;    /* a hook or a wire made it so: nobody is to be blamed */
};

struct trace_source { /* the script's line */
    struct view file;
    uint32_t line, task;
};

enum trace_timer_act { TIMER_SET, TIMER_STOPPED, TIMER_FIRED };

#define VERDICT_LIST(X)                                                                            \
    X(PASS, "pass")                                                                                \
    X(FAIL, "fail") X(ERROR, "error") X(INCONCLUSIVE, "inconclusive") X(SKIP, "skip")
enum verdict {
#define VERDICT_ENUM(name, text) VERDICT_##name,
    VERDICT_LIST(VERDICT_ENUM)
#undef VERDICT_ENUM
};

struct trace_event {
    uint64_t seq, time_us, cause; /* cause: seq without which this one were not; 0: a root */
    uint32_t late_us;             /* real network: how late the loop ran it */
    uint32_t party;               /* 0: none */
    struct handle object;
    enum trace_kind kind;
    struct trace_source source;
    union {
        struct trace_wire wire;
        struct {
            struct view what, from, to, why; /* "INVITE client", "calling", "proceeding", "180" */
        } state;
        struct {
            struct view name; /* "A", "B", "100 trying", "sleep" */
            uint64_t due_us;
            enum trace_timer_act act;
        } timer;
        struct {
            struct view question, answer;
            uint32_t rcode;
        } dns;
        struct {
            struct choice choice;
            struct view key;
        } choice;
        struct {
            struct view what, expected, actual;
            bool ok, soft;
        } expect;
        struct {
            struct view rule, section, sentence;
            uint32_t blamed;
            const uint64_t *evidence; /* seqs */
            size_t evidence_count;
        } finding;
        struct {
            enum verdict verdict;
            struct view reason; /* one sentence */
            struct view detail; /* JSON object, for reports: file, line, expected, actual … */
        } verdict;
        struct {
            struct view name, mime, text;
            struct addr addr; /* PARTY */
        } note;               /* BEGIN END PARTY STEP LOG ATTACH COMMAND PROCESS KEYS */
    } u;
};

struct trace;
struct trace_options {
    /* Most bytes kept; 0: 1 GiB. Reaching it is remembered (trace_cut), never silent: after it only
     * VERDICT and END are stored, for which there is a reserve. */
    size_t limit;
    /* When more bytes than these are kept, `full` is asked to make room, by trace_unsent and
     * trace_drop or by trace_thin; of the trace it may call nothing else. 0: never. */
    size_t window;
    void (*full)(void *ctx, struct trace *trace);
    void *ctx;
};
enum err trace_create(const struct trace_options *options, struct trace **out) NODISCARD;
void trace_destroy(struct trace *trace);

/* Fills seq (from 1 on) and copies. 0: not stored (limit, memory) and trace_cut is true from then
 * on. The line of the script, where none is given, is the one last set by trace_source_set. */
uint64_t trace_append(struct trace *trace, struct trace_event *event);
void trace_source_set(struct trace *trace, struct trace_source source); /* views are copied */
/* These bytes are blacked out ('*', same length) in every view of every event that trace_unsent
 * hands out from now on, and what a digest proves with them: secrets.h. */
enum err trace_secret_add(struct trace *trace, struct view secret) NODISCARD;
/* For what is written besides the trace: with all that a digest proved in it until now. */
struct secrets *trace_secrets(struct trace *trace);
bool trace_cut(const struct trace *trace);
uint64_t trace_last(const struct trace *trace); /* seq of the newest; 0: none */

/* By seq, from 1 to trace_last; false where it is not (any longer) kept. Views live until
 * trace_drop or trace_destroy; appending does not move them. For whoever looks on, not for what is
 * written: secrets stand in what was not handed out yet. */
bool trace_get(const struct trace *trace, uint64_t seq, struct trace_event *out);
/* The encoded bytes that were appended since the last call, as one run at a time, until it is
 * empty: for the pipe to the parent, from which all is written. Secrets are blacked out here, so
 * that what nobody is handed is not searched for them. */
struct view trace_unsent(struct trace *trace);
/* Forgets what was handed out by trace_unsent and is older than seq: keeps memory flat. */
void trace_drop(struct trace *trace, uint64_t before_seq);
/* Lets go of the oldest events until no more than `most` bytes are kept, though nobody was handed
 * them: for a long load whose reports nobody wants. BEGIN and PARTY stay, for trace_unsent. */
void trace_thin(struct trace *trace, size_t most);
uint64_t trace_thinned(const struct trace *trace); /* how many were let go of in this way */

const char *trace_kind_text(enum trace_kind kind);
const char *verdict_text(enum verdict verdict);
