#include "harness/flow/rest.h"

/* Only what counts later is kept, so that equal rests are known to be equal. */
static const struct rest *line_after(struct search *s, const struct item *item)
{
    const struct flow_line *line = item->node->message;
    const struct log_entry *entry = search_entry(s, s->at);
    struct item after = *item;
    if (line->count == COUNT_ONE || line->count == COUNT_MAYBE)
        return NULL;
    after.begun = true;
    if (line->count != COUNT_COPIES)
        return rest_put(s, &after, NULL);
    if (--after.left == 0)
        return NULL;
    if (!item->begun) {
        after.root = entry->copy_of != 0 ? entry->copy_of : entry->seq;
        after.first = entry_when(entry);
    }
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
    if (!s->interleave || later == NULL || search_spent(s))
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
            ways_add(s, out, rest_par(s, item, i, way->rest), way->line, false);
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

static void head_ways(struct search *s, const struct rest *rest, struct ways *out)
{
    struct ways head = {0};
    item_ways(s, &rest->item, &head);
    for (const struct way *way = head.first; way != NULL; way = way->next)
        ways_add(s, out, rest_join(s, way->rest, rest->next), way->line, false);
}

/* In order: what can be left out is passed over, until something has to come. */
static void ways_in_order(struct search *s, const struct rest *rest, struct ways *out)
{
    for (; rest != NULL && !search_spent(s); rest = rest->next) {
        head_ways(s, rest, out);
        if (!item_nullable(s, &rest->item))
            return;
    }
}

static void ways_interleaved(struct search *s, const struct rest *rest, struct ways *out)
{
    struct ways done = {0}, later = {0};
    if (rest == NULL || search_spent(s))
        return;
    head_ways(s, rest, out);
    item_finish(s, &rest->item, entry_pair(s, search_entry(s, s->at)), &done);
    s->depth++;
    if (done.first != NULL)
        ways_interleaved(s, rest->next, &later);
    s->depth--;
    for (const struct way *a = done.first; a != NULL; a = a->next)
        for (const struct way *b = later.first; b != NULL && !search_spent(s); b = b->next)
            ways_add(s, out, rest_join(s, a->rest, b->rest), b->line, false);
}

void rest_ways(struct search *s, const struct rest *rest, struct ways *out)
{
    s->depth++;
    if (s->interleave)
        ways_interleaved(s, rest, out);
    else
        ways_in_order(s, rest, out);
    s->depth--;
}
