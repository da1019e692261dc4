#include "harness/flow/ast.h"

/* The requests above a line that no final response has surely answered, the nearest last. Requests
 * of the lines of one diagram: at most FLOW_LINES_MAX. */
struct open_requests {
    bool *no_memory; /* sticky, shared by all of one diagram */
    const struct flow_line *lines[FLOW_LINES_MAX];
    size_t count;
};

/* The one method that a request line names; absent where it is any or one of several. */
static struct view method_of(const struct flow_line *line)
{
    const struct pattern *pattern = line->pattern;
    if (pattern->what != PATTERN_REQUEST || pattern->item_count != 1)
        return (struct view){0};
    return pattern->items[0].method;
}

static size_t nearest(const struct open_requests *open, const struct flow_line *response)
{
    for (size_t i = open->count; i > 0; i--) {
        const struct flow_line *request = open->lines[i - 1];
        bool back = request->from == response->to && request->to == response->from;
        struct view method = method_of(request);
        bool named = response->pattern->method.ptr != NULL;
        if (back && (!named || view_equal(method, response->pattern->method)))
            return i - 1;
    }
    return open->count;
}

static void forget(struct open_requests *open, size_t index)
{
    memmove(&open->lines[index], &open->lines[index + 1],
            (open->count - index - 1) * sizeof open->lines[0]);
    open->count--;
}

/* A response that may not come answers nothing for sure. */
static bool surely_final(const struct flow_line *line)
{
    bool may_miss = line->count == COUNT_MAYBE || line->count == COUNT_ANY;
    return pattern_wants_final(line->pattern) && !may_miss;
}

static void line_resolve(struct flow_line *line, struct open_requests *open)
{
    if (line->pattern->what == PATTERN_REQUEST) {
        struct view method = method_of(line);
        /* RFC 3261 §17: an ACK is never answered. */
        if (!view_equal(method, V("ACK")) && open->count < FLOW_LINES_MAX)
            open->lines[open->count++] = line;
        return;
    }
    if (line->pattern->what != PATTERN_RESPONSE)
        return;
    size_t index = nearest(open, line);
    if (index == open->count)
        return;
    if (line->pattern->method.ptr == NULL)
        line->answers = method_of(open->lines[index]);
    if (surely_final(line))
        forget(open, index);
}

static bool among(const struct open_requests *open, const struct flow_line *line)
{
    for (size_t i = 0; i < open->count; i++)
        if (open->lines[i] == line)
            return true;
    return false;
}

static void sequence_resolve(const struct node *sequence, struct open_requests *open);

/* Open after a choice is what is open after any of its branches, in the order of the text. */
static void choice_resolve(const struct node *node, struct open_requests *open, bool may_skip)
{
    struct open_requests *after = mem_alloc(2 * sizeof *after);
    if (after == NULL) {
        *open->no_memory = true;
        return;
    }
    after->no_memory = open->no_memory;
    struct open_requests *branch_open = after + 1;
    after->count = 0;
    if (may_skip)
        *after = *open;
    const struct node *branch = node->kind == NODE_ALT ? node->first : node;
    while (branch != NULL) {
        *branch_open = *open;
        sequence_resolve(branch, branch_open);
        for (size_t i = 0; i < branch_open->count && after->count < FLOW_LINES_MAX; i++)
            if (!among(after, branch_open->lines[i]))
                after->lines[after->count++] = branch_open->lines[i];
        branch = node->kind == NODE_ALT ? branch->next : NULL;
    }
    *open = *after;
    mem_free(after);
}

static void sequence_resolve(const struct node *sequence, struct open_requests *open)
{
    for (const struct node *node = sequence->first; node != NULL; node = node->next) {
        if (node->kind == NODE_LINE)
            line_resolve(node->message, open);
        else if (node->kind == NODE_OPT || node->kind == NODE_ALT)
            choice_resolve(node, open, node->kind == NODE_OPT);
        else if (node->kind == NODE_PAR)
            for (const struct node *branch = node->first; branch != NULL; branch = branch->next)
                sequence_resolve(branch, open);
        else
            sequence_resolve(node, open);
    }
}

enum err flow_answers_resolve(struct flow *flow)
{
    bool no_memory = false;
    struct open_requests *open = mem_alloc(sizeof *open);
    if (open == NULL)
        return ERR_MEMORY;
    open->no_memory = &no_memory;
    open->count = 0;
    sequence_resolve(&flow->root, open);
    mem_free(open);
    return no_memory ? ERR_MEMORY : ERR_OK;
}
