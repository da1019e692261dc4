/* A run made by hand, for the tests of every renderer, and the comparison with golden files.
 *
 *     struct run_fixture *fixture = run_fixture_create();
 *     report_ladder_write(&out, &fixture->cases[RUN_BUSY], 100);
 *     golden_check("busy.ladder", buf_view(&out));
 *     run_fixture_destroy(fixture);
 */
#pragma once
#include "reports/report.h"

enum {              /* cases, in order of their ids */
       RUN_CALL,    /* passed: a call over a link with latency, an unusual byte order of events */
       RUN_BUSY,    /* failed: 486 came, 180 never did */
       RUN_COPIES,  /* failed: an INVITE that is lost seven times; nothing answers */
       RUN_CROSSED, /* passed: three parties, crossing, a network copy, a hook, refusal, stray bytes
                     */
       RUN_DEVICE,  /* passed on the real network, over IPv6, with somebody unknown */
       RUN_HOSTILE, /* failed; every byte that should not be printed, everywhere */
       RUN_SCRIPT,  /* error in the script, with a traceback */
       RUN_SKIPPED,
       RUN_UNSURE, /* inconclusive */
       RUN_FLAKY,  /* passed at the third try */
       RUN_CASES
};

struct run_fixture {
    struct report_run run;
    struct report_case cases[RUN_CASES];
    struct trace *traces[RUN_CASES];
    struct buf events[RUN_CASES];
    char hostile[3 * 256];
};

struct run_fixture *run_fixture_create(void);
void run_fixture_destroy(struct run_fixture *fixture);
/* The same run with some of its cases only. */
struct report_run run_part(const struct run_fixture *fixture, size_t from, size_t count);

/* Compares with reports/golden/<name>; with SIPWRIGHT_UPDATE_GOLDEN=1 it writes that file instead.
 */
void golden_check(const char *name, struct view got);
void file_read(const char *path, struct buf *out); /* all of it; a failure fails the test */
size_t times_in(struct view text, struct view what);

/* A folder of the test's own, and all that is in it when it ends. */
void scratch_make(char *room, size_t room_len);
void scratch_remove(const char *folder);
bool program_found(const char *name); /* on the PATH */
/* Runs it in a shell; what it prints goes to out. Returns its exit code. */
int program_run(const char *command, struct buf *out);
