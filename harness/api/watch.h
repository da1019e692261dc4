/* What the last flow that passed covered: from where the next one begins, and the silence that is
 * part of it. One for t:flow, and one for each call that asked call:flow.
 *
 *     struct watch *watch = watch_get(agents, call == NULL ? none : call->handle);
 *     size_t stray = watch_stray(watch, watch->next_index);
 */
#pragma once
#include "harness/agent/agents.h"
#include "harness/flow/flow.h"

struct flow_text { /* one parsed text, and who its participants are */
    struct arena arena;
    struct flow *flow;
    struct view text;
    uint32_t *parties; /* in the arena */
    bool *unseen;      /* likewise: what reaches this one cannot be seen */
    size_t party_count;
    uint32_t uses; /* of the script's value, of watches and of what was covered */
};

struct watch {
    struct watch *next;
    struct handle call;     /* none: t's own */
    size_t next_index;      /* first entry that the next flow covers */
    struct flow_text *last; /* the flow that passed last; NULL: nothing is watched */
    struct flow_question question;
    struct trace_source source; /* of last; the file is in agents->arena */
};

struct covered { /* entries that a flow accounted for: a refusal among them was looked at */
    struct covered *next;
    size_t first, end;
    struct flow_text *text;
    struct view call_id; /* absent: all; in the text's arena */
};

struct mark {
    struct mark *next;
    struct view name;
    size_t index;
};

struct watches {
    struct watch *first;
    struct covered *covered;
    struct mark *marks;
};

struct watch *watch_get(struct agents *agents, struct handle call); /* NULL: memory */
void watch_end(struct watch *watch); /* nothing is watched any more */
/* A flow has passed: it is watched from now on, and what it covered is remembered. */
enum err watch_begin(struct agents *agents, struct watch *watch, struct flow_text *text,
                     const struct flow_question *question, size_t next_index) NODISCARD;
/* The first entry from there on that its flow does not account for; log_count: none. */
size_t watch_stray(const struct watch *watch, size_t from_index);
/* Whether a flow that passed accounted for what has this OUT or (of a device) IN event. */
bool watches_cover(const struct agents *agents, uint64_t out_seq);
/* Whether no message of ours to ours is under way, and nobody else's silence is part of a flow. */
bool watches_at_rest(struct agents *agents, struct log *log);
enum err mark_set(struct agents *agents, struct view name, size_t index) NODISCARD;
const struct mark *mark_find(const struct agents *agents, struct view name);
struct flow_text *flow_text_use(struct flow_text *text);
void flow_text_drop(struct flow_text *text); /* NULL is fine */
bool flow_text_has(const struct flow_text *text, uint32_t party);
void watches_destroy(struct agents *agents);
