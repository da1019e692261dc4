/* A call from its INVITE to the ACK: invite, ring, answer, reject, cancel. */
#include "harness/record/constructs.h"

static bool is_invite(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->method == SIP_INVITE && !tx->in_dialog;
}

/* Its client and its server, with proxies between them: one bond, whose legs are made as they come.
 */
static struct bond *bond_begin(struct reading *reading, uint16_t transaction)
{
    struct exchange *exchange = &reading->exchanges[transaction];
    uint16_t upstream = reading->call->transactions[transaction].upstream;
    struct sip_msg *request = request_of(reading, transaction);

    if (upstream != CALL_NONE && reading->exchanges[upstream].bond != CALL_NONE) {
        exchange->bond = reading->exchanges[upstream].bond;
        return &reading->bonds[exchange->bond];
    }
    if (reading->bond_count == BONDS_MOST) {
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "the call has too many dialogs");
        return &reading->bonds[0];
    }
    struct bond *bond = &reading->bonds[reading->bond_count];
    *bond = (struct bond){.caller = reading->call->transactions[transaction].client,
                          .callee = CALL_NONE,
                          .caller_tag = sip_msg_from_tag(request)};
    exchange->bond = reading->bond_count++;
    bond->caller_var = bond_var(reading, bond->caller);
    return bond;
}

static struct step *invite_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    struct bond *bond = bond_begin(reading, transaction);
    struct sip_msg *request = request_of(reading, transaction);

    if (exchange->retry_of != CALL_NONE) {
        const struct bond *before = bond_of(reading, exchange->retry_of);
        bond->call = before == NULL ? V("call") : before->call;
        bond->caller_var = before == NULL ? bond->caller_var : before->caller_var;
        return NULL;
    }
    if (is_device(reading, bond->caller)) {
        target_say(reading, trigger_say(reading, sleep_ms, V("call")), transaction);
        bond->direction[0] = direction_of(request);
        return NULL;
    }
    bond->call = reading_name(reading, "call");
    struct step *step =
        outline_step(outline, sleep_ms, bond->call, actor_name(outline, bond->caller));
    struct said *said = step_say(&outline->words, step, V("invite"));
    target_say(reading, said, transaction);
    struct word *opts = word_make(&outline->words, WORD_TABLE, V(""));
    sequence_say(reading, opts, transaction);
    if (!has_sdp(request))
        table_name(&outline->words, opts, V("sdp"), V("false"));
    if (opts->fields != NULL)
        said_word(said, opts);
    bond->direction[0] = direction_of(request);
    return NULL;
}

static void invite_take(struct reading *reading, uint16_t transaction)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    uint16_t server = reading->call->transactions[transaction].server;
    struct bond *bond = exchange->bond == CALL_NONE ? bond_begin(reading, transaction)
                                                    : bond_of(reading, transaction);

    if (bond->callee != CALL_NONE) { /* a fork: a bond of its own */
        struct view call = bond->call, tag = bond->caller_tag, var = bond->caller_var;
        uint16_t caller = bond->caller;
        if (reading->bond_count == BONDS_MOST)
            return;
        exchange->bond = reading->bond_count++;
        bond = &reading->bonds[exchange->bond];
        *bond = (struct bond){.caller = caller, .call = call, .caller_tag = tag, .caller_var = var};
    }
    bond->callee = server;
    bond->callee_var = bond_var(reading, server);
    if (is_device(reading, server))
        return;
    bond->leg = reading_name(reading, "leg");
    exchange->server = bond->leg;
    struct step *step = outline_step(outline, 0, bond->leg, actor_name(outline, server));
    step_say(&outline->words, step, V("expect_invite"));
}

static bool is_reliable(struct sip_msg *msg)
{
    return sip_msg_find_name(msg, V("RSeq"), 0) != NULL;
}

static void ring_say(struct reading *reading, struct view leg, uint32_t message, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct words *words = &outline->words;
    struct sip_msg *msg = reading->call->messages[message].msg;
    uint16_t status = sip_msg_status(msg);
    struct said *said = step_say(words, outline_step(outline, sleep_ms, V(""), leg), V("ring"));
    struct word *opts = word_make(words, WORD_TABLE, V(""));

    if (status != 180)
        table_number(words, opts, V("status"), status);
    if (is_reliable(msg))
        table_name(words, opts, V("reliable"), V("true"));
    if (has_sdp(msg))
        table_name(words, opts, V("sdp"), V("true"));
    if (opts->fields != NULL)
        said_word(said, opts);
}

