/* SUBSCRIBE, REFER, and the NOTIFYs of both. */
#include "harness/record/constructs.h"

static struct view row_of(struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_line *line = sip_msg_find(msg, id, 0);
    return line == NULL ? (struct view){0} : line->value;
}

static bool is_subscribe(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return !tx->in_dialog && tx->method == SIP_SUBSCRIBE &&
           row_of(request_of(reading, transaction), SIP_HEADER_EVENT).len > 0;
}

static void expires_say(struct reading *reading, struct word *opts, struct sip_msg *msg)
{
    struct words *words = &reading->outline->words;
    struct view expires = row_of(msg, SIP_HEADER_EXPIRES);
    uint64_t seconds;

    if (view_to_uint(expires, 365 * 86400, &seconds))
        table_text(words, opts, V("expires"), words_print(words, "%us", (unsigned)seconds));
}

static struct step *subscribe_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    uint16_t client = reading->call->transactions[transaction].client;
    struct sip_msg *request = request_of(reading, transaction);

    if (reading->bond_count == BONDS_MOST) {
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "the call has too many dialogs");
        return NULL;
    }
    exchange->bond = reading->bond_count++;
    struct bond *bond = &reading->bonds[exchange->bond];
    *bond = (struct bond){.caller = client,
                          .callee = reading->call->transactions[transaction].server,
                          .caller_tag = sip_msg_from_tag(request),
                          .subscribed = true};
    bond->caller_var = bond_var(reading, bond->caller);
    bond->callee_var = bond_var(reading, bond->callee);
    if (exchange->retry_of != CALL_NONE) {
        bond->call = bond_of(reading, exchange->retry_of)->call;
        bond->caller_var = bond_of(reading, exchange->retry_of)->caller_var;
        return NULL;
    }
    if (transaction != 0) {
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "another subscription of this Call-ID");
        return NULL;
    }
    bond->call = reading_name(reading, "subscription");
    struct step *step = outline_step(outline, sleep_ms, bond->call, actor_name(outline, client));
    struct said *said = step_say(&outline->words, step, V("subscribe"));
    target_say(reading, said, transaction);
    said_text(&outline->words, said, row_of(request, SIP_HEADER_EVENT));
    struct word *opts = word_make(&outline->words, WORD_TABLE, V(""));
    expires_say(reading, opts, request);
    if (opts->fields != NULL)
        said_word(said, opts);
    return NULL;
}

static void subscribe_take(struct reading *reading, uint16_t transaction)
{
    struct outline *outline = reading->outline;
    struct bond *bond = bond_of(reading, transaction);
    uint16_t server = reading->call->transactions[transaction].server;

    if (bond == NULL)
        return;
    bond->leg = reading_name(reading, "asked");
    struct step *step = outline_step(outline, 0, bond->leg, actor_name(outline, server));
    said_text(&outline->words, step_say(&outline->words, step, V("expect_subscribe")),
              row_of(request_of(reading, transaction), SIP_HEADER_EVENT));
}

/* accept, without the NOTIFY that it would send: the capture's come as they came. */
static void accept_say(struct reading *reading, struct view asked, uint32_t message,
                       uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct words *words = &outline->words;
    struct sip_msg *msg = reading->call->messages[message].msg;
    uint16_t status = sip_msg_status(msg);
    struct step *step = outline_step(outline, sleep_ms, V(""), asked);
    struct said *said = step_say(words, step, status / 100 == 2 ? V("accept") : V("reject"));

    if (status / 100 != 2) {
        struct word *opts = word_make(words, WORD_TABLE, V(""));
        status_say(reading, said, status);
        challenge_say(reading, opts, msg);
        if (opts->fields != NULL)
            said_word(said, opts);
        return;
    }
    struct word *opts = said_table(words, said);
    if (status != 200)
        table_number(words, opts, V("status"), status);
    expires_say(reading, opts, msg);
    table_name(words, opts, V("notify"), V("false"));
}

static void subscribe_answer(struct reading *reading, uint16_t transaction, uint32_t message,
                             uint32_t sleep_ms)
{
    struct bond *bond = bond_of(reading, transaction);

    if (bond->callee_tag.len == 0)
        bond->callee_tag = sip_msg_to_tag(reading->call->messages[message].msg);
    accept_say(reading, bond->leg, message, sleep_ms);
}

static void subscribe_hear(struct reading *reading, uint16_t transaction, uint32_t message)
{
    struct outline *outline = reading->outline;
    struct step *step = outline_step(outline, 0, V(""), bond_of(reading, transaction)->call);

    status_say(reading, step_say(&outline->words, step, V("expect")),
               sip_msg_status(reading->call->messages[message].msg));
}

const struct construct construct_subscribe = {.fits = is_subscribe,
                                              .send = subscribe_send,
                                              .take = subscribe_take,
                                              .answer = subscribe_answer,
                                              .hear = subscribe_hear};

static bool is_resubscribe(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->in_dialog && tx->method == SIP_SUBSCRIBE;
}

static struct step *resubscribe_send(struct reading *reading, uint16_t transaction,
                                     uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    struct sip_msg *request = request_of(reading, transaction);
    bool over = view_equal(row_of(request, SIP_HEADER_EXPIRES), V("0"));

    if (!bond_join(reading, transaction))
        return NULL;
    if (!exchange->by_server)
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "a refresh that is not granted at once");
    exchange->client = reading_name(reading, over ? "terminate" : "refresh");
    struct step *step =
        outline_step(outline, sleep_ms, exchange->client, bond_of(reading, transaction)->call);
    struct said *said = step_say(&outline->words, step, over ? V("terminate") : V("refresh"));
    struct word *opts = word_make(&outline->words, WORD_TABLE, V(""));
    if (!over)
        expires_say(reading, opts, request);
    if (opts->fields != NULL)
        said_word(said, opts);
    return step;
}

