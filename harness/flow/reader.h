/* The reader of a diagram's text. Private to harness/flow.
 *
 *     if (reader_word(&r->lex, V("opt")))
 *         open = reader_node(r, r->open, NODE_OPT);
 */
#pragma once
#include "harness/flow/ast.h"

struct reader {
    struct flow *flow;
    struct arena *arena;
    struct node *open; /* what the next line goes into */
    uint32_t depth;
    uint32_t line;
    bool begun; /* past the head */
    struct flow_error *error;
    struct pattern_error sentence;
    struct lex lex; /* of the present line */
};

/* The last of the parent's children from now on; NULL: failed. */
struct node *reader_node(struct reader *r, struct node *parent, enum node_kind kind);
/* Takes the word where it is the next one, in any case: Mermaid's are. */
bool reader_word(struct lex *lex, struct view word);
void reader_end(struct reader *r); /* nothing may follow in this line */
/* blocks.c: opt, alt, par, loop, else, and, end; false: it is none of these. */
bool reader_block(struct reader *r);