static void redirect_say(struct reading *reading, struct view leg, uint32_t message,
                         uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct sip_msg *msg = reading->call->messages[message].msg;
    const struct sip_line *contact = sip_msg_find(msg, SIP_HEADER_CONTACT, 0);
    struct said *said =
        step_say(&outline->words, outline_step(outline, sleep_ms, V(""), leg), V("respond"));

    status_say(reading, said, sip_msg_status(msg));
    if (contact != NULL)
        table_text(&outline->words, said_table(&outline->words, said), V("contact"),
                   contact->value);
}

/* It rings by itself; a person answers, or refuses. */
static void device_answer(struct reading *reading, uint32_t message, uint32_t sleep_ms)
{
    uint16_t status = sip_msg_status(reading->call->messages[message].msg);

    if (status < 200 && sleep_ms == 0)
        return;
    if (status == 200)
        trigger_say(reading, sleep_ms, V("answer"));
    else if (status >= 400 && status != 487)
        trigger_say(reading, sleep_ms, V("reject"));
    else
        reading_fail(reading, message, "no trigger makes the device answer so");
}

static void invite_answer(struct reading *reading, uint16_t transaction, uint32_t message,
                          uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct sip_msg *msg = reading->call->messages[message].msg;
    struct bond *bond = bond_of(reading, transaction);
    struct view leg = reading->exchanges[transaction].server;
    uint16_t status = sip_msg_status(msg);

    if (bond->callee_tag.len == 0)
        bond->callee_tag = sip_msg_to_tag(msg);
    else if (status > 100 && status < 300 && !view_equal(bond->callee_tag, sip_msg_to_tag(msg)))
        reading_fail(reading, message, "one agent answers with two tags");
    if (is_device(reading, reading->call->transactions[transaction].server)) {
        device_answer(reading, message, sleep_ms);
    } else if (status > 100 && status < 200) {
        ring_say(reading, leg, message, sleep_ms);
    } else if (status == 200) {
        step_say(&outline->words, outline_step(outline, sleep_ms, V(""), leg), V("answer"));
        bond->direction[1] = direction_of(msg);
    } else if (status >= 300 && status < 400) {
        redirect_say(reading, leg, message, sleep_ms);
    } else if (status >= 400 && status != 401 && status != 407) {
        struct said *said =
            step_say(&outline->words, outline_step(outline, sleep_ms, V(""), leg), V("reject"));
        status_say(reading, said, status);
        struct word *opts = word_make(&outline->words, WORD_TABLE, V(""));
        rows_say(reading, opts, msg, false);
        if (opts->fields != NULL)
            said_word(said, opts);
    } else {
        respond_say(reading, leg, message, sleep_ms);
    }
}

/* The leg of a fork that answers: the first one that is heard is the call, each other one of its
 * forks, in the order in which their tags came. */
static const struct bond *leg_heard(struct reading *reading, struct bond *invited,
                                    struct view to_tag)
{
    struct bond *leg = invited;

    for (uint16_t i = 0; i < reading->bond_count && to_tag.len > 0; i++)
        if (view_equal(reading->bonds[i].callee_tag, to_tag) &&
            view_equal(reading->bonds[i].caller_tag, invited->caller_tag))
            leg = &reading->bonds[i];
    if (to_tag.len == 0 || leg->heard)
        return leg;
    leg->heard = true;
    leg->fork = ++invited->fork_count > 1;
    if (leg->fork)
        leg->call = words_print(&reading->outline->words, "%.*s:forks()[%u]",
                                VIEW_ARG(invited->call), (unsigned)invited->fork_count);
    return leg;
}

/* A 2xx whose ACK goes out by itself is waited for there. */
static void invite_hear(struct reading *reading, uint16_t transaction, uint32_t message)
{
    struct outline *outline = reading->outline;
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    uint16_t status = sip_msg_status(reading->call->messages[message].msg);
    const struct bond *bond = leg_heard(reading, bond_of(reading, transaction),
                                        sip_msg_to_tag(reading->call->messages[message].msg));

    if (status < 200 && bond->fork)
        return; /* that leg is there when it comes, and not before */
    if (is_device(reading, tx->client))
        return;
    if (status / 100 == 2 && (reading->manual[tx->client] & 1U << MANUAL_AT_ACK) == 0)
        return;
    struct view bind = V("");
    if (status < 200 && (reading->manual[tx->client] & 1U << MANUAL_AT_PRACK) != 0) {
        bind = reading_name(reading, "progress");
        reading->exchanges[transaction].client = bind;
    }
    struct step *step = outline_step(outline, 0, bind, bond->call);
    struct said *said = step_say(&outline->words, step, V("expect"));
    if (status / 100 == 2)
        said_text(&outline->words, said, V("200 INVITE"));
    else
        status_say(reading, said, status);
}

