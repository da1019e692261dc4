/* The parts of a JUnit file, inside reports/ only: junit.c has suites and files, junit_case.c a
 * case.
 *
 *     junit_case_write(&junit, one, 0);
 */
#pragma once
#include "reports/counts.h"
#include "reports/detail.h"
#include "reports/report.h"

struct junit {
    const struct report_run *run;
    enum junit_dialect dialect;
    struct buf *out;
};

struct junit_suite { /* the cases of one file of scenarios; they stand side by side */
    const struct report_case *cases;
    size_t count;
    struct counts counts;
    uint32_t index;
};

/* twin: how many cases before it in its suite have the same name. */
void junit_case_write(const struct junit *junit, const struct report_case *one, size_t twin);
/* From where the run was: tools look for it there. */
void junit_file_write(const struct junit *junit, struct view file); /* file="…" */
void junit_class_add(struct buf *out, struct view file);            /* "a/b.lua" is "a.b" */
void junit_property_write(const struct junit *junit, const char *name, struct view value);
void junit_seed_property_write(const struct junit *junit, uint64_t seed);
void junit_seconds_property_write(const struct junit *junit, const char *name, uint64_t time_us);
/* The ladder of a case, then a line for each file that belongs to it. */
void junit_output_add(const struct junit *junit, struct buf *out, const struct report_case *one);
