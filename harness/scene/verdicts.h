/* What was recorded against a scenario: before it is raised, so that no pcall can undo it.
 *
 *     struct record *record = verdicts_add(verdicts, &failure, source, raised);
 *     const struct record *worst = verdicts_worst(verdicts);
 */
#pragma once
#include "harness/scene/scene.h"

struct record {
    struct failure failure; /* all views copied */
    struct view raised;     /* the error's text as the script may catch it; absent: not raised */
    struct view traceback;  /* lines of the script, may be empty */
    struct record *next;
};

struct verdicts {
    struct arena arena;
    struct record *first, *last;
    size_t count;        /* of records; beyond RECORDS_MOST only counted */
    uint64_t assertions; /* executed, those that failed too */
    struct record spare; /* for when there is no memory: an ERROR that says so */
    bool spare_used;
    struct view warning; /* the first of them: what changes no verdict */
    uint64_t warning_count;
};

enum { RECORDS_MOST = 1000, SENTENCE_MOST = 400 };

enum err verdicts_create(struct verdicts **out) NODISCARD;
void verdicts_destroy(struct verdicts *verdicts);
/* NULL: not kept, for there are many or no memory; the verdict stands all the same. */
struct record *verdicts_add(struct verdicts *verdicts, const struct failure *failure,
                            struct view raised);
/* The first record with the worst verdict: ERROR before FAIL before INCONCLUSIVE before SKIP. NULL:
 * there is none. */
const struct record *verdicts_worst(const struct verdicts *verdicts);
bool verdicts_has(const struct verdicts *verdicts, enum verdict verdict);
/* The newest record of this task that was raised as this text; NULL: none. */
struct record *verdicts_find_raised(const struct verdicts *verdicts, uint32_t task,
                                    struct view raised);
/* Told where the scenario passes, and changes no verdict. */
void verdicts_warn(struct verdicts *verdicts, struct view sentence);
/* Blacks them out in every text, as the trace does in its events. */
void verdicts_black_out(struct verdicts *verdicts, struct secrets *secrets);
/* For expect(f):raises only. */
void verdicts_remove(struct verdicts *verdicts, struct record *record);
