/* What is known of scenarios before a run: which passed, which failed and why, and which are
 * excused for a while. Lines of files that people and `sipwright baseline update` write.
 *
 *     struct baseline baseline = {0};
 *     enum err err = baseline_read(&baseline, text, V("phone.baseline"), &complaint);
 *     if (err == ERR_OK)
 *         err = baseline_settle(&baseline, &complaint);
 *     const struct entry *entry = baseline_find(&baseline, id);
 *     baseline_deinit(&baseline);
 */
#pragma once
#include "core/core.h"

enum entry_status { ENTRY_PASS, ENTRY_FAIL, ENTRY_SKIP, ENTRY_QUARANTINED };

struct entry {      /* what is not said is absent */
    struct view id; /* "calls/hold.lua: hold and resume" */
    enum entry_status status;
    struct view reason, issue, owner;
    struct view since, expires; /* "2026-11-23": it holds until the end of that day */
    struct view file;           /* where it stands … */
    uint32_t line;              /* … from 1 on */
    bool absent; /* no file of the suite registers it any more: harness/listing/absent.h */
};

struct baseline {
    struct arena arena;
    struct entry **entries; /* once settled: in order of their ids' bytes, each once */
    uint32_t count, size;
    struct view target, net; /* that it was made for; absent: any */
    struct view head_file;   /* which says so */
};

/* Adds the lines of one file, whose name stands in complaints. ERR_SYNTAX: one sentence with the
 * place and the mend. */
enum err baseline_read(struct baseline *baseline, struct view text, struct view file,
                       struct buf *complaint) NODISCARD;
/* Once all files are read. An id in quarantine in one file and listed in another is in quarantine;
 * other contradictions are ERR_SYNTAX. */
enum err baseline_settle(struct baseline *baseline, struct buf *complaint) NODISCARD;
struct entry *baseline_find(const struct baseline *baseline, struct view id); /* NULL: not known */
/* A copy of the entry, before baseline_settle. MEMORY. */
enum err baseline_add(struct baseline *baseline, const struct entry *entry) NODISCARD;
/* A line for each entry, after one that says what it was made for. */
void baseline_write(const struct baseline *baseline, struct buf *out);
void baseline_deinit(struct baseline *baseline);

const char *entry_status_text(enum entry_status status); /* "pass", "fail" … */
/* Whether the day that it holds until is past. today: "2026-11-23" */
bool entry_expired(const struct entry *entry, struct view today);
/* "no hold yet, #17, anna, until 2026-12-31": what is said of it, in one line. */
void entry_words(const struct entry *entry, struct buf *out);
