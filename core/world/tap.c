#include "core/world/inside.h"

static struct view row_value(const struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_line *line = sip_msg_find(msg, id, 0);
    return line == NULL ? (struct view){0} : line->value;
}

/* Labels are made here, so that no reader parses SIP. */
static void wire_describe(struct trace_wire *wire, const struct flight *flight, char *room)
{
    wire->proto = flight->proto;
    wire->from = flight->from;
    wire->to = flight->to;
    wire->source = flight->source;
    wire->target = flight->target;
    wire->flow = flight->link;
    wire->bytes = blob_view(flight->bytes);
    wire->copy_of = flight->copy_of;
    wire->intended = flight->intended;
    if (flight->msg == NULL) {
        wire->label = V("not SIP");
        return;
    }
    const struct sip_via *via = sip_msg_via(flight->msg, 0);
    wire->label = sip_msg_label(flight->msg, room, SIP_LABEL_MAX);
    wire->call_id = sip_msg_call_id(flight->msg);
    wire->branch = via == NULL ? (struct view){0} : via->branch;
    wire->cseq = row_value(flight->msg, SIP_HEADER_CSEQ);
}

static uint32_t late_us(const struct world *world)
{
    return world->late_us < UINT32_MAX ? (uint32_t)world->late_us : UINT32_MAX;
}

static uint64_t append(struct world *world, struct trace_event *event, const struct flight *flight)
{
    char room[SIP_LABEL_MAX];
    event->kind = flight->msg == NULL ? TRACE_BYTES : TRACE_MESSAGE;
    event->late_us = late_us(world);
    wire_describe(&event->u.wire, flight, room);
    if (event->u.wire.side == SIDE_IN && flight->as_sent)
        event->u.wire.bytes = (struct view){0}; /* the OUT event has them: stored once */
    uint64_t seq = trace_append(world->trace, event);
    event->u.wire.bytes = blob_view(flight->bytes);
    if (world->user->seen != NULL)
        world->user->seen(world->user->ctx, event, flight->bytes, flight->msg);
    return seq;
}

uint64_t tap_out(struct world *world, struct flight *flight, enum trace_fate fate, struct blob *was)
{
    struct trace_event event = {
        .time_us = world->now_us, .cause = flight->cause, .party = flight->from};
    event.u.wire.side = SIDE_OUT;
    event.u.wire.fate = fate;
    event.u.wire.was = blob_view(was);
    return append(world, &event, flight);
}

uint64_t tap_in(struct world *world, struct flight *flight, enum trace_fate fate, struct blob *was)
{
    struct trace_event event = {
        .time_us = flight->arrived_us, .cause = flight->cause, .party = flight->to};
    event.u.wire.side = SIDE_IN;
    event.u.wire.fate = fate;
    event.u.wire.was = blob_view(was);
    event.u.wire.was_out = flight->out_seq;
    return append(world, &event, flight);
}

uint64_t tap_network(struct world *world, struct flight *flight, enum trace_fate fate,
                     struct view why, struct blob *was)
{
    struct trace_event event = {.time_us = world->now_us, .cause = flight->cause};
    event.u.wire.side = SIDE_SEEN;
    event.u.wire.fate = fate;
    event.u.wire.why = why;
    event.u.wire.was = blob_view(was);
    event.u.wire.was_out = flight->out_seq;
    return append(world, &event, flight);
}

uint64_t tap_choice(struct world *world, const struct flight *flight, struct choice choice,
                    struct view key)
{
    struct trace_event event = {
        .time_us = world->now_us, .cause = flight->cause, .kind = TRACE_CHOICE};
    event.late_us = late_us(world);
    event.u.choice.choice = choice;
    event.u.choice.key = key;
    return trace_append(world->trace, &event);
}

void tap_flow(struct world *world, const struct party *party, const struct flow_news *news,
              struct view from, struct view to)
{
    char room[2 * ADDR_TEXT_MAX + 16], text[ADDR_TEXT_MAX];
    struct buf what = {.ptr = room, .size = sizeof room, .limit = sizeof room};
    struct trace_event event = {.time_us = world->now_us,
                                .cause = trace_last(world->trace),
                                .late_us = late_us(world),
                                .party = party->number,
                                .object = news->flow,
                                .kind = TRACE_FLOW};
    buf_add(&what, view_of(proto_text(news->proto)));
    buf_add_char(&what, ' ');
    buf_add(&what, addr_text(&news->local, text));
    buf_add(&what, V(" to "));
    buf_add(&what, addr_text(&news->remote, text));
    event.u.state.what = buf_view(&what);
    event.u.state.from = from;
    event.u.state.to = to;
    event.u.state.why = news->why;
    trace_append(world->trace, &event);
}

void tap_party(struct world *world, const struct party *party, const struct addr *addr)
{
    struct trace_event event = {
        .time_us = world->now_us, .party = party->number, .kind = TRACE_PARTY};
    event.u.note.name = party->name;
    event.u.note.addr = *addr;
    trace_append(world->trace, &event);
}
