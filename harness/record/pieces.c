#include "harness/record/pieces.h"
#include "harness/record/inside.h"

enum { CUTS_MOST = 4096, WIRE_PORT = 5060 };

struct named { /* a value of the scenario, and the Lua that makes it */
    struct view name, made;
};

struct cut { /* a place in a message that has a name instead */
    size_t at, len;
    struct named value;
    bool plain; /* the name is a text, and no name */
};

struct known { /* what is another in each run, and its name */
    uint64_t hash;
    struct view text;
    struct named value;
};

struct finder {
    struct outline *outline;
    struct known *known;
    uint32_t known_count, known_size;
    struct cut cuts[CUTS_MOST];
    size_t cut_count;
    struct view raw; /* of the message in hand */
    uint16_t sender;
};

enum err finder_create(struct outline *outline, struct finder **out)
{
    struct finder *finder = mem_zalloc(sizeof *finder);
    if (finder == NULL)
        return ERR_MEMORY;
    finder->outline = outline;
    *out = finder;
    return ERR_OK;
}

void finder_destroy(struct finder *finder)
{
    if (finder == NULL)
        return;
    mem_free(finder->known);
    mem_free(finder);
}

static bool value_named(const struct outline *outline, struct view name)
{
    for (uint32_t i = 0; i < outline->value_count; i++)
        if (view_equal(outline->values[i].name, name))
            return true;
    return false;
}

static void value_add(struct outline *outline, struct view name, struct view made)
{
    struct value *values =
        mem_room(outline->values, sizeof *values, outline->value_count, &outline->value_size, 16);
    if (values == NULL) {
        outline->words.failed = ERR_MEMORY;
        return;
    }
    outline->values = values;
    outline->values[outline->value_count++] = (struct value){name, made};
}

static bool name_known(const struct finder *finder, struct view name)
{
    for (uint32_t i = 0; i < finder->known_count; i++)
        if (view_equal(finder->known[i].value.name, name))
            return true;
    return false;
}

/* "alice_tag", "alice_tag2" … */
static struct view name_free(struct finder *finder, struct view owner, const char *what)
{
    struct words *words = &finder->outline->words;
    struct view name = words_print(words, "%.*s%s", VIEW_ARG(owner), what);

    for (unsigned n = 2; name_known(finder, name) && words->failed == ERR_OK; n++)
        name = words_print(words, "%.*s%s%u", VIEW_ARG(owner), what, n);
    return name;
}

/* Where it is of these bytes; what folding was undone for is not. */
static bool cut_add(struct finder *finder, struct view text, struct named value)
{
    size_t at = (uintptr_t)text.ptr - (uintptr_t)finder->raw.ptr;

    if (text.len == 0 || at > finder->raw.len || text.len > finder->raw.len - at ||
        finder->cut_count == CUTS_MOST)
        return false;
    finder->cuts[finder->cut_count++] = (struct cut){at, text.len, value, false};
    return true;
}

/* Each place where the text stands. */
static void cut_everywhere(struct finder *finder, struct view text, struct named value)
{
    struct view rest = finder->raw;

    for (size_t at; (at = view_find(rest, text)) < rest.len; rest = view_skip(rest, at + text.len))
        cut_add(finder, (struct view){rest.ptr + at, text.len}, value);
}

static struct known *known_find(struct finder *finder, struct view text)
{
    uint64_t hash = view_hash(text);

    for (uint32_t i = 0; i < finder->known_count; i++)
        if (finder->known[i].hash == hash && view_equal(finder->known[i].text, text))
            return &finder->known[i];
    return NULL;
}

/* The name of a value; the first who says it is its owner. */
static struct named known_value(struct finder *finder, struct view text, struct view owner,
                                const char *what, struct view made)
{
    struct known *known = known_find(finder, text);
    if (known != NULL)
        return known->value;
    struct known *all =
        mem_room(finder->known, sizeof *all, finder->known_count, &finder->known_size, 64);
    if (all == NULL) {
        finder->outline->words.failed = ERR_MEMORY;
        return (struct named){made, made};
    }
    finder->known = all;
    struct named value = {name_free(finder, owner, what), made};
    all[finder->known_count++] = (struct known){view_hash(text), text, value};
    return value;
}

