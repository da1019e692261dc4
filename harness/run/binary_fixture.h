/* Runs the built program as a child, without a shell, and says what came of it.
 *
 *     struct binary_end end;
 *     binary_run_words(&end, NULL, (const char *[]){"run", "a.lua", "--seed", "7", NULL});
 *     assert_int_equal(end.code, 0);
 *     binary_end_free(&end);
 */
#pragma once
#include "core/core.h"

#include <limits.h>
#include <sys/types.h>

struct binary_end {
    int code;            /* of its exit; 128 + the signal's number */
    struct buf out, err; /* with a NUL behind, that is not counted */
};

struct binary_start {               /* what is not usual; zeroed: as usual */
    const char *folder;             /* where it runs; NULL: where we are */
    const char *const *environment; /* NAME=value, NULL-terminated, beside a clean one */
    const char *signal_after;       /* when it has said this … */
    int signal;                     /* … it gets this signal; 0: none */
    const char *then_after;         /* and then the same once more */
    int then_signal;
    unsigned short columns; /* its standard output is a terminal that wide; 0: a pipe */
    bool out_full;          /* its standard output refuses all */
};

void binary_path(char room[PATH_MAX]); /* of the program */
enum { BINARY_WORDS_MOST = 32 };

/* start may be NULL; the words behind the program's name end with NULL. */
void binary_run_words(struct binary_end *end, const struct binary_start *start,
                      const char *const *words);
bool binary_said(const struct buf *text, const char *what);
void binary_end_free(struct binary_end *end);
