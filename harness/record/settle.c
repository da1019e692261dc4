/* What each party is, and which messages its agent sends by itself. */
#include "harness/record/reading.h"

#include <stdio.h>

static bool is_quick(const struct reading *reading, uint32_t message)
{
    return message != UINT32_MAX && gap_ms(reading->call, message) == 0;
}

/* Only the final response, at once: what an agent gives by itself. */
static bool is_plain(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];

    if (!is_quick(reading, tx->final))
        return false;
    for (uint32_t i = tx->request + 1; i < tx->final; i++)
        if (reading->call->messages[i].transaction == transaction)
            return false; /* a copy, too: it was not answered at once */
    return true;
}

/* What acknowledges comes at once behind the response, and not behind a copy of it. */
static bool acknowledges_at_once(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];

    for (uint32_t i = tx->request; i-- > 0;)
        if (reading->call->messages[i].transaction == tx->of &&
            !sip_msg_is_request(reading->call->messages[i].msg))
            return reading->call->messages[i].copy_of == 0 && is_quick(reading, tx->request);
    return is_quick(reading, tx->request);
}

/* The last NOTIFY that a refresh or its end gets goes out by itself (RFC 6665 §4.2.1.2). */
static bool notifies_by_itself(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];

    if (tx->method != SIP_NOTIFY || tx->request == 0 || !is_quick(reading, tx->request))
        return false;
    uint16_t before = reading->call->messages[tx->request - 1].transaction;
    return before != CALL_NONE && reading->call->transactions[before].in_dialog &&
           reading->call->transactions[before].method == SIP_SUBSCRIBE &&
           reading->call->transactions[before].final == tx->request - 1;
}

/* Neither a fetch nor the star. */
static bool names_contact(struct sip_msg *msg)
{
    const struct sip_name_addr *contact = sip_msg_contact(msg, 0);
    return contact != NULL && !contact->wildcard;
}

/* A registrar only registers, and challenges nobody twice: what t:registrar does by itself. */
static bool registers_only(const struct reading *reading, uint16_t party)
{
    const struct call *call = reading->call;
    bool registers = false;

    for (uint16_t i = 0; i < call->transaction_count; i++) {
        const struct call_transaction *tx = &call->transactions[i];
        uint16_t status = final_status(reading, i);
        if (tx->client == party)
            return false;
        if (tx->server != party)
            continue;
        bool again = i > 0 && reading->exchanges[i].retry_of == CALL_NONE && registers;
        if (tx->method != SIP_REGISTER || (status != 200 && (status != 401 || again)) ||
            gap_ms(call, tx->final) != 0 || !is_plain(reading, i) ||
            !names_contact(request_of(reading, i)))
            return false;
        if (status == 401 && !reading->exchanges[i].met)
            return false;
        registers |= status == 200;
    }
    return registers;
}

static void registrars_find(struct reading *reading)
{
    for (uint16_t i = 0; i < reading->call->party_count; i++)
        if (reading->options->way == OUTLINE_CALLS && registers_only(reading, i))
            reading->outline->actors[i].kind = ACTOR_REGISTRAR;
}

/* A proxy passes on every request that it gets, and makes none. */
static void proxies_find(struct reading *reading)
{
    const struct call *call = reading->call;

    if (reading->options->way != OUTLINE_CALLS)
        return;
    for (uint16_t i = 0; i < call->transaction_count; i++)
        if (call->transactions[i].upstream != CALL_NONE)
            reading->outline->actors[call->transactions[i].client].kind = ACTOR_PROXY;
    for (uint16_t i = 0; i < call->transaction_count; i++)
        if (is_proxy(reading, call->transactions[i].client) &&
            call->transactions[i].upstream == CALL_NONE &&
            call->transactions[i].method != SIP_CANCEL)
            reading_fail(reading, call->transactions[i].request, "a request of a proxy's own");
}

static bool has_credentials(struct sip_msg *msg)
{
    return sip_msg_find(msg, SIP_HEADER_AUTHORIZATION, 0) != NULL ||
           sip_msg_find(msg, SIP_HEADER_PROXY_AUTHORIZATION, 0) != NULL;
}

static bool is_challenged(uint16_t status)
{
    return status == 401 || status == 407;
}

