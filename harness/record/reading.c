#include "harness/record/reading.h"

enum err reading_begin(struct reading *reading, struct outline *outline,
                       const struct outline_options *options)
{
    const struct call *call = outline->call;
    struct arena *arena = &outline->words.arena;

    *reading = (struct reading){.outline = outline, .call = call, .options = options};
    reading->exchanges =
        arena_zalloc(arena, (call->transaction_count + 1U) * sizeof *reading->exchanges);
    reading->bonds = arena_zalloc(arena, BONDS_MOST * sizeof *reading->bonds);
    reading->manual = arena_zalloc(arena, (call->party_count + 1U) * sizeof *reading->manual);
    reading->at_ms = arena_zalloc(arena, (call->message_count + 1U) * sizeof *reading->at_ms);
    if (reading->exchanges == NULL || reading->bonds == NULL || reading->manual == NULL ||
        reading->at_ms == NULL)
        return ERR_MEMORY;
    return ERR_OK;
}

void reading_end(struct reading *reading)
{
    buf_deinit(&reading->why);
}

void reading_fail(struct reading *reading, uint32_t message, const char *why)
{
    const struct call_message *at = &reading->call->messages[message];

    if (reading->why.len > 0)
        return;
    buf_printf(&reading->why, "message %u, %.*s: %s", (unsigned)message + 1,
               VIEW_ARG(message_pattern(reading->outline, at->msg)), why);
}

struct view reading_name(struct reading *reading, const char *base)
{
    struct words *words = &reading->outline->words;
    uint32_t i = 0;

    while (i < reading->given_count && !view_equal(reading->given[i], view_of(base)))
        i++;
    if (i == sizeof reading->given / sizeof *reading->given)
        return words_copy(words, view_of(base));
    if (i == reading->given_count) {
        reading->given[reading->given_count++] = view_of(base);
        reading->names[i] = 0;
    }
    unsigned n = ++reading->names[i];
    struct view name =
        n == 1 ? words_copy(words, view_of(base)) : words_print(words, "%s%u", base, n);
    for (uint16_t k = 0; k < reading->call->party_count; k++)
        if (view_equal(actor_name(reading->outline, k), name))
            return reading_name(reading, base);
    return name;
}

struct sip_msg *request_of(const struct reading *reading, uint16_t transaction)
{
    return reading->call->messages[reading->call->transactions[transaction].request].msg;
}

uint16_t final_status(const struct reading *reading, uint16_t transaction)
{
    uint32_t final = reading->call->transactions[transaction].final;
    return final == UINT32_MAX ? 0 : sip_msg_status(reading->call->messages[final].msg);
}

bool is_proxy(const struct reading *reading, uint16_t party)
{
    return reading->outline->actors[party].kind == ACTOR_PROXY;
}

bool is_device(const struct reading *reading, uint16_t party)
{
    return party != CALL_NONE && reading->outline->actors[party].kind == ACTOR_DEVICE;
}

struct said *trigger_say(struct reading *reading, uint32_t sleep_ms, struct view action)
{
    struct outline *outline = reading->outline;
    struct step *step = outline_step(outline, sleep_ms, V(""), V("dut"));
    struct said *said = step_say(&outline->words, step, V("trigger"));

    said_text(&outline->words, said, action);
    return said;
}

struct bond *bond_of(struct reading *reading, uint16_t transaction)
{
    uint16_t bond = reading->exchanges[transaction].bond;
    return bond == CALL_NONE ? NULL : &reading->bonds[bond];
}

struct view bond_handle(const struct bond *bond, uint16_t party)
{
    return party == bond->caller ? bond->call : bond->leg;
}

/* The script is at the message before; what it waits is what the capture waited. */
static uint32_t action_time(struct reading *reading, uint32_t message)
{
    uint64_t before = message == 0 ? 0 : reading->at_ms[message - 1];
    uint64_t at = before + gap_ms(reading->call, message);

    reading->at_ms[message] = at;
    uint64_t sleep = at - reading->stands_ms;
    if (sleep == 0 && reading->under_way)
        sleep = WAIT_ROUND_MS;
    reading->under_way = false;
    reading->stands_ms = at;
    return (uint32_t)sleep;
}

static void automatic_time(struct reading *reading, uint32_t message)
{
    const struct call_message *at = &reading->call->messages[message];

    reading->under_way |= is_proxy(reading, at->from) || is_proxy(reading, at->to);
    reading->at_ms[message] = message == 0 ? 0 : reading->at_ms[message - 1];
}

static void stand_at(struct reading *reading, uint32_t message)
{
    reading->stands_ms = reading->at_ms[message];
}

/* What was heard at once needs no name: call:bye():response(200). */
static void chain(struct reading *reading, uint16_t transaction, struct step *step)
{
    struct exchange *exchange = &reading->exchanges[transaction];
    const struct call_transaction *tx = &reading->call->transactions[transaction];

    if (step == NULL || step->bind.len == 0 || !exchange->by_server || exchange->met ||
        tx->final != tx->request + 1 || exchange->construct->hear == NULL)
        return;
    step->bind = V("");
    struct said *said = step_say(&reading->outline->words, step, V("response"));
    status_say(reading, said, final_status(reading, transaction));
    exchange->heard = tx->final + 1;
}

