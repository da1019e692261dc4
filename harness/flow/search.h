/* The search for a reading of the log that fits the diagram. Private to harness/flow.
 *
 * A rest is what of the diagram is still to come. Each message of the log is taken by one line that
 * could be the next one, and leaves another rest; where several lines could, all are tried in the
 * order of the text. Order among pairs is given up ({interleave}) by nothing more than letting
 * lines of other pairs stay behind in the rest.
 */
#pragma once
#include "harness/flow/ast.h"

struct rest;
struct when { /* a message was sent, and was due */
    uint64_t sent_us, due_us;
};
/* How long after another one a message came: from least to most, for what the loop was late by is
 * known, and says nothing of who sent it. Of a device's it is one number. */
struct span {
    uint64_t least_us, most_us;
};

struct item {
    const struct node *node;
    const struct rest *const *branches; /* PAR: what is left of each */
    uint32_t left;                      /* LOOP: rounds; COPIES: transmissions still to come */
    uint64_t root;                      /* COPIES, once begun: seq of the message */
    struct when first;                  /* COPIES: of its first transmission */
    bool begun;
};

struct rest { /* immutable; NULL: nothing is to come */
    struct item item;
    const struct rest *next;
    uint64_t hash; /* of all of it: equal rests have equal hashes */
};

/* One way on: what is left after `line` has taken the message. */
struct way {
    const struct rest *rest;
    const struct flow_line *line; /* NULL: no line took it (loose, or left out on purpose) */
    bool folded;                  /* a copy, taken into the line of its original */
    struct way *next;
};
struct ways {
    struct way *first, *last;
};

struct step {         /* how far the search has come: the message at this place and who took it */
    struct ways ways; /* not yet tried */
    const struct way *taken;
    const struct rest *rest; /* before it */
    size_t vars_mark;
};

struct near { /* a line that would have taken the message, but for this */
    const struct flow_line *line;
    char reason[160];
};

struct search {
    const struct flow *flow;
    const struct flow_question *question;
    struct arena arena;
    const size_t *covered; /* indexes into the log */
    size_t covered_count;
    struct step *steps; /* covered_count + 1 */
    size_t at;          /* the step that is being made */
    struct near near;   /* of this step */
    uint64_t work;      /* spent; more than SEARCH_WORK_MAX: given up */
    uint32_t depth;
    bool no_memory;
    uint64_t *visited; /* open addressing; (step, rest) that are known to lead nowhere */
    size_t visited_size, visited_count;
    /* What hints try out. */
    bool interleave, fold;
    size_t strays_from, strays_until; /* of the log: here what no line takes is passed over */
    size_t left_out;                  /* a message of the log that is passed over; SIZE_MAX: none */
    const struct flow_line *optional; /* a line that may miss */
    bool only_messages;               /* no waiting: is there any reading at all */
    /* What came of it. */
    enum flow_state state;
    uint64_t ask_again_us;
    const struct flow_line *awaited; /* NULL: silence, or what is under way */
    size_t dead_at;                  /* the farthest message that no line takes; covered_count: the
                                        one that never came */
    const struct rest *dead_rest;
    struct near dead_near;
    size_t dead_under_way; /* the one that has not arrived; covered_count: none */
    bool found_dead;
};

enum { SEARCH_WORK_MAX = 5000000, SEARCH_DEPTH_MAX = 3000, SEARCH_ARENA_MAX = 64 << 20 };

/* rest.c: the algebra of what is left. */
const struct rest *rest_of(struct search *s, const struct node *sequence);
void rest_ways(struct search *s, const struct rest *rest,
               struct ways *out);                                    /* of the present message */
bool rest_nullable(const struct search *s, const struct rest *rest); /* nothing more has to come */
/* The first message that has to come; NULL: none has to. */
const struct item *rest_missing(const struct search *s, const struct rest *rest);
void ways_add(struct search *s, struct ways *ways, const struct rest *rest,
              const struct flow_line *line, bool folded);

/* take.c: does this line take the present message. */
bool line_takes(struct search *s, const struct item *item);
/* The same once more, for the variables that it binds. */
void line_bind(struct search *s, const struct flow_line *line);
const struct log_entry *search_entry(const struct search *s, size_t step);
struct sip_msg *search_message(const struct search *s, size_t step);
bool entry_under_way(const struct search *s, const struct flow_line *line,
                     const struct log_entry *entry);
unsigned search_pair(const struct search *s, unsigned from, unsigned to); /* 0 but for interleave */
unsigned entry_pair(const struct search *s, const struct log_entry *entry);
void time_bounds(const struct flow_question *question, const struct flow_time *time,
                 uint64_t *out_low_us, uint64_t *out_high_us);
/* When the line before this one had its last copy; false: there is none. */
bool line_since(const struct search *s, const struct flow_line *line, struct when *out);
struct when entry_when(const struct log_entry *entry);
struct span entry_since(const struct log_entry *entry, struct when since);

/* copies.c: may this copy be taken into the line of its original; NULL: no. found false: the
 * original was before this flow. */
bool copy_folds(const struct search *s, const struct flow_line **out_line);

/* wait.c: all messages have been taken; what now. */
void search_judge(struct search *s, const struct rest *rest);

/* search.c */
enum err search_begin(struct search *s, const struct flow *flow,
                      const struct flow_question *question) NODISCARD; /* LIMIT, MEMORY */
void search_run(struct search *s);
void search_end(struct search *s);
/* No line takes the present message, or none came; under_way: covered_count, or the one that has
 * not arrived. Of all such places the farthest is kept. */
void search_dead(struct search *s, const struct rest *rest, size_t under_way);
bool search_given_up(const struct search *s); /* memory, or too many readings */

/* explain.c: FAILED, in words; hint.c: what would cure it, tried out. */
void search_explain(struct search *s, struct flow_answer *out);
void search_hint(const struct search *s, struct flow_answer *out);
