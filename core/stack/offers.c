/* What the messages of a call describe, and what that means: offers and answers, RFC 3264 over the
 * messages of SIP (core/sdp/offer_answer.h). */
#include "core/sdp/sdp.h"
#include "core/stack/session.h"

/* RFC 3262 §4: a 100 is never one, whatever it says. */
bool response_is_reliable(struct sip_msg *msg)
{
    uint16_t status = sip_msg_status(msg);
    const struct sip_number *rseq = sip_msg_get(msg, SIP_HEADER_RSEQ, 0);
    return status > 100 && status < 200 && sip_msg_method(msg) == SIP_INVITE && rseq != NULL &&
           rseq->value > 0 && rseq->value <= UINT32_MAX &&
           sip_msg_lists(msg, SIP_HEADER_REQUIRE, V("100rel"));
}

static bool request_event(enum sip_method method, enum sip_oa_event *out)
{
    switch (method) {
    case SIP_INVITE:
        *out = OA_INVITE;
        return true;
    case SIP_ACK:
        *out = OA_ACK;
        return true;
    case SIP_PRACK:
        *out = OA_PRACK;
        return true;
    case SIP_UPDATE:
        *out = OA_UPDATE;
        return true;
    default:
        return false;
    }
}

static bool response_event(enum sip_method method, uint16_t status, bool reliable,
                           enum sip_oa_event *out)
{
    bool final = status >= 200, good = status < 300;
    if (method == SIP_INVITE && status > 100)
        *out = !final ? (reliable ? OA_RELIABLE : OA_PROVISIONAL)
               : good ? OA_FINAL
                      : OA_INVITE_REFUSED;
    else if (method == SIP_PRACK && final)
        *out = good ? OA_PRACK_OK : OA_PRACK_REFUSED;
    else if (method == SIP_UPDATE && final)
        *out = good ? OA_UPDATE_OK : OA_UPDATE_REFUSED;
    else
        return false;
    return true;
}

/* What the trace says of it; absent: nothing, for all went as it should. */
static struct view remark(uint32_t doing)
{
    if ((doing & OA_OUT_OF_TURN) != 0)
        return V("an offer out of turn");
    if ((doing & OA_MISSING) != 0)
        return V("a description is missing");
    return (doing & OA_ROLL_BACK) != 0 ? V("the offer was refused") : (struct view){0};
}

static uint32_t step(struct sip_stack *stack, struct sip_call *call, enum sip_oa_event on,
                     bool ours, struct view description)
{
    struct sip_session *session = &call->session;
    uint8_t before = session->oa.state;
    uint32_t doing;
    layer_fail(&stack->layer, sip_session_step(session, on, ours, description, &doing));
    struct view why = remark(doing);
    if (why.ptr != NULL)
        layer_trace_state(&stack->layer, call->handle, V("session"), sip_oa_state_text(before),
                          sip_oa_state_text(session->oa.state), why);
    return doing;
}

uint32_t offer_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg)
{
    enum sip_oa_event on;
    enum sip_method method = sip_msg_method(msg);
    bool known = sip_msg_is_request(msg)
                     ? request_event(method, &on)
                     : response_event(method, sip_msg_status(msg), response_is_reliable(msg), &on);
    return known ? step(stack, call, on, false, sip_sdp_body(msg)) : 0;
}

void offer_refused(struct sip_stack *stack, struct sip_call *call, enum sip_method method)
{
    enum sip_oa_event on;
    if (response_event(method, 408, false, &on))
        (void)step(stack, call, on, false, (struct view){0});
}

/* Is the body that a command gives a description, as far as one can tell before it is written? */
static bool plainly_described(const struct sip_row *rows, size_t row_count, struct view body,
                              struct view type)
{
    if (body.len == 0 || sip_row_find(rows, row_count, SIP_HEADER_CONTENT_TYPE) != NULL)
        return false;
    return type.ptr == NULL || view_equal_nocase(type, V("application/sdp"));
}

/* The description in a message of ours; its views are into the bytes. */
static struct view described(struct sip_stack *stack, struct blob *bytes, struct view body,
                             bool plainly)
{
    struct sip_msg *msg;
    if (body.len == 0 || plainly)
        return plainly ? body : (struct view){0};
    enum err err = sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg);
    if (err != ERR_OK) {
        layer_fail(&stack->layer, err == ERR_MEMORY ? err : ERR_OK);
        return (struct view){0};
    }
    sip_msg_check(msg);
    layer_fail(&stack->layer, sip_msg_is_whole(msg) ? ERR_OK : ERR_MEMORY);
    struct view description = sip_sdp_body(msg);
    sip_msg_unref(msg);
    return description;
}

void offer_asked(struct sip_stack *stack, struct sip_call *call, enum sip_method method,
                 const struct sip_request_options *options, struct blob *bytes)
{
    enum sip_oa_event on;
    bool plainly =
        plainly_described(options->rows, options->row_count, options->body, options->content_type);
    if (request_event(method, &on))
        (void)step(stack, call, on, true, described(stack, bytes, options->body, plainly));
}

void offer_responded(struct sip_stack *stack, struct sip_call *call, enum sip_method method,
                     const struct sip_response_options *options, bool reliable, struct blob *bytes)
{
    enum sip_oa_event on;
    bool plainly =
        plainly_described(options->rows, options->row_count, options->body, options->content_type);
    if (response_event(method, options->status, reliable, &on))
        (void)step(stack, call, on, true, described(stack, bytes, options->body, plainly));
}

void offer_again(struct sip_stack *stack, struct sip_call *call, struct sip_msg *request)
{
    enum sip_oa_event on;
    sip_msg_check(request); /* reads all of it, so that what is missing then is not memory */
    layer_fail(&stack->layer, sip_msg_is_whole(request) ? ERR_OK : ERR_MEMORY);
    if (request_event(sip_msg_method(request), &on))
        (void)step(stack, call, on, true, sip_sdp_body(request));
}

/* RFC 3311 §5.1: our answer, which their PRACK has not acknowledged yet. */
static bool answer_unacked(const struct sip_call *call)
{
    for (const struct sip_reliable *at = call->unacked; at != NULL; at = at->next)
        if (at->described)
            return true;
    return false;
}

/* RFC 3264 §4: no offer while one is open. An INVITE without one only asks for theirs. */
bool offer_allowed(const struct sip_call *call, enum sip_method method,
                   const struct sip_request_options *options)
{
    enum sip_oa_event on;
    if (!request_event(method, &on) ||
        !plainly_described(options->rows, options->row_count, options->body, options->content_type))
        return true;
    return !(method == SIP_UPDATE && answer_unacked(call)) &&
           sip_oa_look(&call->session.oa, on, true, true) != OA_OUT_OF_TURN;
}

uint16_t offer_refusal(const struct sip_call *call, struct sip_msg *request)
{
    enum sip_oa_event on;
    if (!request_event(sip_msg_method(request), &on))
        return 0;
    return sip_oa_refusal(&call->session.oa, on, sip_sdp_body(request).ptr != NULL);
}
