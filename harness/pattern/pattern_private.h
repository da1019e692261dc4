/* The inside of a pattern, for the parsers that embed one. Private to harness/pattern and
 * harness/flow.
 *
 *     struct pattern *pattern = pattern_head_parse(&lex);
 *     if (lex_take(&lex, '['))
 *         checks_parse(&lex, &pattern->checks);
 */
#pragma once
#include "harness/pattern/checks.h"
#include "harness/pattern/vars.h"

enum pattern_what { PATTERN_ANY, PATTERN_REQUEST, PATTERN_RESPONSE };

struct pattern_item {
    struct view method; /* of a request */
    uint16_t low, high; /* statuses; 0: none of them */
    bool timeout, unreachable;
};

enum { PATTERN_ITEMS_MAX = 32 };
struct pattern {
    struct view text;
    enum pattern_what what;
    struct pattern_item items[PATTERN_ITEMS_MAX];
    size_t item_count;
    struct view method; /* that the responses answer; absent: any */
    struct checks checks;
    char *room; /* of CHECK_ROOM bytes, for the check that failed */
};

/* What stands before checks: alternatives, and the method that they answer. NULL once failed. */
struct pattern *pattern_head_parse(struct lex *lex);
/* "alice->>bob:"; the arrow is what stands between the names. */
struct line_head {
    struct view from, arrow, to;
};
void line_head_parse(struct lex *lex, bool everybody, struct line_head *out);
