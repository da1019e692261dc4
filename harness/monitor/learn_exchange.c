/* What a message makes true of its call and its exchange, when it is sent and when it is there. */
#include "harness/monitor/inside.h"

uint64_t call_key(const struct sip_msg *msg)
{
    return view_hash(sip_msg_call_id(msg)) | 1;
}

bool seen_anywhere(struct monitor *monitor, struct sip_msg *msg, enum sip_method method)
{
    struct remembered *one;
    uint64_t key = call_key(msg);
    HASH_FIND(hh, monitor->call_ids, &key, sizeof key, one);
    return one != NULL && (method == SIP_ACK ? one->ack : one->prack);
}

void call_learn(struct monitor *monitor, const struct seen *seen)
{
    bool made;
    uint64_t key = call_key(seen->msg);
    struct remembered *one = remember(monitor, &monitor->call_ids, key, &made);
    if (one == NULL)
        return;
    monitor->counts.call_ids += made;
    bool invite = sip_msg_method(seen->msg) == SIP_INVITE;
    monitor->counts.calls += invite && !one->invite;
    one->invite |= invite;
    bool request = sip_msg_is_request(seen->msg);
    one->notified |= request && sip_msg_method(seen->msg) == SIP_NOTIFY;
    one->ack |= request && sip_msg_method(seen->msg) == SIP_ACK;
    one->prack |= request && sip_msg_method(seen->msg) == SIP_PRACK;
}

/* Of several final responses the first one counts; each fork may have its own 2xx. */
static bool is_end(const struct exchange *exchange, uint16_t status)
{
    struct sip_msg *before = exchange->final.msg;
    return before == NULL || (status / 100 == 2 && sip_msg_status(before) / 100 == 2);
}

/* A response that is passed over. RFC 3261 §8.1.3.3: with a Via that its request had not it is
 * somebody else's; §18.3: one that ends before its end is discarded. */
static bool is_passed_over(const struct exchange *exchange, struct sip_msg *msg)
{
    struct sip_msg *request = exchange->request.msg;
    return sip_msg_fatal(msg) != NULL ||
           (request != NULL &&
            sip_msg_count(msg, SIP_HEADER_VIA) > sip_msg_count(request, SIP_HEADER_VIA));
}

/* What is true from now on. */
void sent_learn(const struct matter *matter)
{
    struct exchange *exchange = matter->exchange;
    uint16_t status = sip_msg_status(matter->msg);
    talk_learn(matter);
    if (exchange == NULL || status == 0 || is_passed_over(exchange, matter->msg))
        return;
    if (status > 100 && status < 200)
        sight_keep(&exchange->provisional, matter->seen);
    if (status >= 200 && is_end(exchange, status))
        sight_set(&exchange->final, matter->seen);
    else if (status >= 200)
        exchange->muddled = true;
    told_begin(matter);
    if (status < 200 && sip_msg_find(matter->msg, SIP_HEADER_RSEQ, 0) != NULL) {
        sight_set(&exchange->reliable, matter->seen);
        exchange->described |= sip_sdp_body(matter->msg).len > 0;
    }
}

/* A capture may have a response on both sides of what changes addresses: the dialog is another one
 * there, and learns from it, too. */
void copy_learn(const struct matter *matter)
{
    uint16_t status = sip_msg_status(matter->msg);
    if (matter->monitor->options.capture && status != 0 &&
        (status >= 200 || matter->exchange->final.msg == NULL))
        talk_learn(matter);
}

static void server_learn(struct monitor *monitor, const struct seen *seen)
{
    bool made;
    if (sip_msg_is_request(seen->msg) && !monitor->options.capture)
        remember(monitor, &monitor->servers, receiver_key(seen), &made);
}

/* RFC 4028 §7.4: the largest Min-SE of all that refused this call. */
static void refusal_learn(struct monitor *monitor, const struct seen *seen)
{
    if (sip_msg_status(seen->msg) != 422 || sip_msg_method(seen->msg) != SIP_INVITE)
        return;
    const struct sip_number *least = sip_msg_get(seen->msg, SIP_HEADER_MIN_SE, 0);
    uint64_t key = call_key(seen->msg);
    struct remembered *one;
    HASH_FIND(hh, monitor->call_ids, &key, sizeof key, one);
    if (one != NULL && least != NULL && least->value <= UINT32_MAX && least->value > one->number)
        one->number = (uint32_t)least->value;
}

static void request_given(struct monitor *monitor, struct sip_msg *msg, uint64_t key)
{
    const struct sip_via *via = sip_msg_via(msg, 0);
    if (sip_msg_is_request(msg) && via != NULL)
        monitor->came[monitor->came_count++ % CAME_KEPT] =
            (struct came){view_hash(via->branch), key};
}

static void arrival_learn(struct exchange *exchange, const struct seen *seen)
{
    uint16_t status = sip_msg_status(seen->msg);
    if (status != 0 && is_passed_over(exchange, seen->msg))
        return;
    uint64_t *at = status < 200 ? &exchange->provisional_given_us : &exchange->final_given_us;
    if (status != 0 && *at == NEVER)
        *at = seen->time_us;
    if (status == 0 && exchange->came_from.family == 0) {
        exchange->came_from = seen->source;
        exchange->came_to = seen->target;
    }
    exchange->unsure |= status != 0 && seen->unsure;
    exchange->asks += status == 0;
    exchange->told.asked |= status == 0 && exchange->asks > 1; /* the network copied it */
    reliable_given(exchange, seen);
}

void given_learn(struct monitor *monitor, struct exchange *exchange, const struct seen *seen)
{
    server_learn(monitor, seen);
    told_end(monitor, seen);
    refusal_learn(monitor, seen);
    request_given(monitor, seen->msg, exchange == NULL ? 0 : exchange->key);
    if (exchange != NULL)
        arrival_learn(exchange, seen);
}
