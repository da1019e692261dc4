#include "harness/flow/rest.h"

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
        hash = mixed(hash, item->first.sent_us);
    if (item->branches != NULL) {
        size_t i = 0;
        for (const struct node *b = item->node->first; b != NULL; b = b->next, i++)
            hash = mixed(hash, item->branches[i] == NULL ? 1 : item->branches[i]->hash);
    }
    return hash;
}

void *search_memory(struct search *s, size_t len)
{
    void *ptr = s->no_memory ? NULL : arena_alloc(&s->arena, len);
    s->no_memory |= ptr == NULL;
    return ptr;
}

const struct rest *rest_put(struct search *s, const struct item *item, const struct rest *next)
{
    struct rest *rest = search_memory(s, sizeof *rest);
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
    const struct rest **branches = search_memory(s, count * sizeof *branches);
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
const struct rest *rest_join(struct search *s, const struct rest *a, const struct rest *b)
{
    if (a == NULL || s->no_memory)
        return b;
    if (b == NULL)
        return a;
    return rest_put(s, &a->item, rest_join(s, a->next, b));
}

const struct rest *rest_par(struct search *s, const struct item *item, size_t changed,
                            const struct rest *branch)
{
    struct item after = *item;
    size_t count = 0;
    bool done = branch == NULL;
    for (const struct node *b = item->node->first; b != NULL; b = b->next, count++)
        done = done && (count == changed || item->branches[count] == NULL);
    if (done)
        return NULL;
    const struct rest **branches = search_memory(s, count * sizeof *branches);
    if (branches == NULL)
        return NULL;
    memcpy(branches, item->branches, count * sizeof *branches);
    branches[changed] = branch;
    after.branches = branches;
    return rest_put(s, &after, NULL);
}

void ways_add(struct search *s, struct ways *ways, const struct rest *rest,
              const struct flow_line *line, bool folded)
{
    struct way *way = search_memory(s, sizeof *way);
    if (way == NULL)
        return;
    *way = (struct way){.rest = rest, .line = line, .folded = folded};
    if (ways->last == NULL)
        ways->first = way;
    else
        ways->last->next = way;
    ways->last = way;
}

bool search_spent(struct search *s)
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

bool item_nullable(const struct search *s, const struct item *item)
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