static void volatile_cut(struct finder *finder, struct view text, struct view owner,
                         const char *what, struct view made)
{
    if (text.len == 0)
        return;
    struct named value = known_value(finder, text, owner, what, made);
    if (!cut_add(finder, text, value))
        cut_everywhere(finder, text, value);
}

/* RFC 3261 §8.1.1.7: without its cookie a branch is of another time, and stays as it is. */
static void branches_cut(struct finder *finder, struct sip_msg *msg, struct view owner)
{
    const struct sip_via *via;

    for (size_t i = 0; (via = sip_msg_via(msg, i)) != NULL; i++)
        if (view_starts_nocase(via->branch, V("z9hG4bK")))
            volatile_cut(finder, via->branch, owner, "_branch", V("sip.branch()"));
}

static void identifiers_cut(struct finder *finder, struct sip_msg *msg, struct view owner)
{
    const struct sip_name_addr *from = sip_msg_from(msg), *to = sip_msg_to(msg);

    volatile_cut(finder, sip_msg_call_id(msg), V("call"), "_id", V("sip.call_id()"));
    if (from != NULL)
        volatile_cut(finder, from->tag, owner, "_tag", V("sip.tag()"));
    if (to != NULL)
        volatile_cut(finder, to->tag, owner, "_tag", V("sip.tag()"));
}

/* Nobody checks it here, and it says nothing of the password. */
static void proof_cut(struct finder *finder, struct view text)
{
    struct named value = {V("proof"), V("(\"0\"):rep(32)")};

    if (!cut_add(finder, text, value) && text.len > 0)
        cut_everywhere(finder, text, value);
}

/* RFC 7617: the password itself. */
static void basic_cut(struct finder *finder, const struct sip_line *line, size_t scheme_len)
{
    if (line != NULL)
        proof_cut(finder, view_trim(view_skip(line->value, scheme_len)));
}

/* What proves a password, and a password itself, stay out of the file. RFC 7616 §3.4, §3.5. */
static void credentials_cut(struct finder *finder, struct sip_msg *msg)
{
    static const struct {
        enum sip_header_id id;
        struct view proof;
    } rows[] = {
        {SIP_HEADER_AUTHORIZATION,       {"response", 8}},
        {SIP_HEADER_PROXY_AUTHORIZATION, {"response", 8}},
        {SIP_HEADER_AUTHENTICATION_INFO, {"rspauth", 7} },
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        const struct sip_auth *auth;
        for (size_t i = 0; (auth = sip_msg_get(msg, rows[k].id, i)) != NULL; i++) {
            struct view proof = {0};
            if (view_equal_nocase(auth->scheme, V("Basic")))
                basic_cut(finder, sip_msg_find(msg, rows[k].id, i), auth->scheme.len);
            else if (sip_param_find(&auth->params, rows[k].proof, &proof) && proof.len > 2)
                proof_cut(finder, (struct view){proof.ptr + 1, proof.len - 2});
        }
    }
}

static bool address_char(char c)
{
    return char_hex(c) >= 0 || c == '.' || c == ':';
}

/* "192.0.2.1:5060": the party's address. */
static void socket_cut(struct finder *finder, struct view text, struct view owner)
{
    struct view made = words_print(&finder->outline->words, "%.*s.address", VIEW_ARG(owner));

    cut_add(finder, text, (struct named){owner, made});
}

/* "192.0.2.1", "[2001:db8::1]" or with a port that is another's: the host alone. */
static void host_cut(struct finder *finder, struct view text, const struct addr *addr,
                     struct view owner)
{
    struct words *words = &finder->outline->words;
    struct named value = {words_print(words, "%.*s_host", VIEW_ARG(owner)),
                          words_print(words, "host(%.*s)", VIEW_ARG(owner))};

