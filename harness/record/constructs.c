/* The table of constructs, and what several of them say. */
#include "harness/record/constructs.h"

const struct construct *const constructs[] = {&construct_invite,
                                              &construct_reinvite,
                                              &construct_ack,
                                              &construct_cancel,
                                              &construct_prack,
                                              &construct_bye,
                                              &construct_update,
                                              &construct_refer,
                                              &construct_notify,
                                              &construct_subscribe,
                                              &construct_resubscribe,
                                              &construct_inside,
                                              &construct_options_inside,
                                              &construct_any_inside,
                                              &construct_register,
                                              &construct_options,
                                              &construct_message,
                                              &construct_request,
                                              NULL};

const struct construct *construct_find(const struct reading *reading, uint16_t transaction)
{
    for (size_t i = 0; constructs[i] != NULL; i++)
        if (constructs[i]->fits(reading, transaction))
            return constructs[i];
    return NULL;
}

void status_say(struct reading *reading, struct said *said, uint16_t status)
{
    said_name(&reading->outline->words, said,
              words_print(&reading->outline->words, "%u", (unsigned)status));
}

bool has_sdp(struct sip_msg *msg)
{
    return sip_sdp_of(msg) != NULL;
}

struct view direction_of(struct sip_msg *msg)
{
    const struct sip_sdp *sdp = sip_sdp_of(msg);

    if (sdp == NULL)
        return (struct view){0};
    return view_of(
        sip_sdp_direction_text(sdp->media_count == 0 ? sdp->direction : sdp->media[0].direction));
}

static const char *const repeated[] = {
    "Event",        "Expires",  "Min-Expires", "Refer-To",     "Referred-By",        "Refer-Sub",
    "SIP-If-Match", "SIP-ETag", "Retry-After", "Info-Package", "Subscription-State", NULL};
/* What a refusal must have: RFC 3261 §21.4.6 and §21.4.15, RFC 4028 §6. */
static const struct {
    uint16_t status;
    const char *name;
} refusals[] = {
    {405, "Allow"      },
    {420, "Unsupported"},
    {422, "Min-SE"     },
};

static void body_say(struct words *words, struct word *opts, struct sip_msg *msg)
{
    const struct sip_line *type = sip_msg_find(msg, SIP_HEADER_CONTENT_TYPE, 0);
    struct view body = sip_msg_body(msg);

    if (body.len == 0 || has_sdp(msg))
        return;
    table_text(words, opts, V("body"), body);
    if (type != NULL)
        table_text(words, opts, V("content_type"), type->value);
}

/* A REGISTER of ours has its Contact unless it is told not to: a fetch, or the star. */
static void contact_say(struct words *words, struct word *headers, struct sip_msg *msg)
{
    const struct sip_name_addr *contact = sip_msg_contact(msg, 0);

    if (!sip_msg_is_request(msg) || sip_msg_method(msg) != SIP_REGISTER)
        return;
    if (sip_msg_find(msg, SIP_HEADER_CONTACT, 0) == NULL)
        table_name(words, headers, V("Contact"), V("false"));
    else if (contact != NULL && contact->wildcard)
        table_text(words, headers, V("Contact"), V("*"));
}

void rows_say(struct reading *reading, struct word *opts, struct sip_msg *msg, bool body)
{
    struct words *words = &reading->outline->words;
    struct word *headers = word_make(words, WORD_TABLE, V(""));

    for (size_t i = 0; repeated[i] != NULL; i++) {
        const struct sip_line *line = sip_msg_find_name(msg, view_of(repeated[i]), 0);
        if (line != NULL)
            table_text(words, headers, view_of(repeated[i]), line->value);
    }
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        const struct sip_line *line = sip_msg_find_name(msg, view_of(refusals[i].name), 0);
        if (line != NULL && sip_msg_status(msg) == refusals[i].status)
            table_text(words, headers, view_of(refusals[i].name), line->value);
    }
    contact_say(words, headers, msg);
    if (headers->fields != NULL)
        table_set(words, opts, V("headers"), headers);
    if (body)
        body_say(words, opts, msg);
}

/* Without its quotes; empty: there is none. */
static struct view param_text(const struct sip_params *params, struct view name)
{
    struct view value = {0};