const struct construct construct_resubscribe = {.fits = is_resubscribe,
                                                .send = resubscribe_send,
                                                .hear = transaction_hear,
                                                .manual = "SUBSCRIBE"};

static bool is_refer(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->in_dialog && tx->method == SIP_REFER &&
           sip_msg_get(request_of(reading, transaction), SIP_HEADER_REFER_TO, 0) != NULL;
}

static struct step *refer_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct words *words = &reading->outline->words;
    const struct sip_name_addr *to =
        sip_msg_get(request_of(reading, transaction), SIP_HEADER_REFER_TO, 0);
    struct said *said = NULL;
    struct step *step = bond_say(reading, transaction, sleep_ms, "refer", V("refer"), &said);

    if (step == NULL)
        return NULL;
    said_text(words, said, to->uri.text);
    struct bond *bond = bond_of(reading, transaction);
    bond->refer = reading->exchanges[transaction].client;
    bond->asker = reading->call->transactions[transaction].client;
    return NULL;
}

static void refer_take(struct reading *reading, uint16_t transaction)
{
    struct outline *outline = reading->outline;
    uint16_t server = reading->call->transactions[transaction].server;

    if (reading->exchanges[transaction].bond == CALL_NONE && !bond_join(reading, transaction))
        return;
    struct bond *bond = bond_of(reading, transaction);
    bond->referred = reading_name(reading, "asked");
    struct step *step = outline_step(outline, 0, bond->referred, bond_handle(bond, server));
    step_say(&outline->words, step, V("expect_refer"));
}

static void refer_answer(struct reading *reading, uint16_t transaction, uint32_t message,
                         uint32_t sleep_ms)
{
    accept_say(reading, bond_of(reading, transaction)->referred, message, sleep_ms);
}

const struct construct construct_refer = {.fits = is_refer,
                                          .send = refer_send,
                                          .take = refer_take,
                                          .answer = refer_answer,
                                          .hear = transaction_hear};

static bool is_notify(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->in_dialog && tx->method == SIP_NOTIFY;
}

static bool is_of_refer(struct sip_msg *msg)
{
    return view_starts_nocase(row_of(msg, SIP_HEADER_EVENT), V("refer"));
}

/* "SIP/2.0 180 Ringing" is 180 (RFC 3515 §2.4.5). */
static bool sipfrag_status(struct sip_msg *msg, uint64_t *out)
{
    struct view body = sip_msg_body(msg);
    return view_starts(body, V("SIP/2.0 ")) && body.len >= 11 &&
           view_to_uint(view_head(view_skip(body, 8), 3), 699, out);
}

static void state_say(struct reading *reading, struct said *said, struct sip_msg *request)
{
    struct words *words = &reading->outline->words;
    const struct sip_token_params *state = sip_msg_get(request, SIP_HEADER_SUBSCRIPTION_STATE, 0);
    const struct sip_line *type = sip_msg_find(request, SIP_HEADER_CONTENT_TYPE, 0);
    struct view reason = {0};

    said_text(words, said, sip_msg_body(request));
    if (state == NULL)
        return;
    struct word *opts = said_table(words, said);
    table_text(words, opts, V("state"), state->token);
    if (sip_param_find(&state->params, V("reason"), &reason) && reason.len > 0)
        table_text(words, opts, V("reason"), reason);
    if (type != NULL)
        table_text(words, opts, V("content_type"), type->value);
}

static struct step *notify_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    struct sip_msg *request = request_of(reading, transaction);
    uint32_t message = reading->call->transactions[transaction].request;
    uint64_t status;

    if (!bond_join(reading, transaction) || exchange->by_client)
        return NULL;
    struct bond *bond = bond_of(reading, transaction);
    struct view notifier = bond->subscribed ? bond->leg : bond->referred;
    if (notifier.len == 0 || !exchange->by_server) {
        reading_fail(reading, message,
                     notifier.len == 0 ? "nobody has subscribed to it"
                                       : "it is not answered with 200 at once");
        return NULL;
    }
    struct step *step = outline_step(outline, sleep_ms, V(""), notifier);
    struct said *said = step_say(&outline->words, step, V("notify"));
    if (!bond->subscribed && is_of_refer(request) && sipfrag_status(request, &status))
        said_text(&outline->words, said, words_print(&outline->words, "%u", (unsigned)status));
    else
        state_say(reading, said, request);
    return NULL;
}

static void notify_take(struct reading *reading, uint16_t transaction)
{
    struct outline *outline = reading->outline;
    struct sip_msg *request = request_of(reading, transaction);
    uint64_t status;

    if (reading->exchanges[transaction].bond == CALL_NONE && !bond_join(reading, transaction))
        return;
    struct bond *bond = bond_of(reading, transaction);
    struct step *step =
        outline_step(outline, 0, V(""), bond->subscribed ? bond->call : bond->refer);
    struct said *said = step_say(&outline->words, step, V("expect_notify"));
    if (!bond->subscribed && sipfrag_status(request, &status))
        said_text(&outline->words, said, words_print(&outline->words, "%u", (unsigned)status));
}

const struct construct construct_notify = {.fits = is_notify,
                                           .send = notify_send,
                                           .take = notify_take,
                                           .answer = NULL,
                                           .hear = NULL,
                                           .manual = "NOTIFY"};
