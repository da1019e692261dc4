#include "harness/flow/rest.h"

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

/* Each way of a, then each of b. */
static void ways_cross(struct search *s, const struct ways *a, const struct ways *b,
                       struct ways *out)
{
    for (const struct way *x = a->first; x != NULL; x = x->next)
        for (const struct way *y = b->first; y != NULL && !search_spent(s); y = y->next)
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
    else if (body.first != NULL && !search_spent(s))
        loop_finish(s, &fewer, pair, &later);
    ways_cross(s, &body, &later, out);
}

/* Branch by branch: each way that one can be finished goes on with the next. */
static void par_finish(struct search *s, const struct item *item, size_t index,
                       const struct node *branch, unsigned pair, struct ways *out)
{
    struct ways ways = {0};
    rest_finish(s, item->branches[index], pair, &ways);
    for (const struct way *way = ways.first; way != NULL && !search_spent(s); way = way->next) {
        const struct rest *rest = rest_par(s, item, index, way->rest);
        if (branch->next == NULL || rest == NULL)
            ways_add(s, out, rest, NULL, false);
        else
            par_finish(s, &rest->item, index + 1, branch->next, pair, out);
    }
}

/* Interleaving: all that can be left of it once no message of the pair is to come any more. The
 * lines of other pairs stay. */
void item_finish(struct search *s, const struct item *item, unsigned pair, struct ways *out)
{
    const struct node *node = item->node;
    if (!node_has_pair(s, node, pair)) {
        way_single(s, item, out);
        return;
    }
    if (node->kind == NODE_LINE) {
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

void rest_finish(struct search *s, const struct rest *rest, unsigned pair, struct ways *out)
{
    if (search_spent(s))
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