/* RFC 2617 §3.2.1: only the nonce was too old. */
static bool is_stale(const struct reading *reading, uint16_t transaction)
{
    struct sip_msg *msg =
        reading->call->messages[reading->call->transactions[transaction].final].msg;
    bool proxy = sip_msg_status(msg) == 407;
    const struct sip_auth *auth =
        sip_msg_get(msg, proxy ? SIP_HEADER_PROXY_AUTHENTICATE : SIP_HEADER_WWW_AUTHENTICATE, 0);
    struct view stale = {0};

    return auth != NULL && sip_param_find(&auth->params, V("stale"), &stale) &&
           view_equal_nocase(stale, V("true"));
}

/* The same request once more, now with credentials, or with fresher ones. */
static bool is_retry(const struct reading *reading, uint16_t first, uint16_t later)
{
    const struct call_transaction *a = &reading->call->transactions[first];
    const struct call_transaction *b = &reading->call->transactions[later];

    return is_challenged(final_status(reading, first)) && a->client == b->client &&
           a->server == b->server && a->method == b->method && !reading->exchanges[first].met &&
           has_credentials(request_of(reading, later)) &&
           (!has_credentials(request_of(reading, first)) || is_stale(reading, first)) &&
           a->final < b->request && gap_ms(reading->call, b->request) == 0;
}

static void retries_find(struct reading *reading)
{
    for (uint16_t later = 1; later < reading->call->transaction_count; later++)
        for (uint16_t first = later; first-- > 0;) {
            if (!is_retry(reading, first, later))
                continue;
            reading->exchanges[later].retry_of = first;
            reading->exchanges[later].by_client = true;
            reading->exchanges[first].met = true;
            break;
        }
}

static bool is_plain_200(const struct reading *reading, uint16_t transaction)
{
    return final_status(reading, transaction) == 200 && is_plain(reading, transaction);
}

static const char *const manual_texts[] = {
#define MANUAL_TEXT(name, text) text,
    MANUAL_LIST(MANUAL_TEXT)
#undef MANUAL_TEXT
};

struct view manual_text(unsigned at)
{
    return view_of(manual_texts[at]);
}

static uint32_t manual_bit(const char *what)
{
    for (unsigned i = 0; i < MANUAL_COUNT; i++)
        if (view_equal(manual_text(i), view_of(what)))
            return 1U << i;
    return 0;
}

static void manual_set(struct reading *reading, uint16_t party, const char *what)
{
    reading->manual[party] |= manual_bit(what);
}

static bool is_manual(const struct reading *reading, uint16_t party, const char *what)
{
    return (reading->manual[party] & manual_bit(what)) != 0;
}

static uint32_t first_response(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];

    for (uint32_t i = tx->request + 1; i < reading->call->message_count; i++)
        if (reading->call->messages[i].transaction == transaction &&
            !sip_msg_is_request(reading->call->messages[i].msg))
            return i;
    return UINT32_MAX;
}

enum { HUNDRED_MS = 200, HUNDRED_SLACK_MS = 5 };

/* RFC 3261 §17.2.1: 100 after 200 ms of silence; who does it at another time does it by hand. */
static void hundred_settle(struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    uint32_t first = first_response(reading, transaction);

    if (tx->method != SIP_INVITE || is_proxy(reading, tx->server) || first == UINT32_MAX)
        return;
    uint64_t ns = reading->call->messages[first].time_ns;
    uint64_t begun_ns = reading->call->messages[tx->request].time_ns;
    uint64_t ms = ns < begun_ns ? 0 : (ns - begun_ns) / 1000000;
    bool is_100 = sip_msg_status(reading->call->messages[first].msg) == 100;
    bool natural = is_100
                       ? ms >= HUNDRED_MS - HUNDRED_SLACK_MS && ms <= HUNDRED_MS + HUNDRED_SLACK_MS
                       : ms < HUNDRED_MS - 2 * HUNDRED_SLACK_MS;
    if (!natural)
        manual_set(reading, tx->server, "100");
}

