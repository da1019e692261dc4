/* What is sent inside a dialog: BYE, re-INVITE, UPDATE, REFER, INFO and any other. */
#include "harness/record/constructs.h"

static bool bond_fits(const struct bond *bond, struct view from, struct view to)
{
    if (bond->subscribed && bond->callee_tag.len == 0) /* the NOTIFY is here before the 2xx */
        return view_equal(bond->caller_tag, to);
    return (view_equal(bond->caller_tag, from) && view_equal(bond->callee_tag, to)) ||
           (view_equal(bond->caller_tag, to) && view_equal(bond->callee_tag, from));
}

bool bond_join(struct reading *reading, uint16_t transaction)
{
    struct sip_msg *request = request_of(reading, transaction);
    struct view from = sip_msg_from_tag(request), to = sip_msg_to_tag(request);

    for (uint16_t i = reading->bond_count; i-- > 0;)
        if (bond_fits(&reading->bonds[i], from, to)) {
            reading->exchanges[transaction].bond = i;
            return true;
        }
    reading_fail(reading, reading->call->transactions[transaction].request,
                 "it belongs to no dialog that is known");
    return false;
}

/* What a person can make the device do in a call. */
static void device_say(struct reading *reading, uint16_t transaction, uint32_t sleep_ms,
                       struct view verb)
{
    if (view_equal(verb, V("bye")))
        trigger_say(reading, sleep_ms, V("hangup"));
    else if (view_equal(verb, V("hold")) || view_equal(verb, V("resume")))
        trigger_say(reading, sleep_ms, verb);
    else
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "no trigger makes the device send it");
}

struct step *bond_say(struct reading *reading, uint16_t transaction, uint32_t sleep_ms,
                      const char *base, struct view verb, struct said **out_said)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];

    if (!bond_join(reading, transaction))
        return NULL;
    struct bond *bond = bond_of(reading, transaction);
    if (bond->subscribed) {
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "a request inside of a subscription");
        return NULL;
    }
    if (is_device(reading, reading->call->transactions[transaction].client)) {
        device_say(reading, transaction, sleep_ms, verb);
        return NULL;
    }
    if (exchange->retry_of != CALL_NONE) {
        exchange->client = reading->exchanges[exchange->retry_of].client;
        return NULL;
    }
    exchange->client = reading_name(reading, base);
    struct step *step =
        outline_step(outline, sleep_ms, exchange->client,
                     bond_handle(bond, reading->call->transactions[transaction].client));
    *out_said = step_say(&outline->words, step, verb);
    return step;
}

static void inside_take(struct reading *reading, uint16_t transaction)
{
    if (reading->exchanges[transaction].bond != CALL_NONE || bond_join(reading, transaction))
        transaction_take(reading, transaction);
}

static bool is_inside(const struct reading *reading, uint16_t transaction, enum sip_method method)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->in_dialog && tx->method == method;
}

static bool is_bye(const struct reading *reading, uint16_t transaction)
{
    return is_inside(reading, transaction, SIP_BYE);
}

static struct step *bye_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct said *said = NULL;
    return bond_say(reading, transaction, sleep_ms, "bye", V("bye"), &said);
}

const struct construct construct_bye = {.fits = is_bye,
                                        .send = bye_send,
                                        .take = inside_take,
                                        .answer = transaction_answer,
                                        .hear = transaction_hear,
                                        .manual = "BYE"};

static bool is_reinvite(const struct reading *reading, uint16_t transaction)
{
    return is_inside(reading, transaction, SIP_INVITE);
}

static bool receives(struct view direction)
{
    return view_equal(direction, V("sendrecv")) || view_equal(direction, V("recvonly"));
}

static bool sends(struct view direction)
{
    return view_equal(direction, V("sendrecv")) || view_equal(direction, V("sendonly"));
}

/* hold() takes away what is received, resume() gives it back (RFC 3264 §8.4). */
static struct view change_verb(struct view before, struct view now, bool *out_sdp)
{
    if (before.ptr == NULL)
        before = V("sendrecv");
    *out_sdp = false;
    if (now.ptr == NULL || view_equal(before, now))
        return V("reinvite");
    if (receives(before) && !receives(now) && sends(before) == sends(now))
        return V("hold");
    if (view_equal(before, V("sendonly")) && view_equal(now, V("sendrecv")))
        return V("resume");
    *out_sdp = true;
    return V("reinvite");
}

