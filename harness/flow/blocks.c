#include "harness/flow/reader.h"

static void block_open(struct reader *r, enum node_kind kind)
{
    if (r->depth == FLOW_DEPTH_MAX) {
        lex_fail(&r->lex, 0, "nested more than %d deep", FLOW_DEPTH_MAX);
        return;
    }
    struct node *node = reader_node(r, r->open, kind);
    if (node == NULL)
        return;
    r->depth++;
    r->flow->has_par |= kind == NODE_PAR;
    bool branches = kind == NODE_ALT || kind == NODE_PAR;
    struct node *inside = branches ? reader_node(r, node, NODE_SEQUENCE) : node;
    r->open = inside != NULL ? inside : r->open;
}

/* "else" of an alt, "and" of a par. */
static void branch_open(struct reader *r, enum node_kind kind, const char *word, const char *block)
{
    struct node *block_node = r->open->kind == NODE_SEQUENCE ? r->open->parent : NULL;
    if (block_node == NULL || block_node->kind != kind) {
        lex_fail(&r->lex, 0, "`%s` stands inside of `%s … end` only", word, block);
        return;
    }
    struct node *inside = reader_node(r, block_node, NODE_SEQUENCE);
    r->open = inside != NULL ? inside : r->open;
}

static void block_close(struct reader *r)
{
    struct node *open = r->open;
    if (open == &r->flow->root) {
        lex_fail(&r->lex, 0, "`end` without a block: opt, alt, par or loop opens one");
        return;
    }
    reader_end(r);
    r->open = open->kind == NODE_SEQUENCE ? open->parent->parent : open->parent;
    r->depth--;
}

static void loop_open(struct reader *r)
{
    uint64_t repeat;
    struct view word = lex_word(&r->lex);
    if (!view_to_uint(word, FLOW_REPEAT_MAX, &repeat) || repeat == 0) {
        lex_fail(&r->lex, 0, "a loop says how often, from 1 to %d: loop 3", FLOW_REPEAT_MAX);
        return;
    }
    block_open(r, NODE_LOOP);
    if (r->lex.failed == ERR_OK)
        r->open->repeat = (uint32_t)repeat;
}

bool reader_block(struct reader *r)
{
    if (reader_word(&r->lex, V("opt")))
        block_open(r, NODE_OPT);
    else if (reader_word(&r->lex, V("alt")))
        block_open(r, NODE_ALT);
    else if (reader_word(&r->lex, V("par")))
        block_open(r, NODE_PAR);
    else if (reader_word(&r->lex, V("loop")))
        loop_open(r);
    else if (reader_word(&r->lex, V("else")))
        branch_open(r, NODE_ALT, "else", "alt");
    else if (reader_word(&r->lex, V("and")))
        branch_open(r, NODE_PAR, "and", "par");
    else if (reader_word(&r->lex, V("end")))
        block_close(r);
    else
        return false;
    return true;
}