/* The CANCEL's 200 and the 487, at once and in this order. */
static bool is_plain_cancel(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    uint16_t invite = tx->of;

    return invite != CALL_NONE && is_plain_200(reading, transaction) &&
           final_status(reading, invite) == 487 &&
           reading->call->transactions[invite].final == tx->final + 1 &&
           is_quick(reading, tx->final + 1);
}

static bool acts_by_itself(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];

    if (is_manual(reading, tx->server, reading->exchanges[transaction].construct->manual))
        return false;
    return tx->method == SIP_CANCEL ? is_plain_cancel(reading, transaction)
                                    : is_plain_200(reading, transaction);
}

/* Proxies and registrars do all by themselves. */
static bool by_itself(const struct reading *reading, uint16_t party)
{
    return is_proxy(reading, party) || reading->outline->actors[party].kind == ACTOR_REGISTRAR;
}

/* Who does one of a kind by hand does all of them. */
static void servers_settle(struct reading *reading)
{
    const struct call *call = reading->call;

    for (uint16_t i = 0; i < call->transaction_count; i++) {
        const char *manual = reading->exchanges[i].construct->manual;
        hundred_settle(reading, i);
        if (by_itself(reading, call->transactions[i].server))
            continue;
        if (reading->exchanges[i].construct->by_hand)
            manual_set(reading, call->transactions[i].server,
                       call->transactions[i].method == SIP_REGISTER  ? "REGISTER"
                       : call->transactions[i].method == SIP_PUBLISH ? "PUBLISH"
                                                                     : "INFO");
        else if (manual != NULL && !acts_by_itself(reading, i))
            manual_set(reading, call->transactions[i].server, manual);
    }
    for (uint16_t i = 0; i < call->transaction_count; i++) {
        const struct call_transaction *tx = &call->transactions[i];
        struct exchange *exchange = &reading->exchanges[i];
        exchange->by_server = by_itself(reading, tx->server) ||
                              (exchange->construct->manual != NULL && acts_by_itself(reading, i));
        if (exchange->by_server && tx->method == SIP_CANCEL)
            reading->exchanges[tx->of].by_server = true;
    }
}

/* ACK and PRACK go out by themselves, at once. */
static void clients_settle(struct reading *reading)
{
    const struct call *call = reading->call;

    for (uint16_t i = 0; i < call->transaction_count; i++) {
        const struct call_transaction *tx = &call->transactions[i];
        if ((tx->method == SIP_ACK || tx->method == SIP_PRACK) && !acknowledges_at_once(reading, i))
            manual_set(reading, tx->client, tx->method == SIP_ACK ? "ACK" : "PRACK");
    }
    for (uint16_t i = 0; i < call->transaction_count; i++) {
        const struct call_transaction *tx = &call->transactions[i];
        if (tx->method == SIP_ACK || tx->method == SIP_PRACK)
            reading->exchanges[i].by_client =
                !is_manual(reading, tx->client, tx->method == SIP_ACK ? "ACK" : "PRACK");
        else if (notifies_by_itself(reading, i))
            reading->exchanges[i].by_client = true;
    }
}

/* No agent sends what deserves a 400. */
static void malformed_find(struct reading *reading)
{
    for (uint32_t i = 0; i < reading->call->message_count; i++) {
        struct sip_msg *msg = reading->call->messages[i].msg;
        sip_msg_check(msg);
        const struct sip_fault *fault = sip_msg_fatal(msg);
        char why[80];
        if (fault == NULL)
            continue;
        snprintf(why, sizeof why, "it is malformed (%s)", fault->rule);
        reading_fail(reading, i, why);
    }
}

void reading_settle(struct reading *reading)
{
    const struct call *call = reading->call;

    for (uint16_t i = 0; i < call->transaction_count; i++)
        reading->exchanges[i].retry_of = reading->exchanges[i].bond = CALL_NONE;
    malformed_find(reading);
    proxies_find(reading);
    if (reading->why.len > 0)
        return;
    retries_find(reading);
    registrars_find(reading);
    for (uint16_t i = 0; i < call->transaction_count; i++) {
        reading->exchanges[i].construct = construct_find(reading, i);
        if (reading->exchanges[i].construct == NULL) {
            reading_fail(reading, call->transactions[i].request, "no construct explains it");
            return;
        }
    }
    clients_settle(reading);
    servers_settle(reading);
}
