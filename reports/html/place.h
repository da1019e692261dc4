/* Where the next event of a ladder is placed: private to place.c and place_timer.c. */
#pragma once
#include "reports/html/layout.h"

struct cursor {
    struct layout *layout;
    int y;
    int next_sent;                   /* no message leaves above it: labels need room */
    int words_end;                   /* the notes of the last message end here */
    int floor;                       /* what reaches over all lanes ends here */
    int last_time;                   /* height of the last time at the left */
    int last_arrived;                /* height of the last arrival */
    int pill_end[LADDER_LANES_MOST]; /* of the last note on a state, or a timer's name */
    uint64_t time_us;
    size_t since_names; /* rows */
    bool begun, late, cut;
    size_t pills; /* notes on states that were last, of one instant */
};

/* At the cursor's height; NULL: no memory. */
struct layout_item *place_item(struct cursor *cursor, enum layout_kind kind);
/* Timers that made something happen, and those that were stopped: what merely ran out said nothing
 * to anybody. */
bool place_timer_shown(const struct ladder_mark *mark);
/* A bar from its start until it fired or was stopped. MEMORY. */
enum err place_timer(struct cursor *cursor, size_t index) NODISCARD;
