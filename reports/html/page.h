/* The page of a run, while it is written: what its parts share.
 *
 *     struct page page = {.out = writer_buf(&writer), .run = run, .path = path};
 *     head_write(&page);
 */
#pragma once
#include "reports/counts.h"
#include "reports/html/layout.h"

struct page {
    struct buf *out;
    const struct report_run *run;
    struct view path; /* of the page: links are relative to it */
    struct counts counts;
    size_t full_left;  /* bytes that cases without a failure may still take in full */
    size_t wrong_left; /* bytes that those with one may */
};

/* One case, and its number on the page, from 1. */
struct scene {
    const struct page *page;
    const struct report_case *one;
    size_t number;
    struct ladder ladder;
    struct layout layout;
    bool full; /* with its messages */
};

void head_write(const struct page *page); /* the verdict, the facts of the run */
void verdict_sentence(const struct page *page, struct buf *out);
void score_write(const struct page *page);       /* how many requirements are met */
void conformance_write(const struct page *page); /* requirement by requirement */
/* "3261-17.1.1.2": by which the filter knows a section. */
void section_key(const struct report_requirement *one, struct buf *out);
void scene_write(const struct scene *scene);    /* all that is told of a case */
void svg_write(const struct scene *scene);      /* its ladder */
void shafts_write(const struct scene *scene);   /* the arrows of it */
void words_write(const struct scene *scene);    /* what stands at them */
void messages_write(const struct scene *scene); /* its messages, byte by byte */
void told_write(const struct scene *scene);     /* checks, log, attachments */
void links_write(const struct scene *scene);    /* how to repeat it, and what is beside it */
/* Bytes as text, at most so many; each that would not show stands by its name in <b>. id: kind and
 * number, for links. */
struct raw_id {
    char kind;
    size_t scene, number;
};
void raw_write(struct buf *out, struct raw_id id, struct view bytes, size_t most);

struct verdict_look { /* never by its colour alone */
    const char *sign, *word, *style;
};
struct verdict_look verdict_look(enum verdict verdict);
struct verdict_look case_look(const struct report_case *one);

/* Text that cannot be taken for markup, in one line. */
void html_text(struct buf *out, struct view text);
/* <name class="style">text</name>; nothing where the text is empty. */
void html_element(struct buf *out, const char *name, const char *style, struct view text);
/* A row of a list of facts; nothing where the value is empty. */
void html_fact(struct buf *out, const char *name, struct view value);
/* A text of the ladder at a place, at most so many columns of it. */
void svg_text(struct buf *out, const char *style, int x, int y, struct view text, size_t columns);
void html_seconds(struct buf *out, const struct ladder *ladder, uint64_t time_us);
/* What is to be told of a row besides its label: "rtx 2 of 6, Timer A; lost: partition". */
void row_note(const struct ladder *ladder, size_t index, struct buf *out);
/* The same with a newline between them, in the ladder: what copy it is may stand elsewhere. */
void row_note_lines(const struct ladder *ladder, size_t index, bool copy, struct buf *out);
void row_copy_words(const struct ladder_row *row, struct buf *out); /* "rtx 2 of 6, Timer A" */
