#include "reports/ladder.h"

#include "reports/event.h"
#include "reports/text.h"

#include <string.h>

static uint32_t lane_add(struct ladder *ladder, struct ladder_lane lane)
{
    if (ladder->lane_count == LADDER_LANES_MOST) {
        ladder->lanes[LADDER_LANES_MOST - 1].name = V("others");
        return LADDER_LANES_MOST - 1;
    }
    ladder->lanes[ladder->lane_count] = lane;
    return (uint32_t)ladder->lane_count++;
}

/* A number names a party for good; without one the address does, which may be one of theirs. */
static bool lane_is(const struct ladder_lane *lane, uint32_t party, const struct addr *addr)
{
    if (party != 0 || addr->family == 0)
        return lane->party == party && (party != 0 || lane->addr.family == 0);
    return lane->addr.family != 0 && addr_equal(&lane->addr, addr);
}

static bool lane_find(const struct ladder *ladder, uint32_t party, const struct addr *addr,
                      uint32_t *out)
{
    for (uint32_t i = 0; i < ladder->lane_count; i++)
        if (lane_is(&ladder->lanes[i], party, addr)) {
            *out = i;
            return true;
        }
    return false;
}

static uint32_t lane_get(struct ladder *ladder, uint32_t party, const struct addr *addr)
{
    uint32_t lane;
    if (!lane_find(ladder, party, addr, &lane))
        lane = lane_add(ladder, (struct ladder_lane){.party = party, .addr = *addr});
    ladder->lanes[lane].used = true;
    return lane;
}

static void party_read(struct ladder *ladder, const struct trace_event *event)
{
    uint32_t lane;
    struct addr none = {0};
    if (event->party == 0 || lane_find(ladder, event->party, &none, &lane))
        return;
    lane_add(ladder, (struct ladder_lane){.party = event->party,
                                          .addr = event->u.note.addr,
                                          .name = event->u.note.name});
}

/* Rows stand in order of seq until the ghost is put in. */
static struct ladder_row *row_find(const struct ladder *ladder, uint64_t seq)
{
    size_t low = 0, high = ladder->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ladder->rows[middle].seq < seq)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = seq != 0 && low < ladder->row_count && ladder->rows[low].seq == seq;
    return found ? &ladder->rows[low] : NULL;
}

static struct ladder_row *row_add(struct ladder *ladder)
{
    struct ladder_row *rows =
        mem_room(ladder->rows, sizeof *rows, ladder->row_count, &ladder->row_size, 32);
    if (rows == NULL)
        return NULL;
    ladder->rows = rows;
    struct ladder_row *row = &ladder->rows[ladder->row_count++];
    *row = (struct ladder_row){.arrived_us = NEVER};
    return row;
}

static bool fate_gone(enum trace_fate fate)
{
    return fate == FATE_LOST || fate == FATE_REFUSED;
}

/* What the network or a hook did to a transmission on its way, besides bringing it. */
static void row_befall(struct ladder_row *row, const struct trace_wire *wire)
{
    if (wire->fate == FATE_CHANGED || wire->fate == FATE_CORRUPTED)
        row->became = wire->bytes;
    if (wire->fate == FATE_COPIED)
        row->copied_why = wire->why;
    else if (wire->fate != FATE_NONE && row->fate == FATE_NONE) {
        row->fate = wire->fate;
        row->why = wire->why;
    }
}

/* What became of a transmission that has its row. False: this is one more arrival of it. */
static bool row_follow(struct ladder_row *row, const struct trace_event *event)
{
    bool arrival = event->u.wire.side == SIDE_IN && !fate_gone(event->u.wire.fate);
    if (arrival && row->arrived_us != NEVER)
        return false;
    if (arrival)
        row->arrived_us = event->time_us;
    row_befall(row, &event->u.wire);
    return true;
}

/* What the network did to a datagram of somebody else: its arrival is still to come. */
static bool only_passes(const struct trace_wire *wire)
{
    bool arrives = wire->fate == FATE_COPIED || wire->fate == FATE_CORRUPTED;
    return wire->side == SIDE_SEEN && wire->was_out == 0 && arrives;
}

static enum err wire_read(struct ladder *ladder, const struct trace_event *event)
{
    const struct trace_wire *wire = &event->u.wire;
    if (only_passes(wire))
        return ERR_OK;
    struct ladder_row *out = row_find(ladder, wire->was_out);
    struct view copied_why = out == NULL ? (struct view){0} : out->copied_why;
    bool as_sent = out != NULL && wire->bytes.ptr == NULL;
    struct view bytes = as_sent ? out->bytes : wire->bytes;
    bool again = out != NULL;
    if (out != NULL && row_follow(out, event))
        return out->arrived_us == event->time_us && wire->side == SIDE_IN
                   ? ladder_mark_row(ladder, MARK_ARRIVED, (size_t)(out - ladder->rows), event)
                   : ERR_OK;
    struct ladder_row *row = row_add(ladder);
    if (row == NULL)
        return ERR_MEMORY;
    row->seq = event->seq;
    row->time_us = event->time_us;
    row->arrived_us = wire->side == SIDE_IN ? event->time_us : NEVER;
    row->copy_of = wire->copy_of;
    row->from = lane_get(ladder, wire->from, &wire->source);
    row->to = lane_get(ladder, wire->to, &wire->target);
    row->fate = wire->fate;
    row->label = wire->label;
    row->why = wire->why;
    row->bytes = bytes;
    row->was = out == NULL ? wire->was : (struct view){0};
    row->proto = wire->proto;
    row->sip = event->kind == TRACE_MESSAGE;
    row->again = again;
    row->copied_why = copied_why;
    row->timer = ladder_timer_of(ladder, event);
    return ladder_mark_row(ladder, MARK_SENT, ladder->row_count - 1, event);
}

