/* One `sipwright replay` while it runs: what its files share.
 *
 *     enum err err = replay_file(&r, "call.pcap");
 *     replay_explain(&r);
 */
#pragma once
#include "harness/captured/call_select.h"
#include "harness/captured/case_book.h"
#include "harness/captured/keyfit.h"
#include "harness/captured/replay_settings.h"
#include "harness/run/screen.h"
#include "harness/run/step.h"

enum { REPLAY_NAMES_SHOWN = 40 };

struct replaying {
    const struct options *options;
    struct replay_settings settings;
    struct call_selection selection;
    struct replay *replay;
    struct case_book book;
    struct report_run report;
    struct screen screen;
    struct step step;
    struct arena arena;   /* names of the parties */
    struct arena scratch; /* of one case */
    struct buf complaint, command_line;
    const char *path;
    uint64_t started_us;
    uint32_t number;                       /* of calls in this capture */
    struct view names[REPLAY_NAMES_SHOWN]; /* of the parties so far */
    uint32_t name_count, absent;
    int signal; /* that ended it; 0: none */
    int worst;  /* exit code of what could not be read */
    struct keyfit keyfit;
};

/* All calls of one capture; why it could not be read is said. MEMORY, IO: it is over. */
enum err replay_file(struct replaying *r, const char *path) NODISCARD;
/* After the last one: says what was named on the command line and is nowhere. */
void replay_explain(struct replaying *r);
void replay_worse(struct replaying *r, int code); /* the exit code is at least this */
bool replay_is_stopped(void *ctx); /* INT or TERM has come, which are held back; ctx: r */