    if (text.ptr[0] == '[')
        text = view_skip(view_head(text, view_find_char(text, ']')), 1);
    else if (addr->family == 4)
        text = view_head(text, view_find_char(text, ':'));
    cut_add(finder, text, value);
}

/* Whose it is: with its port, else by the host alone; then the sender's, where it has that host. */
static uint16_t party_at(const struct call *call, const struct addr *addr, uint16_t sender)
{
    uint16_t found = addr_ip_equal(addr, &call->parties[sender].address) ? sender : CALL_NONE;

    for (uint16_t i = 0; i < call->party_count; i++) {
        if (addr_equal(addr, &call->parties[i].address))
            return i;
        if (found == CALL_NONE && addr_ip_equal(addr, &call->parties[i].address))
            found = i;
    }
    return found;
}

/* Parties are 10.0.0.1 and so on in a simulated run. Somebody else who has such an address would be
 * one of them there: he gets one of RFC 5737 §3. */
static void stranger_cut(struct finder *finder, struct view text, const struct addr *addr)
{
    bool simulated = addr->family == 4 && addr->ip[0] == 10 && addr->ip[1] == 0 &&
                     addr->ip[2] == 0 && addr->ip[3] > 0 &&
                     addr->ip[3] <= finder->outline->call->party_count;

    if (!simulated)
        return;
    struct view instead =
        words_print(&finder->outline->words, "198.51.100.%u", (unsigned)addr->ip[3]);
    text = view_head(text, view_find_char(text, ':'));
    if (cut_add(finder, text, (struct named){instead, V("")}))
        finder->cuts[finder->cut_count - 1].plain = true;
}

static void address_cut(struct finder *finder, struct view text)
{
    struct addr addr;

    while (text.len > 0 && (text.ptr[text.len - 1] == '.' || text.ptr[text.len - 1] == ':'))
        text.len--;
    if (text.len <= 2 || addr_parse(text, &addr) != ERR_OK)
        return;
    uint16_t party = party_at(finder->outline->call, &addr, finder->sender);
    if (party == CALL_NONE) {
        stranger_cut(finder, text, &addr);
        return;
    }
    if (addr.port != 0 && (addr.port == finder->outline->call->parties[party].address.port ||
                           addr.port == WIRE_PORT)) /* where it will be in its own trace */
        socket_cut(finder, text, actor_name(finder->outline, party));
    else
        host_cut(finder, text, &addr, actor_name(finder->outline, party));
}

static bool word_char(char c)
{
    return (c >= '0' && c <= '9') || (char_lower(c) >= 'a' && char_lower(c) <= 'z');
}

/* Every run of characters that an address could have, which no letter stands before or behind. */
static void addresses_cut(struct finder *finder)
{
    struct view raw = finder->raw;

    for (size_t i = 0; i < raw.len;) {
        size_t start = i;
        bool bracket = raw.ptr[i] == '[';
        if (bracket)
            i++;
        while (i < raw.len && address_char(raw.ptr[i]))
            i++;
        if (bracket && i < raw.len && raw.ptr[i] == ']') {
            i++;
            if (i + 1 < raw.len && raw.ptr[i] == ':' && raw.ptr[i + 1] >= '0' &&
                raw.ptr[i + 1] <= '9')
                for (i++; i < raw.len && raw.ptr[i] >= '0' && raw.ptr[i] <= '9';)
                    i++;
        }
        bool alone = (start == 0 || !word_char(raw.ptr[start - 1])) &&
                     (i == raw.len || !word_char(raw.ptr[i]));
        if (i > start + 2 && alone)
            address_cut(finder, (struct view){raw.ptr + start, i - start});
        i += i == start || (i < raw.len && word_char(raw.ptr[i]));
    }
}

