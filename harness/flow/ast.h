/* A diagram once read. Private to harness/flow.
 *
 *     for (const struct node *node = flow->root.first; node != NULL; node = node->next)
 *         visit(node);
 */
#pragma once
#include "harness/flow/flow.h"
#include "harness/pattern/pattern_private.h"

enum {
    FLOW_LINES_MAX = 1000,
    FLOW_DEPTH_MAX = 32,
    FLOW_PARTICIPANTS_MAX = 64,
    FLOW_REPEAT_MAX = 1000,
    FLOW_NODES_MAX = 4000
};

struct flow_time {
    uint64_t low_us, high_us; /* high: NEVER where it is open */
    bool exact;               /* one time without a tolerance: the question has it */
};

enum line_arrow { ARROW_ARRIVES, ARROW_LOST, ARROW_EITHER };
enum line_count { COUNT_ONE, COUNT_MAYBE, COUNT_ANY, COUNT_SOME, COUNT_COPIES };

struct flow_line {
    uint32_t line;     /* of the text */
    uint16_t from, to; /* participants */
    enum line_arrow arrow;
    enum line_count count;
    uint32_t copies; /* COUNT_COPIES: transmissions in all */
    struct pattern *pattern;
    struct view answers;           /* the method that a response without one answers; absent: any */
    struct view text;              /* "alice->>bob: INVITE", without count and times */
    const struct flow_time *times; /* one since the line before, or one for each copy */
    size_t time_count;
    const struct node *node;
};

enum node_kind { NODE_LINE, NODE_SEQUENCE, NODE_OPT, NODE_ALT, NODE_PAR, NODE_LOOP };
struct node {
    enum node_kind kind;
    uint32_t line;
    uint32_t id;               /* counted through the diagram */
    uint32_t repeat;           /* LOOP */
    struct flow_line *message; /* LINE */
    struct node *parent, *next, *prev;
    struct node *first, *last; /* of ALT and PAR: branches, each a SEQUENCE */
};

struct flow {
    struct node root; /* a SEQUENCE */
    struct view participants[FLOW_PARTICIPANTS_MAX];
    size_t participant_count;
    size_t line_count;  /* messages in it */
    uint32_t last_line; /* of the text, the last one that has a message */
    uint32_t node_count;
    bool has_times, has_par;
};

/* Who is answered by responses that name no method. */
enum err flow_answers_resolve(struct flow *flow) NODISCARD; /* MEMORY */
/* What follows the colon: pattern, checks, count, times. */
void flow_message_parse(struct lex *lex, struct flow_line *line);
/* "500ms ± 10ms", "2.1s..4s", "0, 500ms, 1.5s" behind the @. */
void flow_times_parse(struct lex *lex, struct flow_line *line);
/* "500 ms", "1.5 s", "500.001 ms" */
struct view flow_time_text(uint64_t us, char *room, size_t room_len);
