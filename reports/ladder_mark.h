/* What happens on the lanes of a ladder between its messages, and the instants at which messages
 * leave and arrive: one list in order of time, from which a picture with a time axis is laid out.
 *
 *     enum err err = ladder_mark_event(ladder, &event);
 *     ladder_marks_finish(ladder);
 */
#pragma once
#include "core/base.h"

struct ladder;
enum ladder_mark_kind { MARK_SENT, MARK_ARRIVED, MARK_STATE, MARK_TIMER, MARK_STEP };

struct ladder_mark {
    enum ladder_mark_kind kind;
    uint64_t time_us, seq;
    size_t row;     /* SENT and ARRIVED: whose */
    uint32_t party; /* STATE and TIMER: on whose lane */
    uint32_t lane;  /* of the party; LADDER_NO_LANE: it says nothing to anybody */
    struct handle object;
    struct view what, from, to, why; /* STATE; TIMER and STEP: what has its name */
    enum trace_timer_act act;
    bool acted; /* TIMER that fired: a message, or a state that users see, came of it */
};

enum { LADDER_NO_LANE = INT32_MAX };

struct ladder_finding { /* what the monitor blames somebody for */
    struct view rule, section, sentence;
    size_t row; /* the first message of its evidence; SIZE_MAX: it is not in the ladder */
};

/* STATE, TIMER, STEP and FINDING events; others are none of its business. MEMORY. */
enum err ladder_mark_event(struct ladder *ladder, const struct trace_event *event) NODISCARD;
/* A row left or arrived by this event. MEMORY. */
enum err ladder_mark_row(struct ladder *ladder, enum ladder_mark_kind kind, size_t row,
                         const struct trace_event *event) NODISCARD;
/* The ghost came to stand at this place of the rows; all behind it moved on. MEMORY. */
enum err ladder_mark_ghost(struct ladder *ladder, size_t place) NODISCARD;
/* Once lanes and rows have their last places. */
void ladder_marks_finish(struct ladder *ladder);
void ladder_marks_deinit(struct ladder *ladder);
/* The timer that sent this message; absent: none did. */
struct view ladder_timer_of(const struct ladder *ladder, const struct trace_event *event);
