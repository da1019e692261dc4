/* What parties are called: as their users are, or by what they do. Who records a call and captures
 * what was recorded finds the same names again: a name made of a user is one that a user can have,
 * and stays as it is. */
#include "harness/calls/inside.h"

enum { NAME_MOST = 32 };

struct naming {
    struct sketch *sketch;
    struct numbers taken; /* names, and the number that their last namesake has */
    bool *passes;         /* by party: it passes requests on */
};

static bool is_letter(char c)
{
    return char_lower(c) >= 'a' && char_lower(c) <= 'z';
}

static bool is_word(char c)
{
    return is_letter(c) || (c >= '0' && c <= '9') || c == '_';
}

/* Words of Lua, and what a scenario calls its own. */
static bool is_reserved(struct view name)
{
    static const char *const words[] = {
        "and",    "break", "do",   "else",  "elseif", "end",   "expect", "for",     "false",
        "goto",   "if",    "in",   "local", "nil",    "not",   "or",     "sip",     "others",
        "repeat", "t",     "then", "true",  "until",  "while", "return", "unknown", "function"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (view_equal(view_of(words[i]), name))
            return true;
    return false;
}

/* "+49 30 1234" is user49301234, "john.doe" john_doe, "end" end_. Empty: nothing could be made of
 * it. */
static struct view identifier(struct view user, char room[NAME_MOST + 8])
{
    size_t len = 0;
    for (size_t i = 0; i < user.len && len < NAME_MOST; i++) {
        char c = user.ptr[i];
        if (len == 0 && !is_letter(c) && is_word(c) && c != '_') {
            memcpy(room, "user", 4);
            len = 4;
        }
        if (is_word(c))
            room[len++] = c;
        else if (len > 0 && room[len - 1] != '_' && i + 1 < user.len)
            room[len++] = '_';
    }
    struct view name = {room, len};
    if (is_reserved(name))
        room[name.len++] = '_';
    return name;
}

static void numbered(struct buf *out, struct view name, uint32_t number)
{
    bool digit = !is_letter(name.ptr[name.len - 1]);
    buf_clear(out);
    buf_add(out, name);
    if (number > 1)
        buf_printf(out, digit ? "_%u" : "%u", number);
}

static void party_call(struct naming *naming, uint16_t party, struct view name)
{
    struct sketch *sketch = naming->sketch;
    char room[2 * NAME_MOST + 32];
    struct buf text = {.ptr = room, .size = sizeof room, .limit = sizeof room};
    bool made = false;
    uint32_t *last = numbers_at(sketch, &naming->taken, view_hash(name), &made);
    for (uint32_t number = made ? 1 : *last + 1; sketch->failure == ERR_OK; number++) {
        numbered(&text, view_head(name, 2 * NAME_MOST), number);
        *last = number;
        if (number > 1)
            *numbers_at(sketch, &naming->taken, view_hash(buf_view(&text)), &made) = 1;
        if (number == 1 || made)
            break;
    }
    struct view kept = arena_copy(sketch->arena, buf_view(&text));
    sketch->call->parties[party].name = kept;
    if (kept.ptr == NULL)
        sketch->failure = ERR_MEMORY;
}

static struct view user_of(const struct sip_name_addr *value)
{
    return value == NULL ? (struct view){0} : value->uri.user;
}

static void user_call(struct naming *naming, uint16_t party, struct view user, struct view instead)
{
    char room[NAME_MOST + 8];
    struct view name = identifier(user, room);
    party_call(naming, party, name.len == 0 ? instead : name);
}

static bool is_unnamed(const struct naming *naming, uint16_t party)
{
    return naming->sketch->call->parties[party].name.ptr == NULL;
}

static void client_name(struct naming *naming, uint16_t party, struct sip_msg *msg)
{
    bool invite = sip_msg_method(msg) == SIP_INVITE;
    if (!is_unnamed(naming, party))
        return;
    if (naming->passes[party])
        party_call(naming, party, V("proxy"));
    else
        user_call(naming, party, user_of(sip_msg_from(msg)), invite ? V("caller") : V("client"));
}

static void server_name(struct naming *naming, uint16_t party, struct sip_msg *msg, uint16_t status)
{
    struct view user = user_of(sip_msg_to(msg));
    enum sip_method method = sip_msg_method(msg);
    if (!is_unnamed(naming, party))
        return;
    if (naming->passes[party])
        party_call(naming, party, V("proxy"));
    else if (method == SIP_REGISTER)
        party_call(naming, party, V("registrar"));
    else if (method == SIP_INVITE && status / 100 == 3)
        party_call(naming, party, V("redirect"));
    else if (view_equal(user, user_of(sip_msg_from(msg))) && method != SIP_INVITE)
        party_call(naming, party, V("server"));
    else
        user_call(naming, party, user, method == SIP_INVITE ? V("callee") : V("server"));
}

static void given_names(struct naming *naming)
{
    const struct calls_options *options = naming->sketch->options;
    struct call *call = naming->sketch->call;
    for (uint16_t i = 0; i < call->party_count; i++)
        for (size_t j = 0; j < options->name_count && is_unnamed(naming, i); j++)
            if (addr_is_at(&call->parties[i].address, &options->names[j].address))
                party_call(naming, i, options->names[j].name);
}

static uint16_t final_status(const struct call *call, const struct call_transaction *transaction)
{
    return transaction->final == UINT32_MAX
               ? 0
               : sip_msg_status(call->messages[transaction->final].msg);
}

static void parties_pass(struct naming *naming)
{
    const struct call *call = naming->sketch->call;
    for (uint16_t i = 0; i < call->transaction_count; i++)
        if (call->transactions[i].upstream != CALL_NONE)
            naming->passes[call->transactions[i].client] = true;
}

/* Requests first; then those who are known by a response only. */
static void roles_name(struct naming *naming)
{
    const struct call *call = naming->sketch->call;
    for (uint16_t i = 0; i < call->transaction_count; i++) {
        const struct call_transaction *transaction = &call->transactions[i];
        struct sip_msg *msg = call->messages[transaction->request].msg;
        client_name(naming, transaction->client, msg);
        server_name(naming, transaction->server, msg, final_status(call, transaction));
    }
    for (uint32_t i = 0; i < call->message_count; i++) {
        const struct call_message *message = &call->messages[i];
        bool request = sip_msg_is_request(message->msg);
        client_name(naming, request ? message->from : message->to, message->msg);
        server_name(naming, request ? message->to : message->from, message->msg,
                    sip_msg_status(message->msg));
    }
}

void parties_name(struct sketch *sketch)
{
    struct naming naming = {.sketch = sketch};
    naming.passes =
        sketch_alloc(sketch, sketch->scratch, sketch->call->party_count, sizeof *naming.passes);
    if (sketch->failure == ERR_OK) {
        parties_pass(&naming);
        given_names(&naming);
        roles_name(&naming);
    }
    numbers_clear(&naming.taken);
}
