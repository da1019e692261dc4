/* What a verdict says beside its sentence: the JSON object of the VERDICT event, read leniently.
 * What is missing or of another type is absent; README.md has the table of keys.
 *
 *     struct detail detail;
 *     detail_init(&detail, one->detail);
 *     use(detail.hint);
 *     detail_deinit(&detail);
 */
#pragma once
#include "core/base.h"

enum { DETAIL_LINES_MOST = 40, DETAIL_MORE_MOST = 20 };

struct detail_line { /* of the script */
    uint32_t number;
    struct view text;
};

struct detail_ghost { /* the message that never came */
    struct view from, to, label;
    uint64_t at_us; /* when it was given up; NEVER: not said */
};

struct detail {
    struct view file, expected, actual, hint, section, mark, traceback, reason;
    uint32_t line;
    uint64_t message;          /* seq of the event that is wrong; 0: none */
    struct detail_ghost ghost; /* without label: none */
    struct detail_line lines[DETAIL_LINES_MOST];
    size_t line_count;
    uint32_t caret_column, caret_len; /* in bytes of the line's text, from 1; 0: none */
    size_t more_count;                /* further failures of the same scenario */
    void *root;                       /* what the views point into */
};

/* Always succeeds: text that is no JSON object gives an empty detail. */
void detail_init(struct detail *detail, struct view json);
/* One of the further failures; its views live as long as the detail. */
void detail_more(const struct detail *detail, size_t index, struct detail *out);
void detail_deinit(struct detail *detail);
