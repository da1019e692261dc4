/* What parties are called, and by what they are reached. Names are identifiers of Lua and of flows,
 * and nobody else's. */
#include "harness/record/inside.h"

/* What Lua, Mermaid, the language of scenarios and the written scenario itself have taken. */
static const char *const taken[] = {
    "and",        "break",    "do",       "else",        "elseif",   "end",
    "false",      "for",      "function", "goto",        "if",       "in",
    "local",      "nil",      "not",      "or",          "repeat",   "return",
    "then",       "true",     "until",    "while",       "alt",      "autonumber",
    "create",     "destroy",  "link",     "links",       "loop",     "note",
    "opt",        "over",     "par",      "critical",    "box",      "rect",
    "activate",   "actor",    "as",       "participant", "left",     "right",
    "dut",        "other",    "device",   "scenario",    "group",    "param",
    "secret",     "expect",   "sip",      "file",        "require",  "string",
    "table",      "math",     "os",       "coroutine",   "utf8",     "t",
    "v",          "host",     "lines",    "fill",        "call",     "leg",
    "length",     "brace",    "password", "proof",       "call_id",  "deactivate",
    "properties", "details",  "title",    "accTitle",    "accDescr", "sequenceDiagram",
    "print",      "type",     "error",    "pairs",       "ipairs",   "next",
    "select",     "tostring", "tonumber", "pcall"};

static bool is_taken(const struct outline *outline, uint16_t before, struct view name)
{
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (view_equal_nocase(view_of(taken[i]), name))
            return true;
    for (uint16_t i = 0; i < before; i++)
        if (view_equal(outline->actors[i].name, name))
            return true;
    return false;
}

static bool is_letter(char c)
{
    return char_lower(c) >= 'a' && char_lower(c) <= 'z';
}

enum { NAME_MOST = 24 };

/* "+49 (30) 1" is "u49301": the letters and digits of it. */
static struct view identifier(struct words *words, struct view text)
{
    char room[NAME_MOST + 1];
    size_t len = 0;

    for (size_t i = 0; i < text.len && len < NAME_MOST; i++) {
        char c = text.ptr[i];
        if (len == 0 && !is_letter(c) && c >= '0' && c <= '9')
            room[len++] = 'u';
        if (is_letter(c) || (c >= '0' && c <= '9') || (c == '_' && len > 0))
            room[len++] = c;
    }
    return len == 0 ? V("party") : words_copy(words, (struct view){room, len});
}

void actors_name(struct outline *outline, const struct addr *device)
{
    for (uint16_t i = 0; i < outline->call->party_count; i++) {
        struct view base = identifier(&outline->words, outline->call->parties[i].name);
        struct view name = base;
        for (unsigned n = 2; is_taken(outline, i, name) && outline->words.failed == ERR_OK; n++)
            name = words_print(&outline->words, "%.*s%u", VIEW_ARG(base), n);
        outline->actors[i].name = name;
        if (device->family == 0 || !addr_is_at(&outline->call->parties[i].address, device))
            continue;
        outline->actors[i].name = V("dut");
        outline->actors[i].kind = ACTOR_DEVICE;
    }
}

/* A trace of ours shows what TLS and WebSocket carried as plain TCP: there Via knows more. */
static enum proto stream_proto(const struct call *call, uint16_t party)
{
    for (uint32_t i = 0; i < call->message_count; i++) {
        const struct call_message *message = &call->messages[i];
        enum proto proto;
        if ((message->from != party && message->to != party) || message->carrier == CARRIER_UDP)
            continue;
        const struct sip_via *via = sip_msg_via(message->msg, 0);
        if (message->carrier != CARRIER_TCP)
            return carrier_proto(message->carrier);
        if (via != NULL && proto_parse(via->transport, &proto) == ERR_OK && proto != PROTO_UDP)
            return proto;
    }
    return PROTO_TCP;
}

void actor_transport(struct outline *outline, uint16_t party)
{
    const struct call_party *who = &outline->call->parties[party];
    struct actor *actor = &outline->actors[party];
    struct words *words = &outline->words;

    if (who->carrier == CARRIER_SCTP)
        outline_note(outline, V("It came by SCTP, and goes by UDP."));
    else if (who->carrier != CARRIER_UDP)
        table_text(words, actor->options, V("transport"),
                   view_of(proto_text(stream_proto(outline->call, party))));
    if (who->address.family == 6)
        table_name(words, actor->options, V("ipv6"), V("true"));
}
