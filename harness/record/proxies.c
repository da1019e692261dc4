/* Calls by way of a t:proxy: its domain, its routes, and who goes by it. */
#include "harness/record/constructs.h"

/* A name stays; an address, which is another in each run, is example.com. */
static struct view domain_of(const struct reading *reading, uint16_t party)
{
    const struct call *call = reading->call;

    for (uint16_t i = 0; i < call->transaction_count; i++) {
        struct addr addr;
        const struct sip_uri *uri = sip_msg_request_uri(request_of(reading, i));
        if (call->transactions[i].server == party && !call->transactions[i].in_dialog &&
            uri != NULL && uri->host.len > 0 && addr_host_parse(uri->host, &addr) != ERR_OK)
            return uri->host;
    }
    return V("example.com");
}

static bool is_user(struct view user)
{
    for (size_t i = 0; i < user.len; i++) {
        char c = char_lower(user.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || strchr("_-.+", c) != NULL))
            return false;
    }
    return user.len > 0;
}

struct view proxied_uri(struct reading *reading, uint16_t transaction)
{
    const struct sip_uri *uri = sip_msg_request_uri(request_of(reading, transaction));
    struct view domain = domain_of(reading, reading->call->transactions[transaction].server);

    if (uri == NULL || !is_user(uri->user)) {
        reading_fail(reading, reading->call->transactions[transaction].request,
                     "a proxy is asked for somebody without a name");
        return V("");
    }
    return words_print(&reading->outline->words, "sip:%.*s@%.*s", VIEW_ARG(uri->user),
                       VIEW_ARG(domain));
}

/* A route: the user that was asked for, and whom the proxy asked. */
static void routes_say(struct reading *reading, uint16_t party, struct word *opts)
{
    struct words *words = &reading->outline->words;
    const struct call *call = reading->call;
    struct word *routes = table_set(words, opts, V("routes"), word_make(words, WORD_TABLE, V("")));
    struct view said[8];
    size_t said_count = 0;

    for (uint16_t i = 0; i < call->transaction_count && said_count < 8; i++) {
        const struct call_transaction *tx = &call->transactions[i];
        const struct sip_uri *uri = sip_msg_request_uri(request_of(reading, i));
        bool known = tx->server != party || tx->in_dialog || uri == NULL ||
                     tx->method == SIP_CANCEL || tx->method == SIP_ACK || reading->exchanges[i].met;
        for (size_t k = 0; !known && k < said_count; k++)
            known = view_equal(said[k], uri->user);
        if (known)
            continue;
        said[said_count++] = uri->user;
        struct word *targets = word_make(words, WORD_TABLE, V(""));
        for (uint16_t k = 0; k < call->transaction_count; k++)
            if (call->transactions[k].upstream == i)
                table_name(words, targets, (struct view){0},
                           actor_name(reading->outline, call->transactions[k].server));
        if (targets->fields == NULL)
            reading_fail(reading, tx->request, "a proxy answers it by itself");
        else
            table_set(words, routes, uri->user,
                      targets->fields->next == NULL ? targets->fields->value : targets);
    }
}

static bool stays(const struct reading *reading, uint16_t party)
{
    for (uint16_t i = 0; i < reading->call->transaction_count; i++)
        if (reading->call->transactions[i].server == party &&
            reading->call->transactions[i].in_dialog)
            return true;
    return false;
}

/* Whose 100 comes before anything goes on asks one target after another. */
static bool is_serial(const struct reading *reading, uint16_t party)
{
    const struct call *call = reading->call;

    for (uint32_t i = 0; i < call->message_count; i++) {
        const struct call_message *message = &call->messages[i];
        if (message->from == party && message->transaction != CALL_NONE &&
            call->transactions[message->transaction].method == SIP_INVITE &&
            !reading->exchanges[message->transaction].met)
            return sip_msg_status(message->msg) == 100;
    }
    return false;
}

bool asks_for_credentials(const struct reading *reading, uint16_t party)
{
    for (uint16_t i = 0; i < reading->call->transaction_count; i++)
        if (reading->call->transactions[i].server == party && reading->exchanges[i].met)
            return true;
    return false;
}

void proxy_say(struct reading *reading, uint16_t party)
{
    struct words *words = &reading->outline->words;
    struct word *opts = reading->outline->actors[party].options;

    for (uint16_t i = 0; i < reading->call->transaction_count; i++)
        if (reading->call->transactions[i].client == party &&
            is_proxy(reading, reading->call->transactions[i].server))
            reading_fail(reading, reading->call->transactions[i].request, "two proxies in a row");
    table_text(words, opts, V("domain"), domain_of(reading, party));
    routes_say(reading, party, opts);
    if (is_serial(reading, party))
        table_text(words, opts, V("fork"), V("serial"));
    if (asks_for_credentials(reading, party))
        users_say(reading, party);
    if (stays(reading, party))
        table_name(words, opts, V("record_route"), V("true"));
}

/* Targets are made first, then their proxy, then who calls by way of it. */
void outbound_say(struct reading *reading, uint16_t party)
{
    struct words *words = &reading->outline->words;
    const struct call *call = reading->call;
    struct actor *actor = &reading->outline->actors[party];

    for (uint16_t i = 0; i < call->transaction_count; i++) {
        const struct call_transaction *tx = &call->transactions[i];
        if (tx->client != party || tx->in_dialog || !is_proxy(reading, tx->server))
            continue;
        table_name(words, actor->options, V("outbound"), actor_name(reading->outline, tx->server));
        if (asks_for_credentials(reading, tx->server)) /* it asks who says to be of its domain */
            table_text(words, actor->options, V("uri"),
                       words_print(words, "sip:%.*s@%.*s", VIEW_ARG(actor->name),
                                   VIEW_ARG(domain_of(reading, tx->server))));
        actor->order = 2;
        return;
    }
}