static void direction_say(struct words *words, struct said *said, struct view now)
{
    struct word *sdp =
        table_set(words, said_table(words, said), V("sdp"), word_make(words, WORD_TABLE, V("")));
    table_text(words, sdp, V("direction"), now);
}

static struct step *reinvite_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct words *words = &reading->outline->words;
    uint16_t client = reading->call->transactions[transaction].client;
    struct view now = direction_of(request_of(reading, transaction));
    struct said *said = NULL;
    bool changed = false;

    if (!bond_join(reading, transaction))
        return NULL;
    struct bond *bond = bond_of(reading, transaction);
    struct view *before = &bond->direction[client != bond->caller];
    struct view verb = change_verb(*before, now, &changed);
    struct step *step = bond_say(reading, transaction, sleep_ms, "reinvite", verb, &said);
    if (step != NULL && now.ptr == NULL)
        table_name(words, said_table(words, said), V("sdp"), V("false"));
    else if (step != NULL && changed)
        direction_say(words, said, now);
    if (now.ptr != NULL && final_status(reading, transaction) == 200)
        *before = now;
    return step;
}

const struct construct construct_reinvite = {.fits = is_reinvite,
                                             .send = reinvite_send,
                                             .take = inside_take,
                                             .answer = transaction_answer,
                                             .hear = transaction_hear,
                                             .manual = "reINVITE"};

static bool is_update(const struct reading *reading, uint16_t transaction)
{
    return is_inside(reading, transaction, SIP_UPDATE);
}

static struct step *update_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct words *words = &reading->outline->words;
    uint16_t client = reading->call->transactions[transaction].client;
    struct view now = direction_of(request_of(reading, transaction));
    struct said *said = NULL;

    struct step *step = bond_say(reading, transaction, sleep_ms, "update", V("update"), &said);
    struct bond *bond = bond_of(reading, transaction);
    if (step == NULL || bond == NULL || now.ptr == NULL)
        return step;
    struct view *before = &bond->direction[client != bond->caller];
    if (before->ptr != NULL && view_equal(*before, now))
        table_name(words, said_table(words, said), V("sdp"), V("true"));
    else
        direction_say(words, said, now);
    *before = now;
    return step;
}

const struct construct construct_update = {.fits = is_update,
                                           .send = update_send,
                                           .take = inside_take,
                                           .answer = transaction_answer,
                                           .hear = transaction_hear,
                                           .manual = "UPDATE"};

/* What an agent leaves to the scenario. */
static bool is_user_inside(const struct reading *reading, uint16_t transaction)
{
    return is_inside(reading, transaction, SIP_INFO) ||
           is_inside(reading, transaction, SIP_MESSAGE);
}

static bool is_options_inside(const struct reading *reading, uint16_t transaction)
{
    return is_inside(reading, transaction, SIP_OPTIONS);
}

static bool is_any_inside(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->in_dialog && tx->method != SIP_CANCEL && tx->method != SIP_SUBSCRIBE &&
           tx->method != SIP_NOTIFY && tx->method != SIP_REGISTER;
}

/* call:info { … }, call:request("X", { … }) */
static struct step *any_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct words *words = &reading->outline->words;
    struct sip_msg *request = request_of(reading, transaction);
    bool info = sip_msg_method(request) == SIP_INFO;
    struct said *said = NULL;
    struct step *step = bond_say(reading, transaction, sleep_ms, info ? "info" : "request",
                                 info ? V("info") : V("request"), &said);

    if (step == NULL)
        return NULL;
    if (!info)
        said_text(words, said, sip_msg_method_name(request));
    struct word *opts = word_make(words, WORD_TABLE, V(""));
    rows_say(reading, opts, request, true);
    if (opts->fields != NULL)
        said_word(said, opts);
    return step;
}

const struct construct construct_inside = {.fits = is_user_inside,
                                           .send = any_send,
                                           .take = inside_take,
                                           .answer = transaction_answer,
                                           .hear = transaction_hear};

const struct construct construct_options_inside = {.fits = is_options_inside,
                                                   .send = any_send,
                                                   .take = inside_take,
                                                   .answer = transaction_answer,
                                                   .hear = transaction_hear,
                                                   .manual = "OPTIONS"};

const struct construct construct_any_inside = {.fits = is_any_inside,
                                               .by_hand = true,
                                               .send = any_send,
                                               .take = inside_take,
                                               .answer = transaction_answer,
                                               .hear = transaction_hear};
