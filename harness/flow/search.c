#include "harness/flow/search.h"

static bool is_participant(const struct search *s, uint32_t party)
{
    for (size_t i = 0; i < s->flow->participant_count; i++)
        if (s->question->parties[i] == party)
            return true;
    return false;
}

/* 1, 0, or -1 where there is no memory to find out. */
static int is_covered(const struct search *s, size_t index)
{
    const struct flow_question *q = s->question;
    const struct log_entry *entry = log_at(q->log, index);
    if (entry->swallowed || !is_participant(s, entry->from) || !is_participant(s, entry->to))
        return 0;
    struct sip_msg *msg = log_message(q->log, index);
    if (msg == NULL)
        return entry->parsed ? 0 : -1;
    return q->call_id.ptr == NULL || view_equal(q->call_id, sip_msg_call_id(msg));
}

static enum err covered_find(struct search *s)
{
    struct log *log = s->question->log;
    size_t from = s->question->from_index, count = 0;
    from = from > log_first(log) ? from : log_first(log);
    size_t most = log_count(log) > from ? log_count(log) - from : 0;
    size_t *covered = arena_alloc(&s->arena, (most + 1) * sizeof *covered);
    s->steps = arena_zalloc(&s->arena, (most + 1) * sizeof *s->steps);
    if (covered == NULL || s->steps == NULL)
        return ERR_MEMORY;
    for (size_t i = from; i < from + most; i++) {
        int is = is_covered(s, i);
        if (is < 0)
            return ERR_MEMORY;
        if (is > 0)
            covered[count++] = i;
    }
    s->covered = covered;
    s->covered_count = count;
    return ERR_OK;
}

enum err search_begin(struct search *s, const struct flow *flow,
                      const struct flow_question *question)
{
    *s = (struct search){
        .flow = flow,
        .question = question,
        .interleave = question->interleave,
        .fold = question->fold,
        .left_out = SIZE_MAX,
        .state = FLOW_FAILED,
        .ask_again_us = NEVER,
    };
    s->arena.limit = SEARCH_ARENA_MAX;
    return covered_find(s);
}

void search_end(struct search *s)
{
    arena_deinit(&s->arena);
    mem_free(s->visited);
    s->visited = NULL;
}

static void visited_put(uint64_t *table, size_t size, uint64_t key)
{
    size_t i = (size_t)key & (size - 1);
    while (table[i] != 0 && table[i] != key)
        i = (i + 1) & (size - 1);
    table[i] = key;
}

static bool visited_grow(struct search *s)
{
    size_t size = s->visited_size == 0 ? 256 : s->visited_size * 2;
    uint64_t *table = mem_zalloc(size * sizeof *table);
    if (table == NULL) {
        s->no_memory = true;
        return false;
    }
    for (size_t i = 0; i < s->visited_size; i++)
        if (s->visited[i] != 0)
            visited_put(table, size, s->visited[i]);
    mem_free(s->visited);
    s->visited = table;
    s->visited_size = size;
    return true;
}

/* Has this rest been tried at this message before? Where times count, what went before does too,
 * and nothing is known; so with variables that the reading has bound. */
static bool visited_before(struct search *s, const struct rest *rest)
{
    if (s->flow->has_times || vars_mark(s->question->vars) != s->steps[0].vars_mark)
        return false;
    if (s->visited_count * 2 >= s->visited_size && !visited_grow(s))
        return false;
    uint64_t key = (rest == NULL ? 1 : rest->hash) * UINT64_C(0x9e3779b97f4a7c15) + s->at + 1;
    key += key == 0;
    size_t mask = s->visited_size - 1;
    for (size_t i = (size_t)key & mask; s->visited[i] != 0; i = (i + 1) & mask)
        if (s->visited[i] == key)
            return true;
    visited_put(s->visited, s->visited_size, key);
    s->visited_count++;
    return false;
}

void search_dead(struct search *s, const struct rest *rest, size_t under_way)
{
    bool clearer = s->at == s->dead_at && s->near.line != NULL && s->dead_near.line == NULL;
    if (s->found_dead && s->at <= s->dead_at && !clearer)
        return;
    s->found_dead = true;
    s->dead_at = s->at;
    s->dead_rest = rest;
    s->dead_near = s->near;
    s->dead_under_way = under_way;
}

static void ways_find(struct search *s, struct step *step)
{
    const struct flow_line *line = NULL;
    s->near.line = NULL;
    if (s->covered[s->at] == s->left_out) {
        ways_add(s, &step->ways, step->rest, NULL, false);
        return;
    }
    rest_ways(s, step->rest, &step->ways);
    if (copy_folds(s, &line))
        ways_add(s, &step->ways, step->rest, line, true);
    if (s->question->loose)
        ways_add(s, &step->ways, step->rest, NULL, false);
    size_t index = s->covered[s->at];
    if (step->ways.first == NULL && index >= s->strays_from && index < s->strays_until)
        ways_add(s, &step->ways, step->rest, NULL, false);
    if (step->ways.first == NULL)
        search_dead(s, step->rest, s->covered_count);
}

/* Comes to the step that the search is at, for the first time with this rest. */
static void step_begin(struct search *s, const struct rest *rest)
{
    struct step *step = &s->steps[s->at];
    *step = (struct step){.rest = rest, .vars_mark = vars_mark(s->question->vars)};
    if (s->at == s->covered_count)
        search_judge(s, rest);
    else if (!visited_before(s, rest))
        ways_find(s, step);
}

/* The next way of the last step that has one; false: all have been tried. */
static bool step_next(struct search *s)
{
    for (;;) {
        struct step *step = &s->steps[s->at];
        vars_reset(s->question->vars, step->vars_mark);
        if (step->ways.first != NULL)
            return true;
        if (s->at == 0)
            return false;
        s->at--;
    }
}

bool search_given_up(const struct search *s)
{
    return s->no_memory || s->work > SEARCH_WORK_MAX;
}

void search_run(struct search *s)
{
    step_begin(s, rest_of(s, &s->flow->root));
    while (s->state != FLOW_MATCHED && !search_given_up(s) && step_next(s)) {
        struct step *step = &s->steps[s->at];
        const struct way *way = step->ways.first;
        step->ways.first = way->next;
        step->taken = way;
        if (way->line != NULL && !way->folded)
            line_bind(s, way->line);
        s->at++;
        step_begin(s, way->rest);
    }
}
