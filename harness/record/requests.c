/* Requests outside of dialogs: OPTIONS, MESSAGE, REGISTER and any other. */
#include "harness/record/constructs.h"

void target_say(struct reading *reading, struct said *said, uint16_t transaction)
{
    uint16_t server = reading->call->transactions[transaction].server;

    if (is_proxy(reading, server)) {
        said_text(&reading->outline->words, said, proxied_uri(reading, transaction));
        return;
    }
    said_name(&reading->outline->words, said, actor_name(reading->outline, server));
}

/* The first request of the call that this one goes on with: of the same client, outside of dialogs.
 */
static uint16_t first_of(const struct reading *reading, uint16_t transaction)
{
    uint16_t client = reading->call->transactions[transaction].client;

    for (uint16_t i = 0; i < transaction; i++)
        if (reading->call->transactions[i].client == client &&
            reading->exchanges[i].retry_of == CALL_NONE)
            return i;
    return CALL_NONE;
}

void sequence_say(struct reading *reading, struct word *opts, uint16_t transaction)
{
    struct words *words = &reading->outline->words;
    uint16_t first = first_of(reading, transaction);
    const struct sip_cseq *cseq = sip_msg_cseq(request_of(reading, transaction));

    if (transaction == 0)
        return;
    struct view name = {0};
    if (first != CALL_NONE && reading->exchanges[first].construct == &construct_invite)
        name = bond_of(reading, first) == NULL ? name : bond_of(reading, first)->call;
    else if (first != CALL_NONE)
        name = reading->exchanges[first].client;
    if (name.len == 0 || cseq == NULL) {
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "another request of this Call-ID, by somebody who has made none before");
        return;
    }
    const struct sip_cseq *begun = sip_msg_cseq(request_of(reading, first));
    uint64_t number = begun == NULL || cseq->number <= begun->number
                          ? cseq->number
                          : cseq->number - begun->number + 1;
    table_name(words, opts, V("call_id"),
               words_print(words, "%.*s.request.call_id", VIEW_ARG(name)));
    table_number(words, opts, V("cseq"), number);
}

static bool is_outside(const struct reading *reading, uint16_t transaction, enum sip_method method)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return !tx->in_dialog && tx->method == method;
}

static bool is_options(const struct reading *reading, uint16_t transaction)
{
    return is_outside(reading, transaction, SIP_OPTIONS);
}

static struct step *outside_say(struct reading *reading, uint16_t transaction, uint32_t sleep_ms,
                                const char *base, struct view verb, struct said **out_said)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    uint16_t client = reading->call->transactions[transaction].client;

    if (is_device(reading, client)) {
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "no trigger makes the device send it");
        return NULL;
    }
    if (exchange->retry_of != CALL_NONE) {
        exchange->client = reading->exchanges[exchange->retry_of].client;
        return NULL;
    }
    exchange->client = reading_name(reading, base);
    struct step *step =
        outline_step(outline, sleep_ms, exchange->client, actor_name(outline, client));
    *out_said = step_say(&outline->words, step, verb);
    return step;
}

static struct step *options_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct words *words = &reading->outline->words;
    struct said *said = NULL;
    struct step *step = outside_say(reading, transaction, sleep_ms, "options", V("options"), &said);

    if (step == NULL)
        return NULL;
    target_say(reading, said, transaction);
    struct word *opts = word_make(words, WORD_TABLE, V(""));
    sequence_say(reading, opts, transaction);
    if (opts->fields != NULL)
        said_word(said, opts);
    return step;
}

const struct construct construct_options = {.fits = is_options,
                                            .send = options_send,
                                            .take = transaction_take,
                                            .answer = transaction_answer,
                                            .hear = transaction_hear,
                                            .manual = "OPTIONS"};

static bool is_plain_text(struct sip_msg *msg)
{
    const struct sip_line *type = sip_msg_find(msg, SIP_HEADER_CONTENT_TYPE, 0);
    return type != NULL && view_equal_nocase(type->value, V("text/plain"));
}

static bool is_message(const struct reading *reading, uint16_t transaction)
{
    return is_outside(reading, transaction, SIP_MESSAGE) &&
           is_plain_text(request_of(reading, transaction));
}

static struct step *message_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct words *words = &reading->outline->words;
    struct said *said = NULL;
    struct step *step = outside_say(reading, transaction, sleep_ms, "message", V("message"), &said);

    if (step == NULL)
        return NULL;
    target_say(reading, said, transaction);
    said_text(words, said, sip_msg_body(request_of(reading, transaction)));
    struct word *opts = word_make(words, WORD_TABLE, V(""));
    sequence_say(reading, opts, transaction);
    if (opts->fields != NULL)
        said_word(said, opts);
    return step;
}

const struct construct construct_message = {.fits = is_message,
                                            .send = message_send,
                                            .take = transaction_take,
                                            .answer = transaction_answer,
                                            .hear = transaction_hear};

static bool is_request(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return !tx->in_dialog && tx->method != SIP_INVITE && tx->method != SIP_CANCEL &&
           tx->method != SIP_ACK && tx->method != SIP_SUBSCRIBE && tx->method != SIP_PRACK &&
           tx->method != SIP_BYE && tx->method != SIP_NOTIFY;
}

/* What a name for the transaction is made of. */
static const char *base_of(enum sip_method method)
{
    static const char *const bases[SIP_METHOD_COUNT] = {
        [SIP_REGISTER] = "register", [SIP_PUBLISH] = "publish", [SIP_MESSAGE] = "message"};
    return bases[method] == NULL ? "request" : bases[method];
}

/* RFC 3261 §10.2: the Request-URI of a REGISTER has no user. */
static void registrar_target_say(struct reading *reading, struct said *said, uint16_t transaction)
{
    uint16_t server = reading->call->transactions[transaction].server;
    struct words *words = &reading->outline->words;
    struct view name = actor_name(reading->outline, server);
    enum carrier carrier = reading->call->parties[server].carrier;

    if (carrier != CARRIER_UDP && carrier != CARRIER_TCP)
        said_name(words, said, name);
    else
        said_name(words, said,
                  words_print(words, "\"sip:\" .. %.*s.address%s", VIEW_ARG(name),
                              carrier == CARRIER_TCP ? " .. \";transport=tcp\"" : ""));
}

static struct step *request_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct words *words = &reading->outline->words;
    struct sip_msg *request = request_of(reading, transaction);
    struct said *said = NULL;
    struct step *step = outside_say(reading, transaction, sleep_ms,
                                    base_of(sip_msg_method(request)), V("request"), &said);

    if (step == NULL)
        return NULL;
    said_text(words, said, sip_msg_method_name(request));
    if (sip_msg_method(request) == SIP_REGISTER)
        registrar_target_say(reading, said, transaction);
    else
        target_say(reading, said, transaction);
    struct word *opts = word_make(words, WORD_TABLE, V(""));
    sequence_say(reading, opts, transaction);
    rows_say(reading, opts, request, true);
    if (opts->fields != NULL)
        said_word(said, opts);
    return step;
}

const struct construct construct_request = {.fits = is_request,
                                            .by_hand = true,
                                            .send = request_send,
                                            .take = transaction_take,
                                            .answer = transaction_answer,
                                            .hear = transaction_hear};
