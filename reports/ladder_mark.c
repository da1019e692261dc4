#include "reports/ladder_mark.h"

#include "reports/ladder.h"

#include <string.h>

static enum err mark_add(struct ladder *ladder, struct ladder_mark mark)
{
    struct ladder_mark *marks =
        mem_room(ladder->marks, sizeof *marks, ladder->mark_count, &ladder->mark_size, 64);
    if (marks == NULL)
        return ERR_MEMORY;
    ladder->marks = marks;
    mark.lane = LADDER_NO_LANE;
    ladder->marks[ladder->mark_count++] = mark;
    return ERR_OK;
}

/* Marks stand in order of seq until the ghost is put in. */
static struct ladder_mark *mark_find(const struct ladder *ladder, uint64_t seq)
{
    size_t low = 0, high = ladder->mark_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ladder->marks[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = seq != 0 && low < ladder->mark_count && ladder->marks[low].seq == seq;
    return found ? &ladder->marks[low] : NULL;
}

/* The timer that this event came of. */
static struct ladder_mark *timer_find(const struct ladder *ladder, const struct trace_event *event)
{
    struct ladder_mark *mark = mark_find(ladder, event->cause);
    bool fired = mark != NULL && mark->kind == MARK_TIMER && mark->act == TIMER_FIRED;
    return fired ? mark : NULL;
}

struct view ladder_timer_of(const struct ladder *ladder, const struct trace_event *event)
{
    const struct ladder_mark *timer = timer_find(ladder, event);
    return timer == NULL ? (struct view){0} : timer->what;
}

static void timer_acted(struct ladder *ladder, const struct trace_event *event)
{
    struct ladder_mark *timer = timer_find(ladder, event);
    if (timer != NULL)
        timer->acted = true;
}

/* Evidence comes as seqs of messages; the first one says where the finding is shown. */
static enum err finding_add(struct ladder *ladder, const struct trace_event *event)
{
    struct ladder_finding *all =
        mem_room(ladder->findings, sizeof *all, ladder->finding_count, &ladder->finding_size, 4);
    if (all == NULL)
        return ERR_MEMORY;
    bool proven = event->u.finding.evidence_count > 0;
    uint64_t seq = proven ? event->u.finding.evidence[0] : 0;
    const struct ladder_mark *mark = mark_find(ladder, seq);
    bool shown = mark != NULL && (mark->kind == MARK_SENT || mark->kind == MARK_ARRIVED);
    all[ladder->finding_count++] = (struct ladder_finding){.rule = event->u.finding.rule,
                                                           .section = event->u.finding.section,
                                                           .sentence = event->u.finding.sentence,
                                                           .row = shown ? mark->row : SIZE_MAX};
    ladder->findings = all;
    return ERR_OK;
}

/* Transactions come to their ends by timers, long after anybody has an interest in them. */
static bool state_of_transaction(const struct trace_event *event)
{
    struct view what = event->u.state.what;
    return view_ends(what, V("client")) || view_ends(what, V("server"));
}

static enum err mark_event_add(struct ladder *ladder, const struct trace_event *event)
{
    bool timer = event->kind == TRACE_TIMER;
    if (!timer && !state_of_transaction(event))
        timer_acted(ladder, event);
    struct ladder_mark mark = {.kind = timer ? MARK_TIMER : MARK_STATE,
                               .time_us = event->time_us,
                               .seq = event->seq,
                               .party = event->party,
                               .object = event->object};
    if (timer) {
        mark.what = event->u.timer.name;
        mark.act = event->u.timer.act;
    } else {
        mark.what = event->u.state.what;
        mark.from = event->u.state.from;
        mark.to = event->u.state.to;
        mark.why = event->u.state.why;
    }
    return mark_add(ladder, mark);
}

/* Where a step of the scenario begins. */
static enum err step_add(struct ladder *ladder, const struct trace_event *event)
{
    if (!view_equal(event->u.note.text, V("begin")))
        return ERR_OK;
    return mark_add(ladder, (struct ladder_mark){.kind = MARK_STEP,
                                                 .time_us = event->time_us,
                                                 .seq = event->seq,
                                                 .what = event->u.note.name});
}

enum err ladder_mark_event(struct ladder *ladder, const struct trace_event *event)
{
    if (event->kind == TRACE_STEP)
        return step_add(ladder, event);
    if (event->kind == TRACE_FINDING)
        return finding_add(ladder, event);
    if (event->kind == TRACE_STATE || event->kind == TRACE_TIMER)
        return mark_event_add(ladder, event);
    return ERR_OK;
}

enum err ladder_mark_row(struct ladder *ladder, enum ladder_mark_kind kind, size_t row,
                         const struct trace_event *event)
{
    timer_acted(ladder, event);
    return mark_add(ladder,
                    (struct ladder_mark){
                        .kind = kind, .time_us = event->time_us, .seq = event->seq, .row = row});
}

static void rows_move(struct ladder *ladder, size_t place)
{
    for (size_t i = 0; i < ladder->mark_count; i++)
        if (ladder->marks[i].kind <= MARK_ARRIVED && ladder->marks[i].row >= place)
            ladder->marks[i].row++;
    for (size_t i = 0; i < ladder->finding_count; i++)
        if (ladder->findings[i].row != SIZE_MAX && ladder->findings[i].row >= place)
            ladder->findings[i].row++;
}

enum err ladder_mark_ghost(struct ladder *ladder, size_t place)
{
    uint64_t at_us = ladder->rows[place].time_us;
    rows_move(ladder, place);
    if (mark_add(ladder, (struct ladder_mark){0}) != ERR_OK)
        return ERR_MEMORY;
    size_t at = ladder->mark_count - 1;
    while (at > 0 && (ladder->marks[at - 1].time_us > at_us ||
                      (ladder->failed_seq != 0 && ladder->marks[at - 1].seq > ladder->failed_seq)))
        at--;
    memmove(ladder->marks + at + 1, ladder->marks + at,
            (ladder->mark_count - 1 - at) * sizeof *ladder->marks);
    ladder->marks[at] = (struct ladder_mark){
        .kind = MARK_SENT, .time_us = at_us, .row = place, .lane = LADDER_NO_LANE};
    return ERR_OK;
}

static uint32_t lane_of_party(const struct ladder *ladder, uint32_t party)
{
    for (uint32_t i = 0; party != 0 && i < ladder->lane_count; i++)
        if (ladder->lanes[i].party == party)
            return i;
    return LADDER_NO_LANE;
}

void ladder_marks_finish(struct ladder *ladder)
{
    for (size_t i = 0; i < ladder->mark_count; i++)
        if (ladder->marks[i].kind == MARK_STATE || ladder->marks[i].kind == MARK_TIMER)
            ladder->marks[i].lane = lane_of_party(ladder, ladder->marks[i].party);
}

void ladder_marks_deinit(struct ladder *ladder)
{
    mem_free(ladder->marks);
    mem_free(ladder->findings);
}