/* A connection that never came about, where no message will show that somebody wanted one. */
static enum err flow_read(struct ladder *ladder, const struct trace_event *event)
{
    struct view what = event->u.state.what, why = event->u.state.why;
    struct addr remote, none = {0};
    uint32_t lane;
    bool opening = view_equal(event->u.state.from, V("opening"));
    bool securing = view_equal(event->u.state.from, V("securing"));
    bool ends =
        view_equal(event->u.state.to, V("gone")) || view_equal(event->u.state.to, V("closing"));
    if (!ends || why.len == 0 || !(opening || securing) ||
        addr_parse(view_skip(what, view_find(what, V(" to ")) + 4), &remote) != ERR_OK)
        return ERR_OK;
    if (securing && !lane_find(ladder, 0, &remote, &lane))
        return ERR_OK; /* whose it is who opened it, tells it */
    struct ladder_row *row = row_add(ladder);
    if (row == NULL)
        return ERR_MEMORY;
    row->seq = event->seq;
    row->time_us = event->time_us;
    row->arrived_us = NEVER;
    row->from = lane_get(ladder, event->party, &none);
    row->to = lane_get(ladder, 0, &remote);
    row->fate = FATE_REFUSED;
    row->label = securing ? V("TLS handshake") : why;
    row->why = securing ? why : what;
    return ladder_mark_row(ladder, MARK_SENT, ladder->row_count - 1, event);
}

/* Where the scenario stopped: what was sent after it is the tidy-up. */
static void failed_at(struct ladder *ladder, const struct trace_event *event)
{
    if (ladder->failed_seq != 0)
        return;
    ladder->failed_us = event->time_us;
    ladder->failed_seq = event->seq;
}

static void expect_read(struct ladder *ladder, const struct trace_event *event)
{
    if (!event->u.expect.ok && !event->u.expect.soft)
        failed_at(ladder, event);
}

/* The first event that proves it is the message at fault. */
static void finding_read(struct ladder *ladder, const struct trace_event *event)
{
    struct ladder_row *row = event->u.finding.evidence_count == 0
                                 ? NULL
                                 : row_find(ladder, event->u.finding.evidence[0]);
    if (row != NULL && row->broken_count++ == 0)
        row->broken = event->u.finding.rule;
}

static enum err events_read(struct ladder *ladder, struct view events)
{
    struct arena evidence = {0};
    enum err err = ERR_OK;
    for (struct trace_event event; err == ERR_OK && event_take(&events, &evidence, &event);) {
        ladder->end_us = event.time_us > ladder->end_us ? event.time_us : ladder->end_us;
        if (event.kind == TRACE_PARTY)
            party_read(ladder, &event);
        else if (event.kind == TRACE_EXPECT)
            expect_read(ladder, &event);
        else if (event.kind == TRACE_LOG && view_equal(event.u.note.name, V("error")))
            failed_at(ladder, &event);
        else if (event.kind == TRACE_FLOW)
            err = flow_read(ladder, &event);
        else if (event.kind == TRACE_FINDING)
            finding_read(ladder, &event);
        else if (event.kind == TRACE_MESSAGE || event.kind == TRACE_BYTES)
            err = wire_read(ladder, &event);
        if (err == ERR_OK)
            err = ladder_mark_event(ladder, &event);
        arena_reset(&evidence);
    }
    arena_deinit(&evidence);
    return err;
}

/* A copy's number is that of the copy before it plus one: the original keeps the count meanwhile.
 */
static void copies_number(struct ladder *ladder)
{
    for (size_t i = 0; i < ladder->row_count; i++) {
        bool again = ladder->rows[i].again;
        struct ladder_row *first = again ? NULL : row_find(ladder, ladder->rows[i].copy_of);
        if (first != NULL && first != &ladder->rows[i])
            ladder->rows[i].copy = ++first->copy;
    }
    for (size_t i = 0; i < ladder->row_count; i++) {
        const struct ladder_row *first = row_find(ladder, ladder->rows[i].copy_of);
        ladder->rows[i].copies = first == NULL ? 0 : first->copy;
    }
    for (size_t i = 0; i < ladder->row_count; i++)
        if (ladder->rows[i].copy_of == 0 || ladder->rows[i].again)
            ladder->rows[i].copy = 0;
}

