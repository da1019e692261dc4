/* REGISTER at a t:registrar, which answers by itself. */
#include "harness/record/constructs.h"

static bool is_register(const struct reading *reading, uint16_t transaction)
{
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    return tx->method == SIP_REGISTER &&
           reading->outline->actors[tx->server].kind == ACTOR_REGISTRAR;
}

/* How long it asks for: by Expires, else by the parameter of its Contact (RFC 3261 §10.2.1.1). */
static bool expires_of(struct sip_msg *msg, uint64_t *out)
{
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_EXPIRES, 0);
    const struct sip_name_addr *contact = sip_msg_contact(msg, 0);
    struct view value = {0};

    if (contact != NULL && sip_param_find(&contact->params, V("expires"), &value) &&
        view_to_uint(value, UINT32_MAX, out))
        return true;
    return line != NULL && view_to_uint(line->value, UINT32_MAX, out);
}

static struct view registration_of(const struct reading *reading, uint16_t transaction)
{
    uint16_t client = reading->call->transactions[transaction].client;

    for (uint16_t i = 0; i < transaction; i++)
        if (reading->exchanges[i].construct == &construct_register &&
            reading->call->transactions[i].client == client)
            return reading->exchanges[i].handle;
    return V("");
}

static struct step *register_first(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct words *words = &outline->words;
    struct exchange *exchange = &reading->exchanges[transaction];
    const struct call_transaction *tx = &reading->call->transactions[transaction];
    uint64_t expires = 0;

    exchange->handle = reading_name(reading, "registration");
    struct step *step =
        outline_step(outline, sleep_ms, exchange->handle, actor_name(outline, tx->client));
    struct said *said = step_say(words, step, V("register"));
    said_name(words, said, actor_name(outline, tx->server));
    if (!expires_of(request_of(reading, transaction), &expires))
        return step;
    if (expires == 0)
        reading_fail(reading, tx->request, "what was registered before is not there");
    table_text(words, said_table(words, said), V("expires"),
               words_print(words, "%us", (unsigned)expires));
    return step;
}

static struct step *register_send(struct reading *reading, uint16_t transaction, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    struct view handle = registration_of(reading, transaction);
    uint64_t expires = 1;

    exchange->handle = handle;
    if (exchange->retry_of != CALL_NONE) {
        exchange->client = reading->exchanges[exchange->retry_of].client;
        return NULL;
    }
    if (handle.len == 0) {
        register_first(reading, transaction, sleep_ms);
        return NULL;
    }
    bool over = expires_of(request_of(reading, transaction), &expires) && expires == 0;
    exchange->client = reading_name(reading, over ? "terminate" : "refresh");
    struct step *step = outline_step(outline, sleep_ms, exchange->client, handle);
    step_say(&outline->words, step, over ? V("terminate") : V("refresh"));
    return step;
}

static void register_hear(struct reading *reading, uint16_t transaction, uint32_t message)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];

    if (exchange->client.len > 0) {
        transaction_hear(reading, transaction, message);
        return;
    }
    struct step *step = outline_step(outline, 0, V(""), exchange->handle);
    said_text(&outline->words, step_say(&outline->words, step, V("wait")), V("registered"));
}

const struct construct construct_register = {
    .fits = is_register, .send = register_send, .hear = register_hear};
