#include "harness/flow/search.h"

static uint64_t mixed(uint64_t a, uint64_t b)
{
    uint64_t h = a ^ (b + UINT64_C(0x9e3779b97f4a7c15) + (a << 6) + (a >> 2));
    h = (h ^ (h >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    h = (h ^ (h >> 27)) * UINT64_C(0x94d049bb133111eb);
    return h ^ (h >> 31);
}

static uint64_t item_hash(const struct search *s, const struct item *item)
{
    uint64_t hash = mixed(item->node->id, item->left);
    if (item->begun)
        hash = mixed(hash, item->root);
    if (item->begun && s->flow->has_times)
        hash = mixed(mixed(hash, item->first_us), item->last_us);
    if (item->branches != NULL) {
        size_t i = 0;
        for (const struct node *b = item->node->first; b != NULL; b = b->next, i++)
            hash = mixed(hash, item->branches[i] == NULL ? 1 : item->branches[i]->hash);
    }
    return hash;
}

static void *take_memory(struct search *s, size_t len)
{
    void *ptr = s->no_memory ? NULL : arena_alloc(&s->arena, len);
    s->no_memory |= ptr == NULL;
    return ptr;
}

static const struct rest *rest_put(struct search *s, const struct item *item,
                                   const struct rest *next)
{
    struct rest *rest = take_memory(s, sizeof *rest);
    if (rest == NULL)
        return NULL;
    *rest = (struct rest){*item, next, 0};
    rest->hash = mixed(item_hash(s, item), next == NULL ? 0 : next->hash);
    return rest;
}

static struct item item_of(struct search *s, const struct node *node)
{
    struct item item = {.node = node};
    if (node->kind == NODE_LOOP)
        item.left = node->repeat;
    if (node->kind == NODE_LINE && node->message->count == COUNT_COPIES)
        item.left = node->message->copies;
    if (node->kind != NODE_PAR)
        return item;
    size_t count = 0;
    for (const struct node *b = node->first; b != NULL; b = b->next)
        count++;
    const struct rest **branches = take_memory(s, count * sizeof *branches);
    size_t i = 0;
    for (const struct node *b = node->first; b != NULL && branches != NULL; b = b->next)
        branches[i++] = rest_of(s, b);
    item.branches = branches;
    return item;
}

/* Backwards, so that each cell is made once, with the hash of what follows it. */
const struct rest *rest_of(struct search *s, const struct node *sequence)
{
    const struct rest *rest = NULL;
    for (const struct node *node = sequence->last; node != NULL; node = node->prev) {
        struct item item = item_of(s, node);
        rest = rest_put(s, &item, rest);
        if (s->no_memory)
            return NULL;
    }
    return rest;
}

/* a, then b. Recursion: no longer than a diagram has nodes. */
static const struct rest *rest_join(struct search *s, const struct rest *a, const struct rest *b)
{
    if (a == NULL || s->no_memory)
        return b;
    if (b == NULL)
        return a;
    return rest_put(s, &a->item, rest_join(s, a->next, b));
}

void ways_add(struct search *s, struct ways *ways, const struct rest *rest,
              const struct flow_line *line, bool folded)
{
    struct way *way = take_memory(s, sizeof *way);
    if (way == NULL)
        return;
    *way = (struct way){.rest = rest, .line = line, .folded = folded};
    if (ways->last == NULL)
        ways->first = way;
    else
        ways->last->next = way;
    ways->last = way;
}

static bool spent(struct search *s)
{
    s->work++;
    if (s->depth > SEARCH_DEPTH_MAX || s->no_memory)
        s->work = SEARCH_WORK_MAX + 1;
    return s->work > SEARCH_WORK_MAX;
}

static bool line_may_miss(const struct search *s, const struct flow_line *line)
{
    return line == s->optional || line->count == COUNT_MAYBE || line->count == COUNT_ANY;
}

static bool node_nullable(const struct search *s, const struct node *node)
{
    if (node->kind == NODE_LINE)
        return line_may_miss(s, node->message);
    if (node->kind == NODE_OPT)
        return true;
    /* Of a choice one branch is enough; of all else every part has to be so. */
    bool any = node->kind == NODE_ALT;
    for (const struct node *part = node->first; part != NULL; part = part->next)
        if (node_nullable(s, part) == any)
            return any;
    return !any;
}

static bool item_nullable(const struct search *s, const struct item *item)
{
    if (item->node->kind == NODE_LINE && item->begun)
        return item->node->message->count != COUNT_COPIES;
    if (item->node->kind != NODE_PAR)
        return node_nullable(s, item->node);
    size_t i = 0;
    for (const struct node *b = item->node->first; b != NULL; b = b->next, i++)
        if (!rest_nullable(s, item->branches[i]))
            return false;
    return true;
}

bool rest_nullable(const struct search *s, const struct rest *rest)
{
    for (; rest != NULL; rest = rest->next)
        if (!item_nullable(s, &rest->item))
            return false;
    return true;
}

/* Whether any line of it belongs to this pair: if none does, the pair's order does not touch it. */
static bool node_has_pair(const struct search *s, const struct node *node, unsigned pair)
{
    if (node->kind == NODE_LINE)
        return search_pair(s, node->message->from, node->message->to) == pair;
    for (const struct node *part = node->first; part != NULL; part = part->next)
        if (node_has_pair(s, part, pair))
            return true;
    return false;
}

static void rest_finish(struct search *s, const struct rest *rest, unsigned pair, struct ways *out);

/* Each way of a, then each of b. */
static void ways_cross(struct search *s, const struct ways *a, const struct ways *b,
                       struct ways *out)
{
    for (const struct way *x = a->first; x != NULL; x = x->next)
        for (const struct way *y = b->first; y != NULL && !spent(s); y = y->next)
            ways_add(s, out, rest_join(s, x->rest, y->rest), NULL, false);
}

static void way_single(struct search *s, const struct item *item, struct ways *out)
{
    ways_add(s, out, rest_put(s, item, NULL), NULL, false);
}

static void loop_finish(struct search *s, const struct item *item, unsigned pair, struct ways *out)
{
    struct ways body = {0}, later = {0};
    struct item fewer = *item;
    fewer.left--;
    rest_finish(s, rest_of(s, item->node), pair, &body);
    if (fewer.left == 0)
        ways_add(s, &later, NULL, NULL, false);
    else if (body.first != NULL && !spent(s))
        loop_finish(s, &fewer, pair, &later);
    ways_cross(s, &body, &later, out);
}

static const struct rest *par_rest(struct search *s, const struct item *item, size_t changed,
                                   const struct rest *branch)
{
    struct item after = *item;
    size_t count = 0;
    bool done = branch == NULL;
    for (const struct node *b = item->node->first; b != NULL; b = b->next, count++)
        done = done && (count == changed || item->branches[count] == NULL);
    if (done)
        return NULL;
    const struct rest **branches = take_memory(s, count * sizeof *branches);
    if (branches == NULL)
        return NULL;
    memcpy(branches, item->branches, count * sizeof *branches);
    branches[changed] = branch;
    after.branches = branches;
    return rest_put(s, &after, NULL);
}

/* Branch by branch: each way that one can be finished goes on with the next. */
static void par_finish(struct search *s, const struct item *item, size_t index,
                       const struct node *branch, unsigned pair, struct ways *out)
{
    struct ways ways = {0};
    rest_finish(s, item->branches[index], pair, &ways);
    for (const struct way *way = ways.first; way != NULL && !spent(s); way = way->next) {
        const struct rest *rest = par_rest(s, item, index, way->rest);
        if (branch->next == NULL || rest == NULL)
            ways_add(s, out, rest, NULL, false);
        else
            par_finish(s, &rest->item, index + 1, branch->next, pair, out);
    }
}

/* All that can be left of it once no message of the pair is to come any more: the lines of other
 * pairs stay. Without interleaving there is but one pair, and nothing can be left. */
static void item_finish(struct search *s, const struct item *item, unsigned pair, struct ways *out)
{
    const struct node *node = item->node;
    if (!node_has_pair(s, node, pair) && (s->interleave || node->kind == NODE_LINE)) {
        way_single(s, item, out);
        return;
    }
    if (!s->interleave || node->kind == NODE_LINE) {
        if (item_nullable(s, item))
            ways_add(s, out, NULL, NULL, false);
        return;
    }
    if (node->kind == NODE_OPT) {
        ways_add(s, out, NULL, NULL, false);
        rest_finish(s, rest_of(s, node), pair, out);
    } else if (node->kind == NODE_ALT) {
        for (const struct node *branch = node->first; branch != NULL; branch = branch->next)
            rest_finish(s, rest_of(s, branch), pair, out);
    } else if (node->kind == NODE_LOOP) {
        loop_finish(s, item, pair, out);
    } else {
        par_finish(s, item, 0, node->first, pair, out);
    }
}

static void rest_finish(struct search *s, const struct rest *rest, unsigned pair, struct ways *out)
{
    if (spent(s))
        return;
    if (rest == NULL) {
        ways_add(s, out, NULL, NULL, false);
        return;
    }
    struct ways head = {0}, later = {0};
    item_finish(s, &rest->item, pair, &head);
    if (head.first == NULL)
        return;
    s->depth++;
    rest_finish(s, rest->next, pair, &later);
    s->depth--;
    ways_cross(s, &head, &later, out);
}

static const struct rest *line_after(struct search *s, const struct item *item)
{
    const struct flow_line *line = item->node->message;
    const struct log_entry *entry = search_entry(s, s->at);
    struct item after = *item;
    if (line->count == COUNT_ONE || line->count == COUNT_MAYBE)
        return NULL;
    if (line->count == COUNT_COPIES && --after.left == 0)
        return NULL;
    if (!item->begun) {
        after.root = entry->copy_of != 0 ? entry->copy_of : entry->seq;
        after.first_us = entry->sent_us;
    }
    after.last_us = entry->sent_us;
    after.begun = true;
    return rest_put(s, &after, NULL);
}

/* A round that could be empty is not tried as such: one round fewer leaves nothing else. */
static void loop_ways(struct search *s, const struct item *item, struct ways *out)
{
    struct ways body = {0}, behind = {0}, done = {0};
    const struct rest *round = rest_of(s, item->node), *later = NULL;
    struct item fewer = *item;
    fewer.left--;
    if (fewer.left != 0)
        later = rest_put(s, &fewer, NULL);
    rest_ways(s, round, &body);
    for (const struct way *way = body.first; way != NULL; way = way->next)
        ways_add(s, out, rest_join(s, way->rest, later), way->line, false);
    if (!s->interleave || later == NULL || spent(s))
        return;
    rest_finish(s, round, entry_pair(s, search_entry(s, s->at)), &done);
    if (done.first != NULL)
        rest_ways(s, later, &behind);
    for (const struct way *a = done.first; a != NULL; a = a->next)
        for (const struct way *b = behind.first; b != NULL && a->rest != NULL; b = b->next)
            ways_add(s, out, rest_join(s, a->rest, b->rest), b->line, false);
}

static void par_ways(struct search *s, const struct item *item, struct ways *out)
{
    size_t i = 0;
    for (const struct node *b = item->node->first; b != NULL; b = b->next, i++) {
        struct ways ways = {0};
        rest_ways(s, item->branches[i], &ways);
        for (const struct way *way = ways.first; way != NULL; way = way->next)
            ways_add(s, out, par_rest(s, item, i, way->rest), way->line, false);
    }
}

static void item_ways(struct search *s, const struct item *item, struct ways *out)
{
    const struct node *node = item->node;
    switch (node->kind) {
    case NODE_LINE:
        if (line_takes(s, item))
            ways_add(s, out, line_after(s, item), node->message, false);
        break;
    case NODE_ALT:
        for (const struct node *branch = node->first; branch != NULL; branch = branch->next)
            rest_ways(s, rest_of(s, branch), out);
        break;
    case NODE_PAR:
        par_ways(s, item, out);
        break;
    case NODE_LOOP:
        loop_ways(s, item, out);
        break;
    default:
        rest_ways(s, rest_of(s, node), out);
        break;
    }
}

void rest_ways(struct search *s, const struct rest *rest, struct ways *out)
{
    const struct log_entry *entry = search_entry(s, s->at);
    struct ways head = {0}, done = {0}, later = {0};
    if (rest == NULL || spent(s))
        return;
    s->depth++;
    item_ways(s, &rest->item, &head);
    for (const struct way *way = head.first; way != NULL; way = way->next)
        ways_add(s, out, rest_join(s, way->rest, rest->next), way->line, false);
    item_finish(s, &rest->item, entry_pair(s, entry), &done);
    if (done.first != NULL)
        rest_ways(s, rest->next, &later);
    for (const struct way *a = done.first; a != NULL; a = a->next)
        for (const struct way *b = later.first; b != NULL && !spent(s); b = b->next)
            ways_add(s, out, rest_join(s, a->rest, b->rest), b->line, false);
    s->depth--;
}

const struct item *rest_missing(const struct search *s, const struct rest *rest)
{
    while (rest != NULL && item_nullable(s, &rest->item))
        rest = rest->next;
    if (rest == NULL)
        return NULL;
    if (rest->item.branches == NULL)
        return &rest->item;
    size_t i = 0;
    for (const struct node *b = rest->item.node->first; b != NULL; b = b->next, i++)
        if (!rest_nullable(s, rest->item.branches[i]))
            return rest_missing(s, rest->item.branches[i]);
    return NULL;
}
