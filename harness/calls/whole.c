/* Is the call there from its first request to its end? */
#include "harness/calls/inside.h"

static void lacks(struct sketch *sketch, uint32_t message, const char *before, const char *behind)
{
    struct call *call = sketch->call;
    char room[256], label[SIP_LABEL_MAX];
    struct buf text = {.ptr = room, .size = sizeof room, .limit = sizeof room};
    if (call->lacks.len > 0)
        return;
    const struct call_message *at = &call->messages[message];
    buf_printf(&text, "%s %.*s (frame %u)%s", before,
               VIEW_ARG(sip_msg_label(at->msg, label, sizeof label)), at->frame, behind);
    call->lacks = arena_copy(sketch->arena, buf_view(&text));
    if (call->lacks.ptr == NULL)
        sketch->failure = ERR_MEMORY;
}

static bool has_to_tag(struct sip_msg *msg)
{
    const struct sip_name_addr *to = sip_msg_to(msg);
    return to != NULL && to->tag.len > 0;
}

static void beginning_judge(struct sketch *sketch)
{
    struct call *call = sketch->call;
    struct sip_msg *first = call->messages[0].msg;
    call->begun = sip_msg_is_request(first) && !has_to_tag(first);
    if (!call->begun)
        lacks(sketch, 0, "its beginning is missing: the first message is", "");
    else if (call->cut)
        lacks(sketch, call->message_count - 1, "not all of it could be kept: the last message is",
              "");
}

static void answers_judge(struct sketch *sketch)
{
    const struct call *call = sketch->call;
    for (uint16_t i = 0; i < call->transaction_count; i++) {
        const struct call_transaction *transaction = &call->transactions[i];
        if (transaction->method != SIP_ACK && transaction->final == UINT32_MAX)
            lacks(sketch, transaction->request, "the final response is missing of", "");
    }
    for (uint32_t i = 0; i < call->message_count; i++)
        if (call->messages[i].transaction == CALL_NONE)
            lacks(sketch, i, "the request is missing of", "");
}

static bool makes_session(const struct call *call, const struct call_message *message)
{
    return message->copy_of == 0 && message->transaction != CALL_NONE &&
           sip_msg_status(message->msg) / 100 == 2 &&
           call->transactions[message->transaction].method == SIP_INVITE;
}

static uint64_t tag_key(const struct sip_name_addr *value)
{
    return value == NULL ? 0 : view_hash(value->tag);
}

static void byes_find(struct sketch *sketch, struct numbers *byes)
{
    const struct call *call = sketch->call;
    for (uint16_t i = 0; i < call->transaction_count; i++) {
        struct sip_msg *msg = call->messages[call->transactions[i].request].msg;
        bool made;
        if (call->transactions[i].method != SIP_BYE)
            continue;
        numbers_at(sketch, byes, tag_key(sip_msg_from(msg)), &made);
        numbers_at(sketch, byes, tag_key(sip_msg_to(msg)), &made);
    }
}

/* A 2xx has its ACK, and the session that it made or changed its BYE, by the callee's tag. */
static void sessions_judge(struct sketch *sketch, const struct numbers *byes)
{
    const struct call *call = sketch->call;
    for (uint32_t i = 0; i < call->message_count; i++) {
        struct sip_msg *msg = call->messages[i].msg;
        if (!makes_session(call, &call->messages[i]))
            continue;
        if (numbers_find(&sketch->acked, message_key(msg)) == NULL)
            lacks(sketch, i, "the ACK is missing of", "");
        if (numbers_find(byes, tag_key(sip_msg_to(msg))) == NULL)
            lacks(sketch, i, "the session of", " has no BYE");
    }
}

void whole_judge(struct sketch *sketch)
{
    struct numbers byes = {0};
    if (sketch->call->message_count == 0)
        return;
    beginning_judge(sketch);
    answers_judge(sketch);
    byes_find(sketch, &byes);
    sessions_judge(sketch, &byes);
    numbers_clear(&byes);
    sketch->call->complete = sketch->call->lacks.len == 0;
}
