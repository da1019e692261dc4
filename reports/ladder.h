/* The messages of a case as rows between lanes: what the text ladder, Mermaid and the page draw.
 *
 *     struct ladder ladder;
 *     if (ladder_init(&ladder, one) == ERR_OK)
 *         draw(ladder.rows, ladder.row_count);
 *     ladder_deinit(&ladder);
 *
 * One row is one transmission: an OUT event with what became of it (arrived, lost), or an IN event
 * of somebody who is not ours. A lane is a party by its identity, not by its port.
 */
#pragma once
#include "reports/detail.h"
#include "reports/ladder_mark.h"
#include "reports/report.h"

enum { LADDER_LANES_MOST = 32 }; /* what comes after shares the last lane */

struct ladder_lane {
    uint32_t party; /* 0: known by its address only */
    struct addr addr;
    struct view name; /* empty: the address stands for it */
    bool used;        /* a row begins or ends there */
};

struct ladder_row {
    uint64_t seq, time_us;
    uint64_t arrived_us; /* NEVER: it did not, or nobody can know */
    uint64_t copy_of;    /* seq of the first transmission; 0: this is the first */
    uint32_t copy;       /* 1: the first copy of it … */
    uint32_t copies;     /* of the same message, in all */
    uint32_t from, to;   /* lanes */
    enum trace_fate fate;
    struct view label, why;
    struct view timer;      /* that sent it; absent: none */
    struct view copied_why; /* the rule by which the network made more of it */
    struct view broken;     /* the first rule of the monitor's that it breaks */
    uint32_t broken_count;
    struct view bytes;  /* as they were sent */
    struct view was;    /* before a hook changed them; absent: none did */
    struct view became; /* as they arrived, where somebody changed them under way; else absent */
    enum proto proto;
    bool sip;    /* not stray bytes */
    bool marked; /* the message that is wrong */
    bool ghost;  /* never came */
    bool again;  /* one more arrival of what was sent once: the network copied it */
};

struct ladder {
    struct ladder_lane lanes[LADDER_LANES_MOST];
    size_t lane_count;
    struct ladder_row *rows; /* by time of sending */
    uint32_t row_count, row_size;
    struct ladder_mark *marks; /* what is to be drawn, by time */
    uint32_t mark_count, mark_size;
    struct ladder_finding *findings;
    uint32_t finding_count, finding_size;
    struct detail detail;
    uint64_t end_us;                /* of the last event */
    uint64_t failed_us, failed_seq; /* of the first expectation that failed; seq 0: none */
    bool real;                      /* over sockets: microseconds would be noise */
};

enum err ladder_init(struct ladder *ladder, const struct report_case *one) NODISCARD;
void ladder_deinit(struct ladder *ladder);
/* It belongs to the tidy-up: the scenario had failed by then. */
bool ladder_row_late(const struct ladder *ladder, const struct ladder_row *row);
/* It went no further than its cross: lost, refused or swallowed, and no copy of it arrived. */
bool ladder_row_stopped(const struct ladder_row *row);
/* Its arrival is worth a word: it crossed with one of its receiver, or was overtaken. */
bool ladder_row_overtaken(const struct ladder *ladder, size_t index);
void ladder_lane_name(const struct ladder *ladder, uint32_t lane, struct buf *out);
/* At most `most` rows: the first few, and the rest from the end. indent: spaces before each line.
 */
void ladder_draw(struct buf *out, const struct ladder *ladder, unsigned width, size_t most,
                 size_t indent);