const struct construct construct_invite = {.fits = is_invite,
                                           .send = invite_send,
                                           .take = invite_take,
                                           .answer = invite_answer,
                                           .hear = invite_hear};

static bool is_ack(const struct reading *reading, uint16_t transaction)
{
    return reading->call->transactions[transaction].method == SIP_ACK;
}

static struct step *wait_say(struct reading *reading, uint32_t sleep_ms, struct view handle,
                             struct view state)
{
    struct outline *outline = reading->outline;
    struct step *step = outline_step(outline, sleep_ms, V(""), handle);

    said_text(&outline->words, step_say(&outline->words, step, V("wait")), state);
    return step;
}

/* Of the INVITE that makes the call; that of a re-INVITE nobody waits for. */
static struct step *ack_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    uint16_t client = reading->call->transactions[transaction].client;

    if (!bond_join(reading, transaction))
        return NULL;
    struct bond *bond = bond_of(reading, transaction);
    if (!reading->exchanges[transaction].by_client) {
        struct step *step =
            outline_step(reading->outline, sleep_ms, V(""), bond_handle(bond, client));
        step_say(&reading->outline->words, step, V("ack"));
    } else if (!bond->confirmed && client == bond->caller && !is_device(reading, client)) {
        wait_say(reading, 0, bond->call, V("confirmed"));
    }
    return NULL;
}

static void ack_take(struct reading *reading, uint16_t transaction)
{
    if (reading->exchanges[transaction].bond == CALL_NONE && !bond_join(reading, transaction))
        return;
    struct bond *bond = bond_of(reading, transaction);
    if (!bond->confirmed && reading->call->transactions[transaction].server == bond->callee &&
        !is_device(reading, bond->callee))
        wait_say(reading, 0, bond->leg, V("confirmed"));
    bond->confirmed = true;
}

const struct construct construct_ack = {.fits = is_ack, .send = ack_send, .take = ack_take};

static bool is_cancel(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->method == SIP_CANCEL && tx->of != CALL_NONE;
}

static struct step *cancel_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    uint16_t invite = reading->call->transactions[transaction].of;

    exchange->bond = reading->exchanges[invite].bond;
    exchange->client = reading_name(reading, "cancel");
    struct step *step =
        outline_step(outline, sleep_ms, exchange->client, bond_of(reading, invite)->call);
    step_say(&outline->words, step, V("cancel"));
    return step;
}

static void cancel_take(struct reading *reading, uint16_t transaction)
{
    uint16_t invite = reading->call->transactions[transaction].of;

    reading->exchanges[transaction].bond = reading->exchanges[invite].bond;
    transaction_take(reading, transaction);
}

const struct construct construct_cancel = {.fits = is_cancel,
                                           .send = cancel_send,
                                           .take = cancel_take,
                                           .answer = transaction_answer,
                                           .hear = transaction_hear,
                                           .manual = "CANCEL"};

static bool is_prack(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->method == SIP_PRACK && tx->of != CALL_NONE;
}

static struct step *prack_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    const struct exchange *invite =
        &reading->exchanges[reading->call->transactions[transaction].of];

    exchange->bond = invite->bond;
    if (exchange->by_client)
        return NULL;
    exchange->client = reading_name(reading, "prack");
    struct step *step =
        outline_step(outline, sleep_ms, exchange->client, bond_of(reading, transaction)->call);
    struct said *said = step_say(&outline->words, step, V("prack"));
    said_name(&outline->words, said, invite->client);
    return step;
}

/* The callee waits for it: nothing else may go out before. */
static void prack_take(struct reading *reading, uint16_t transaction)
{
    struct outline *outline = reading->outline;

    reading->exchanges[transaction].bond =
        reading->exchanges[reading->call->transactions[transaction].of].bond;
    if (!reading->exchanges[transaction].by_server) {
        transaction_take(reading, transaction);
        return;
    }
    struct step *step = outline_step(outline, 0, V(""), bond_of(reading, transaction)->leg);
    said_text(&outline->words, step_say(&outline->words, step, V("expect")), V("PRACK"));
}

const struct construct construct_prack = {.fits = is_prack,
                                          .send = prack_send,
                                          .take = prack_take,
                                          .answer = transaction_answer,
                                          .hear = transaction_hear,
                                          .manual = "PRACK"};
