/* Flows: the assertion is the diagram (a subset of Mermaid's sequenceDiagram).
 *
 *     enum err err = flow_parse(text, &arena, &flow, &error);
 *     enum flow_state state = flow_match(flow, &question, &answer);
 *
 * flow_match is a pure function of the log: it is asked again after each new message and at the
 * instant it names, until it is done.
 */
#pragma once
#include "harness/flow/log.h"
#include "harness/pattern/pattern.h"

struct flow;
struct flow_error {
    uint32_t line;      /* of the text, from 1 on */
    char sentence[240]; /* with a mend */
};
enum err flow_parse(struct view text, struct arena *arena, struct flow **out,
                    struct flow_error *error) NODISCARD;
/* The participants named in it, in order of appearance. */
size_t flow_participant_count(const struct flow *flow);
struct view flow_participant(const struct flow *flow, size_t index);

struct flow_question {
    struct log *log;
    size_t from_index;       /* first entry that it covers */
    const uint32_t *parties; /* party number of each participant, in their order */
    const bool *unseen;      /* of each: what reaches it cannot be seen (a device); NULL: of none */
    struct vars *vars;       /* bindings of a match stay; of a failed try they are undone */
    uint64_t now_us;
    uint64_t t1_us;
    uint64_t within_us;                   /* of the whole, since began_us; NEVER: none */
    uint64_t began_us;                    /* when t:flow was called */
    uint64_t quiet_us;                    /* silence demanded after the last line; 0: none */
    uint64_t tolerance_us, tolerance_ppm; /* of times without one; both 0: exact */
    bool loose, interleave, fold, real;
    /* The run's network is a bad one: arrows say nothing of arrival, a time since another line
     * nothing at all, and what is sent more often than drawn folds. */
    bool rough;
    bool at_end;         /* the scenario has ended and nothing is under way: no more waiting */
    struct view call_id; /* only messages of this Call-ID (call:flow); absent: all */
};

enum flow_state { FLOW_MATCHED, FLOW_WAITING, FLOW_FAILED };
struct flow_answer {
    uint64_t ask_again_us; /* WAITING: at this instant at the latest */
    struct view awaited;   /* WAITING: the line that has to come, the flow's; absent: silence */
    size_t next_index;     /* MATCHED: behind the last entry that it covered */
    uint32_t line;      /* FAILED: the line of the text that was not met, or that was met wrongly */
    uint64_t seq;       /* FAILED: the message that does not fit; 0: one that never came */
    char sentence[240]; /* FAILED: names the first difference, expected and actual and time */
    char expected[120], actual[160];
    char ghost[120]; /* "bob->>alice: 180 INVITE": never came; empty otherwise */
    char hint[160];  /* what would cure it: {interleave = true}, a "?", … ; empty otherwise */
};
enum flow_state flow_match(const struct flow *flow, const struct flow_question *question,
                           struct flow_answer *out);
/* After a flow has passed: a later message between its participants that no flow accounts for.
 * Gives its index, or log_count where there is none. */
size_t flow_stray(const struct flow *flow, const struct flow_question *question, size_t from_index);