/* The verdict names an OUT event, or the IN event that came of it. */
static void message_mark(struct ladder *ladder, struct view events)
{
    uint64_t seq = ladder->detail.message;
    struct ladder_row *row = row_find(ladder, seq);
    if (seq == 0)
        return;
    for (struct trace_event event; row == NULL && event_take(&events, NULL, &event);)
        if (event.seq == seq && (event.kind == TRACE_MESSAGE || event.kind == TRACE_BYTES))
            row = row_find(ladder, event.u.wire.was_out);
    if (row != NULL)
        row->marked = true;
}

bool ladder_row_late(const struct ladder *ladder, const struct ladder_row *row)
{
    return ladder->failed_seq != 0 && row->seq > ladder->failed_seq;
}

bool ladder_row_stopped(const struct ladder_row *row)
{
    bool gone = fate_gone(row->fate) || row->fate == FATE_SWALLOWED;
    return gone && row->arrived_us == NEVER;
}

enum { ARRIVAL_ROWS = 50 };

/* An arrival is worth a word when the message crossed with one of its receiver, or when one that
 * was sent later came before it. */
bool ladder_row_overtaken(const struct ladder *ladder, size_t index)
{
    const struct ladder_row *row = &ladder->rows[index];
    if (row->arrived_us == NEVER)
        return false;
    for (size_t i = index + 1; i < ladder->row_count && i - index <= ARRIVAL_ROWS; i++) {
        const struct ladder_row *next = &ladder->rows[i];
        if (next->time_us >= row->arrived_us)
            return false;
        bool overtakes = next->to == row->to && next->arrived_us < row->arrived_us;
        if (!next->ghost && !next->again && (next->from == row->to || overtakes))
            return true;
    }
    return false;
}

static uint32_t lane_by_name(struct ladder *ladder, struct view name)
{
    for (uint32_t i = 0; i < ladder->lane_count; i++)
        if (view_equal(ladder->lanes[i].name, name)) {
            ladder->lanes[i].used = true;
            return i;
        }
    return lane_add(ladder, (struct ladder_lane){.name = name, .used = true});
}

static enum err ghost_add(struct ladder *ladder)
{
    const struct detail_ghost *ghost = &ladder->detail.ghost;
    if (ghost->label.len == 0 || ghost->from.len == 0 || ghost->to.len == 0)
        return ERR_OK;
    if (row_add(ladder) == NULL)
        return ERR_MEMORY;
    uint64_t at_us = ghost->at_us != NEVER     ? ghost->at_us
                     : ladder->failed_seq != 0 ? ladder->failed_us
                                               : ladder->end_us;
    size_t place = ladder->row_count - 1;
    while (place > 0 && (ladder->rows[place - 1].time_us > at_us ||
                         ladder_row_late(ladder, &ladder->rows[place - 1])))
        place--;
    memmove(ladder->rows + place + 1, ladder->rows + place,
            (ladder->row_count - 1 - place) * sizeof *ladder->rows);
    uint32_t from = lane_by_name(ladder, ghost->from), to = lane_by_name(ladder, ghost->to);
    ladder->rows[place] = (struct ladder_row){.time_us = at_us,
                                              .arrived_us = NEVER,
                                              .from = from,
                                              .to = to,
                                              .label = ghost->label,
                                              .ghost = true};
    return ladder_mark_ghost(ladder, place);
}

/* Lanes that no row touches are not drawn: the others move up. */
static void lanes_compact(struct ladder *ladder)
{
    uint32_t moved[LADDER_LANES_MOST] = {0}, count = 0;
    for (uint32_t i = 0; i < ladder->lane_count; i++)
        if (ladder->lanes[i].used) {
            moved[i] = count;
            ladder->lanes[count++] = ladder->lanes[i];
        }
    ladder->lane_count = count;
    for (size_t i = 0; i < ladder->row_count; i++) {
        ladder->rows[i].from = moved[ladder->rows[i].from];
        ladder->rows[i].to = moved[ladder->rows[i].to];
    }
}

enum err ladder_init(struct ladder *ladder, const struct report_case *one)
{
    *ladder = (struct ladder){.real = view_equal(one->net, V("real"))};
    detail_init(&ladder->detail, one->detail);
    enum err err = events_read(ladder, one->events);
    if (err == ERR_OK) {
        copies_number(ladder);
        message_mark(ladder, one->events);
        err = ghost_add(ladder);
    }
    if (err == ERR_OK) {
        lanes_compact(ladder);
        ladder_marks_finish(ladder);
    } else {
        ladder_deinit(ladder);
    }
    return err;
}

void ladder_deinit(struct ladder *ladder)
{
    mem_free(ladder->rows);
    ladder_marks_deinit(ladder);
    detail_deinit(&ladder->detail);
    *ladder = (struct ladder){0};
}

void ladder_lane_name(const struct ladder *ladder, uint32_t lane, struct buf *out)
{
    const struct ladder_lane *found = &ladder->lanes[lane];
    if (found->name.len > 0)
        text_add(out, found->name);
    else if (found->addr.family != 0)
        addr_write(out, &found->addr);
    else
        buf_add(out, V("unknown"));
}