static void request_walk(struct reading *reading, uint16_t transaction, uint32_t message)
{
    struct exchange *exchange = &reading->exchanges[transaction];
    const struct call_transaction *tx = &reading->call->transactions[transaction];

    if (exchange->by_client || is_proxy(reading, tx->client)) {
        automatic_time(reading, message);
        if (exchange->construct->send != NULL && exchange->by_client)
            exchange->construct->send(reading, transaction, 0);
    } else {
        uint32_t sleep_ms = action_time(reading, message);
        chain(reading, transaction, exchange->construct->send(reading, transaction, sleep_ms));
    }
    if (!is_proxy(reading, tx->server) && exchange->construct->take != NULL) {
        exchange->construct->take(reading, transaction);
        stand_at(reading, message);
    }
}

static void response_walk(struct reading *reading, uint16_t transaction, uint32_t message)
{
    struct exchange *exchange = &reading->exchanges[transaction];
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    uint16_t status = sip_msg_status(reading->call->messages[message].msg);
    bool final = message == tx->final;

    if (is_proxy(reading, tx->server) || (final && exchange->by_server) ||
        (status == 100 && tx->method == SIP_INVITE &&
         (reading->manual[tx->server] & 1U << MANUAL_AT_100) == 0)) {
        automatic_time(reading, message);
        if (status == 100 && !is_proxy(reading, tx->server))
            reading->at_ms[message] += gap_ms(reading->call, message);
    } else if (exchange->construct->answer == NULL) {
        reading_fail(reading, message, "a response that no agent gives");
    } else {
        exchange->construct->answer(reading, transaction, message, action_time(reading, message));
    }
    if (status == 100 || is_proxy(reading, tx->client) || (final && exchange->met))
        return;
    if (exchange->heard != message + 1 && exchange->construct->hear != NULL)
        exchange->construct->hear(reading, transaction, message);
    stand_at(reading, message);
}

static uint64_t since_ms(const struct call *call, uint32_t first, uint32_t later)
{
    uint64_t ns = call->messages[later].time_ns - call->messages[first].time_ns;
    return call->messages[later].time_ns < call->messages[first].time_ns ? 0
                                                                         : (ns + 500000) / 1000000;
}

/* T1 doubling (RFC 3261 §17.1.1.2), for all but INVITE up to T2 (§17.1.2.2, §13.3.1.4); or in
 * answer to a copy of the request, at once. */
static void copy_walk(struct reading *reading, uint32_t message)
{
    const struct call *call = reading->call;
    uint32_t first = call->messages[message].copy_of - 1;
    bool invite = sip_msg_is_request(call->messages[first].msg) &&
                  sip_msg_method(call->messages[first].msg) == SIP_INVITE;
    uint64_t since = since_ms(call, first, message), due = 0, step = 500;

    for (;; step = invite || step < 2000 ? 2 * step : 4000) {
        due += step;
        if (due + WAIT_LEAST_MS >= since)
            break;
    }
    uint64_t at = reading->at_ms[first] + due;
    if (since + WAIT_LEAST_MS < due || due > since + WAIT_LEAST_MS)
        at = reading->at_ms[message - 1] + gap_ms(call, message);
    uint64_t before = reading->at_ms[message - 1];
    reading->at_ms[message] = at < before ? before : at;
}

static void message_walk(struct reading *reading, uint32_t index)
{
    const struct call_message *message = &reading->call->messages[index];
    uint16_t transaction = message->transaction;

    if (transaction == CALL_NONE) {
        reading_fail(reading, index, "its request is not there");
        return;
    }
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    if (message->copy_of != 0)
        copy_walk(reading, index);
    else if (index == tx->request)
        request_walk(reading, transaction, index);
    else if (sip_msg_is_request(message->msg))
        automatic_time(reading, index); /* the ACK of a refusal */
    else
        response_walk(reading, transaction, index);
}

void reading_walk(struct reading *reading)
{
    const struct call *call = reading->call;

    for (uint32_t i = 0; i < call->message_count && reading->why.len == 0; i++) {
        message_walk(reading, i);
        uint64_t before = i == 0 ? 0 : reading->at_ms[i - 1];
        uint64_t after = reading->at_ms[i] - before;
        reading->outline->lines[i].after_ms = after < WAIT_LEAST_MS ? 0 : (uint32_t)after;
    }
}

enum err agents_outline(struct outline *outline, const struct outline_options *options,
                        struct buf *why)
{
    struct reading reading;
    enum err err = reading_begin(&reading, outline, options);

    if (err == ERR_OK)
        reading_settle(&reading);
    if (err == ERR_OK && reading.why.len == 0)
        reading_walk(&reading);
    if (err == ERR_OK && reading.why.len == 0) {
        tags_say(&reading);
        agents_say(&reading);
    }
    if (err == ERR_OK)
        err = outline->words.failed;
    if (err == ERR_OK && reading.why.len > 0) {
        buf_add(why, buf_view(&reading.why));
        err = ERR_SYNTAX;
    }
    reading_end(&reading);
    return err;
}
