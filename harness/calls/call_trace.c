#include "harness/calls/call_trace.h"

static uint32_t party_number(uint16_t party)
{
    return party + 1U;
}

static bool parties_append(const struct call *call, struct trace *trace)
{
    for (uint16_t i = 0; i < call->party_count; i++) {
        struct trace_event event = {.kind = TRACE_PARTY, .party = party_number(i)};
        event.u.note.name = call->parties[i].name;
        event.u.note.addr = call->parties[i].address;
        if (trace_append(trace, &event) == 0)
            return false;
    }
    return true;
}

uint64_t call_trace_seq(const struct call *call, uint64_t before, uint32_t message)
{
    return before + call->party_count + message + 1;
}

static bool message_append(const struct call *call, uint32_t index, uint64_t before,
                           uint64_t time_us, struct trace *trace)
{
    const struct call_message *message = &call->messages[index];
    const struct sip_via *via = sip_msg_via(message->msg, 0);
    const struct sip_line *cseq = sip_msg_find(message->msg, SIP_HEADER_CSEQ, 0);
    char room[SIP_LABEL_MAX];
    struct trace_event event = {
        .time_us = time_us, .kind = TRACE_MESSAGE, .party = party_number(message->from)};
    event.u.wire = (struct trace_wire){
        .side = SIDE_SEEN,
        .proto = carrier_proto(message->carrier),
        .from = party_number(message->from),
        .to = party_number(message->to),
        .source = message->source,
        .target = message->target,
        .flow = {.index = message->stream, .gen = message->stream != 0},
        .bytes = sip_msg_raw(message->msg),
        .label = sip_msg_label(message->msg, room, sizeof room),
        .call_id = call->call_id,
        .branch = via == NULL ? (struct view){0                       }
          : via->branch,
        .cseq = cseq == NULL ? (struct view){0}
          : cseq->value,
        .copy_of = message->copy_of == 0 ? 0 : call_trace_seq(call, before, message->copy_of - 1),
        .frame = message->frame
    };
    return trace_append(trace, &event) != 0;
}

enum err call_trace(const struct call *call, struct trace *trace)
{
    uint64_t before = trace_last(trace), now_us = 0;
    bool good = parties_append(call, trace);
    for (uint32_t i = 0; good && i < call->message_count; i++) {
        uint64_t first_ns = call->messages[0].time_ns, at_ns = call->messages[i].time_ns;
        uint64_t time_us = at_ns < first_ns ? 0 : at_ns / 1000 - first_ns / 1000;
        now_us = time_us > now_us ? time_us : now_us; /* the capture's clock may have been set */
        good = message_append(call, i, before, now_us, trace);
    }
    return good ? ERR_OK : ERR_LIMIT;
}
