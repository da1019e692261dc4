/* Which outcomes make a run red: what the baseline knows, what is in quarantine, what --gate asks
 * for. It changes no verdict but one: what passed once and is skipped now has vanished.
 *
 *     struct gate gate = {.asked = GATE_MUST, .today = V("2026-11-23")};
 *     enum err err = gate_file_read(&gate, "phone.baseline", &complaint);
 *     …
 *     err = gate_judge(&gate, &facts, &one, &arena);
 *     red = report_gates(&one);
 */
#pragma once
#include "harness/gate/baseline.h"
#include "reports/reports.h"

enum gate_asked { GATE_ALL, GATE_MUST, GATE_SHOULD }; /* as --gate numbers its words */

struct gate {
    struct baseline baseline;
    bool has_baseline;
    enum gate_asked asked;
    bool flaky_passes;
    struct view today; /* "2026-11-23", borrowed */
};

struct gate_facts {
    struct view id;   /* without what --repeat adds */
    bool xfailed;     /* it failed, as its xfail says */
    bool inexcusable; /* a wrong script, the environment, a fault of ours: no verdict on the
                         scenario */
};

/* SYNTAX: the complaint is one sentence. */
enum err gate_file_read(struct gate *gate, const char *path, struct buf *complaint) NODISCARD;
/* Once all is read: what the files say must go together, and be of this target and net. */
enum err gate_settle(struct gate *gate, struct view target, struct view net,
                     struct buf *complaint) NODISCARD;
/* Sets standing, known and level; texts go to the arena. MEMORY. */
enum err gate_judge(const struct gate *gate, const struct gate_facts *facts,
                    struct report_case *one, struct arena *arena) NODISCARD;
/* The case of an entry that no file registers any more. MEMORY. */
enum err gate_vanish(const struct entry *entry, struct report_case *out,
                     struct arena *arena) NODISCARD;
/* The strongest level of the requirements that these ids, parted by blanks, name; absent: none. */
struct view gate_level(struct view covers);
void gate_deinit(struct gate *gate);
