/* The mutants of a suite: what the files in its folder _mutants register.
 *
 *     enum err err = mutants_read(&suite_options, &mutants, &complaint);
 *     const struct mutant *one = mutants_find(&mutants, "STI-014.no_487", &complaint);
 *     mutants_deinit(&mutants);
 */
#pragma once
#include "harness/scene/run.h"

struct mutant {       /* a NUL follows each text */
    struct view id;   /* "STI-014.no_487" */
    struct view row;  /* of the catalogue */
    struct view why;  /* what is wrong with it, one sentence */
    struct view file; /* below the suite's root */
    struct view also; /* ids of other rows that rightly turn red, a blank between them */
    uint32_t line;
};

struct mutants {
    struct arena arena;
    struct mutant *items; /* in order of their files, then as registered */
    size_t count;
};

/* Of the suite's root in the options. ERR_SYNTAX: the complaint is one sentence. */
enum err mutants_read(const struct suite_options *suite, struct mutants *out,
                      struct buf *complaint) NODISCARD;
/* NULL: there is none of this id; the complaint has the nearest. */
const struct mutant *mutants_find(struct mutants *mutants, const char *id, struct buf *complaint);
void mutants_deinit(struct mutants *mutants);
