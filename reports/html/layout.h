/* Where everything stands in a ladder with a time axis. Times become heights so that later is
 * lower, what takes time is a slope, and what is long and empty is folded.
 *
 *     enum err err = layout_init(&layout, ladder, most);
 *     draw(layout.rows[i].y1, layout.rows[i].y2);
 *     layout_deinit(&layout);
 */
#pragma once
#include "reports/ladder.h"

enum layout_kind {
    LAYOUT_FOLD,  /* nothing happens for a while */
    LAYOUT_LEFT,  /* rows that are left out: `count` of them */
    LAYOUT_LATE,  /* the scenario had failed: the tidy-up follows */
    LAYOUT_STATE, /* a note on the lane */
    LAYOUT_TIMER  /* a bar beside the lane: from its start until it fired */
};

struct layout_item {
    enum layout_kind kind;
    int y1, y2;
    unsigned slot;    /* TIMER: how far from the lane */
    size_t mark;      /* STATE, TIMER: of the ladder */
    uint64_t idle_us; /* FOLD */
    size_t count;
};

struct layout_row {
    int y1, y2; /* where it is sent, where it arrives */
};

struct layout {
    const struct ladder *ladder;
    struct layout_row *rows;
    int *marks; /* heights of the ladder's marks */
    struct layout_item *items;
    uint32_t item_count, item_size;
    size_t head, tail; /* rows between are left out */
    int gap, width, height;
};

enum { LAYOUT_LEFT_MARGIN = 100, LAYOUT_RIGHT_MARGIN = 74, LAYOUT_TOP = 62, LAYOUT_PILL = 17 };

/* At most `most` rows: the first few, and the rest from the end. MEMORY. */
enum err layout_init(struct layout *layout, const struct ladder *ladder, size_t most) NODISCARD;
void layout_deinit(struct layout *layout);
bool layout_hides(const struct layout *layout, size_t row);
int layout_lane(const struct layout *layout, uint32_t lane); /* x */