    if (!sip_param_find(params, name, &value) || value.ptr == NULL)
        return V("");
    if (value.len >= 2 && value.ptr[0] == '"')
        return (struct view){value.ptr + 1, value.len - 2};
    return value;
}

/* Of the first one that is there: the realm, and the algorithm where it is not MD5. */
void challenge_say(struct reading *reading, struct word *opts, struct sip_msg *msg)
{
    struct words *words = &reading->outline->words;
    bool proxy = sip_msg_status(msg) == 407;
    enum sip_header_id id = proxy ? SIP_HEADER_PROXY_AUTHENTICATE : SIP_HEADER_WWW_AUTHENTICATE;
    const struct sip_auth *auth = sip_msg_get(msg, id, 0);

    if (auth == NULL)
        return;
    struct word *challenge = word_make(words, WORD_CALL, V("sip.challenge"));
    table_text(words, challenge, V("realm"), param_text(&auth->params, V("realm")));
    struct view algorithm = param_text(&auth->params, V("algorithm"));
    if (algorithm.len > 0 && !view_equal_nocase(algorithm, V("MD5")))
        table_text(words, challenge, V("algorithm"), algorithm);
    struct view stale = param_text(&auth->params, V("stale"));
    if (view_equal_nocase(stale, V("true")))
        table_name(words, challenge, V("stale"), V("true"));
    struct word *headers =
        table_set(words, opts, V("headers"), word_make(words, WORD_TABLE, V("")));
    table_set(words, headers, proxy ? V("Proxy-Authenticate") : V("WWW-Authenticate"), challenge);
}

void respond_say(struct reading *reading, struct view server, uint32_t message, uint32_t sleep_ms)
{
    struct outline *outline = reading->outline;
    struct sip_msg *msg = reading->call->messages[message].msg;
    uint16_t status = sip_msg_status(msg);
    struct step *step = outline_step(outline, sleep_ms, V(""), server);
    struct said *said = step_say(&outline->words, step, V("respond"));
    struct word *opts = word_make(&outline->words, WORD_TABLE, V(""));

    status_say(reading, said, status);
    if (status == 401 || status == 407)
        challenge_say(reading, opts, msg);
    else
        rows_say(reading, opts, msg, true);
    if (has_sdp(msg))
        table_name(&outline->words, opts, V("sdp"), V("true"));
    if (status == 100 && sip_msg_method(msg) != SIP_INVITE) /* RFC 4320 §4.1 */
        table_name(&outline->words, opts, V("force"), V("true"));
    if (opts->fields != NULL)
        said_word(said, opts);
}

/* tx:respond(200), for what a transaction of its own answers. */
void transaction_answer(struct reading *reading, uint16_t transaction, uint32_t message,
                        uint32_t sleep_ms)
{
    if (is_device(reading, reading->call->transactions[transaction].server))
        reading_fail(reading, message, "no trigger makes the device answer so");
    respond_say(reading, reading->exchanges[transaction].server, message, sleep_ms);
}

void transaction_hear(struct reading *reading, uint16_t transaction, uint32_t message)
{
    struct outline *outline = reading->outline;
    const struct exchange *exchange = &reading->exchanges[transaction];
    uint16_t status = sip_msg_status(reading->call->messages[message].msg);

    if (exchange->client.len == 0)
        return;
    struct step *step = outline_step(outline, 0, V(""), exchange->client);
    bool final = message == reading->call->transactions[transaction].final;
    struct said *said = step_say(&outline->words, step, final ? V("response") : V("expect"));
    status_say(reading, said, status);
}

/* local asked = leg:expect_request("BYE"), where the agent does not answer by itself. */
void transaction_take(struct reading *reading, uint16_t transaction)
{
    struct outline *outline = reading->outline;
    struct exchange *exchange = &reading->exchanges[transaction];
    uint16_t server = reading->call->transactions[transaction].server;
    const struct bond *bond = bond_of(reading, transaction);

    if (exchange->by_server || is_device(reading, server))
        return;
    exchange->server = reading_name(reading, "asked");
    struct step *step =
        outline_step(outline, 0, exchange->server,
                     bond != NULL ? bond_handle(bond, server) : actor_name(outline, server));
    struct said *said = step_say(&outline->words, step, V("expect_request"));
    said_text(&outline->words, said, message_pattern(outline, request_of(reading, transaction)));
}