/* What would be read as the name of a value. */
static void braces_cut(struct finder *finder)
{
    struct view rest = finder->raw;

    for (size_t at; (at = view_find_char(rest, '{')) < rest.len; rest = view_skip(rest, at + 1))
        cut_add(finder, (struct view){rest.ptr + at, 1}, (struct named){V("brace"), V("\"{\"")});
}

/* Its length changes with what is named in it. */
static void length_cut(struct finder *finder, struct sip_msg *msg)
{
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_CONTENT_LENGTH, 0);
    size_t body_at = (size_t)(sip_msg_body(msg).ptr - finder->raw.ptr);
    uint64_t said;

    if (line == NULL || sip_msg_find(msg, SIP_HEADER_CONTENT_LENGTH, 1) != NULL ||
        sip_msg_body(msg).ptr == NULL || !view_to_uint(line->value, UINT32_MAX, &said) ||
        said != finder->raw.len - body_at || said == 0)
        return;
    cut_add(finder, line->value, (struct named){V("length"), V("")});
}

static void cuts_sort(struct finder *finder)
{
    struct cut *cuts = finder->cuts;

    for (size_t i = 1; i < finder->cut_count; i++)
        for (size_t k = i; k > 0 && cuts[k].at < cuts[k - 1].at; k--) {
            struct cut swap = cuts[k];
            cuts[k] = cuts[k - 1];
            cuts[k - 1] = swap;
        }
}

/* Lines that end with CRLF, of what an editor shows as it is. */
static bool is_lines(struct view text)
{
    if (!view_ends(text, V("\r\n")))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '\r'   ? i + 1 == text.len || text.ptr[i + 1] != '\n'
            : c == '\n' ? i == 0 || text.ptr[i - 1] != '\r'
                        : c != '\t' && ((unsigned char)c < ' ' || (unsigned char)c > '~'))
            return false;
    }
    return true;
}

static void piece_add(struct pieces *pieces, struct view text, bool named)
{
    if (text.len > 0)
        pieces->items[pieces->count++] = (struct piece){text, named};
}

static const struct pieces *cuts_made(struct finder *finder)
{
    struct words *words = &finder->outline->words;
    struct pieces *pieces = arena_zalloc(&words->arena, sizeof *pieces);
    size_t most = 2 * finder->cut_count + 1, at = 0;

    if (pieces != NULL)
        pieces->items = arena_zalloc(&words->arena, most * sizeof *pieces->items);
    if (pieces == NULL || pieces->items == NULL) {
        words->failed = ERR_MEMORY;
        return NULL;
    }
    for (size_t i = 0; i < finder->cut_count; i++) {
        const struct cut *cut = &finder->cuts[i];
        if (cut->at < at)
            continue; /* inside the one before */
        piece_add(pieces, (struct view){finder->raw.ptr + at, cut->at - at}, false);
        if (cut->value.made.len > 0 && !value_named(finder->outline, cut->value.name))
            value_add(finder->outline, cut->value.name, cut->value.made);
        piece_add(pieces, cut->value.name, !cut->plain);
        at = cut->at + cut->len;
    }
    piece_add(pieces, view_skip(finder->raw, at), false);
    pieces->text = finder->raw;
    pieces->lines = is_lines(finder->raw);
    return pieces;
}

const struct pieces *finder_cut(struct finder *finder, const struct call_message *message)
{
    const struct blob *blob = sip_msg_blob(message->msg);
    struct view owner = finder->outline->actors[message->from].name;

    finder->raw = (struct view){blob->data, blob->len};
    finder->sender = message->from;
    finder->cut_count = 0;
    branches_cut(finder, message->msg, owner);
    identifiers_cut(finder, message->msg, owner);
    credentials_cut(finder, message->msg);
    addresses_cut(finder);
    braces_cut(finder);
    length_cut(finder, message->msg);
    cuts_sort(finder);
    return cuts_made(finder);
}
