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
    LAYOUT_STEP,  /* a step of the scenario begins */
    LAYOUT_NAMES, /* the parties' names again, in a long ladder */
    LAYOUT_STATE, /* a note on the lane */
    LAYOUT_TIMER  /* a bar beside the lane: from its start until it fired or was stopped */
};

struct layout_item {
    enum layout_kind kind;
    int y1, y2;
    unsigned slot;    /* TIMER: how far from the lane */
    int tick;         /* TIMER: base of its name; 0: it was stopped, and has none */
    size_t mark;      /* STATE, STEP, TIMER: of the ladder */
    uint64_t idle_us; /* FOLD */
    size_t count;
};

struct layout_row {
    int y1, y2;         /* where it is sent, where it arrives */
    int x;              /* middle of its words */
    int label_y;        /* base of its label */
    int note_y;         /* base of the first of its notes; the others are below it */
    size_t notes;       /* how many lines they are */
    bool copy_in_label; /* what copy it is stands behind the label */
};

struct layout {
    const struct ladder *ladder;
    struct layout_row *rows;
    int *marks; /* heights of the ladder's marks */
    struct layout_item *items;
    uint32_t item_count, item_size;
    size_t head, tail;                   /* rows between are left out */
    int gap, left, right, width, height; /* left, right: margins beside the outer lanes */
    int times;                           /* where the times at the left end */
};

enum {
    LAYOUT_TOP = 50, /* below the parties' names */
    LAYOUT_PILL = 17,
    LAYOUT_NOTE = 12,      /* height of a line of notes */
    LAYOUT_LETTER = 8,     /* width of a label's letter, at the most that is usual */
    LAYOUT_NOTE_LETTER = 6 /* of a note's */
};

static inline int larger(int a, int b)
{
    return a > b ? a : b;
}

static inline int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* At most `most` rows: the first few, and the rest from the end. MEMORY. */
enum err layout_init(struct layout *layout, const struct ladder *ladder, size_t most) NODISCARD;
void layout_deinit(struct layout *layout);
bool layout_hides(const struct layout *layout, size_t row);
int layout_lane(const struct layout *layout, uint32_t lane); /* x */
/* The left edge of a note on the lane, so wide: outer lanes have theirs outside of the arrows. */
int layout_pill_left(const struct layout *layout, uint32_t lane, int width);
int layout_pill_width(const struct ladder_mark *mark);
/* "confirmed" of a call, "registration active" of what else there is. */
void layout_pill_text(const struct ladder_mark *mark, struct buf *out);
/* Of a row's arrow from lane to lane; 0: to oneself. */
int layout_length(const struct layout *layout, const struct ladder_row *row);
/* How many letters of a label, or of a note, fit between the lanes of a row. */
size_t layout_columns(const struct layout *layout, const struct ladder_row *row, int letter);
bool layout_state_shown(const struct ladder_mark *mark);
/* The heights of everything, and of the whole. MEMORY. */
enum err layout_place(struct layout *layout) NODISCARD;
/* Finds a place for the words of each row, where no others stand. MEMORY. */
enum err layout_words(struct layout *layout) NODISCARD;
