#include "reports/remark.h"

#include "reports/text.h"

enum { LINE_SHOWN = 100 };

static void name_add(struct buf *out, const struct survey *survey, uint32_t number,
                     const struct addr *addr)
{
    const struct survey_party *party = survey_party(survey, number);
    if (party != NULL && party->name.len > 0)
        text_add(out, party->name);
    else if (addr->family != 0)
        addr_write(out, addr);
    else
        buf_add(out, V("unknown"));
}

static void why_add(struct buf *out, struct view why)
{
    if (why.len == 0)
        return;
    buf_add(out, V(": "));
    text_add(out, why);
}

/* The line of what it was before at which the two begin to differ. */
static void difference_add(struct buf *out, struct view was, struct view now)
{
    size_t same = 0, begin = 0;
    while (same < was.len && same < now.len && was.ptr[same] == now.ptr[same])
        same++;
    for (size_t i = 0; i < same; i++)
        if (was.ptr[i] == '\n')
            begin = i + 1;
    struct view line = view_skip(was, begin);
    line = view_trim(view_head(line, view_find_char(line, '\n')));
    if (line.len == 0)
        return;
    buf_add(out, V(", first at \""));
    text_add_cut(out, line, LINE_SHOWN);
    buf_add(out, V("\""));
}

static void hook_add(struct buf *out, const struct remark *remark, enum trace_side side,
                     uint32_t number, const char *what)
{
    const struct addr none = {0};
    buf_printf(out, "; on_%s of ", side == SIDE_OUT ? "send" : "receive");
    name_add(out, remark->survey, number, &none);
    buf_printf(out, " %s it", what);
}

static void again_add(struct buf *out, const struct remark *remark)
{
    if (remark->nth_copy == 0)
        return;
    buf_printf(out, "; retransmission %u of frame %u", remark->nth_copy, remark->first_frame);
    if (remark->timer.len > 0)
        buf_printf(out, " (timer %.*s)", VIEW_ARG(remark->timer));
}

static uint32_t fates_count(struct survey_notes notes, enum trace_fate fate)
{
    uint32_t count = 0;
    for (size_t i = 0; i < notes.count; i++)
        count += notes.first[i].fate == fate;
    return count;
}

static void found_add(struct buf *out, const struct survey_note *note)
{
    buf_add(out, V("; "));
    text_add(out, note->rule);
    buf_add(out, note->rule.len > 0 ? V(": ") : V(""));
    text_add(out, note->why);
}

static void note_add(struct buf *out, const struct remark *remark, const struct survey_note *note,
                     bool some)
{
    if (note->fate == FATE_NONE) {
        found_add(out, note);
        return;
    }
    if (note->side == SIDE_IN && note->fate == FATE_CHANGED)
        hook_add(out, remark, SIDE_IN, note->to, "changed");
    if (note->side == SIDE_IN && note->fate == FATE_SWALLOWED)
        hook_add(out, remark, SIDE_IN, note->to, "swallowed");
    if (note->fate == FATE_LOST)
        buf_add(out, some ? V("; one of these was lost") : V("; lost"));
    if (note->fate == FATE_REFUSED)
        buf_add(out, V("; refused"));
    if (note->fate == FATE_COPIED)
        buf_add(out, V("; copied by the network"));
    if (note->fate == FATE_CORRUPTED)
        buf_add(out, V("; corrupted on its way"));
    why_add(out, note->why);
}

static void notes_add(struct buf *out, const struct remark *remark, uint64_t of)
{
    struct survey_notes notes = survey_notes(remark->survey, of);
    bool some = fates_count(notes, FATE_LOST) <= fates_count(notes, FATE_COPIED);
    for (size_t i = 0; i < notes.count; i++)
        note_add(out, remark, &notes.first[i], some);
}

void remark_write(struct buf *out, const struct remark *remark)
{
    const struct trace_event *event = remark->event;
    const struct trace_wire *wire = &event->u.wire;
    size_t begin = out->len;
    name_add(out, remark->survey, wire->from, &wire->source);
    buf_add(out, V("->>"));
    name_add(out, remark->survey, wire->to, &wire->target);
    buf_add(out, V(": "));
    text_add(out, wire->label);
    size_t head = out->len;
    if (remark->after_failure)
        buf_add(out, V("; the scenario has failed by now: the tidy-up begins"));
    again_add(out, remark);
    if (wire->side == SIDE_OUT && wire->fate == FATE_CHANGED) {
        hook_add(out, remark, SIDE_OUT, wire->from, "changed");
        difference_add(out, wire->was, wire->bytes);
    }
    if (wire->side == SIDE_IN) /* of a device: what the network did with it came before */
        notes_add(out, remark, event->cause);
    notes_add(out, remark, event->seq);
    if (out->len == head)
        out->len = begin;
}
