#include "harness/agent/agents.h"

/* What the diagram's own language takes: `end` as a participant would close a block. */
static const char *const reserved[] = {"dut",        "other",
                                       "end",        "loop",
                                       "note",       "link",
                                       "links",      "alt",
                                       "else",       "opt",
                                       "par",        "and",
                                       "rect",       "box",
                                       "break",      "critical",
                                       "as",         "over",
                                       "left",       "right",
                                       "of",         "title",
                                       "actor",      "participant",
                                       "style",      "create",
                                       "destroy",    "activate",
                                       "deactivate", "option",
                                       "details",    "properties",
                                       "autonumber", "sequenceDiagram"};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

const char *party_name_wrong(const struct agents *agents, struct view name)
{
    if (name.len == 0 || name.len > 64 || !is_letter(name.ptr[0]))
        return "a name begins with a letter: [A-Za-z][A-Za-z0-9_]*, at most 64";
    for (size_t i = 0; i < name.len; i++)
        if (!is_letter(name.ptr[i]) && name.ptr[i] != '_' &&
            (name.ptr[i] < '0' || name.ptr[i] > '9'))
            return "a name has letters, digits and _ only";
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (view_equal_nocase(name, view_of(reserved[i])))
            return "this name is taken: it is a word of flows; choose another";
    if (agents_named(agents, name) != NULL)
        return "there is somebody of this name already; choose another";
    return NULL;
}

/* RFC 3261 §19.1.2, RFC 7118 §5.5 */
static uint16_t usual_port(enum proto proto)
{
    static const uint16_t ports[] = {[PROTO_UDP] = 5060,
                                     [PROTO_TCP] = 5060,
                                     [PROTO_TLS] = 5061,
                                     [PROTO_WS] = 80,
                                     [PROTO_WSS] = 443};

    return ports[proto];
}

/* A device's is that of its own URI, which may have none. */
static void user_write(const struct party *party, struct buf *buf)
{
    struct view uri = party->uri, user = party->name;

    if (party->kind == PARTY_DEVICE) {
        uri = view_skip(uri, view_find_char(uri, ':') + 1);
        size_t at = view_find_char(uri, '@');
        user = at < uri.len ? view_head(uri, at) : (struct view){0};
    }
    buf_add(buf, user);
    if (user.len > 0)
        buf_add_char(buf, '@');
}

void party_uri_write(const struct party *party, enum proto proto, struct buf *buf)
{
    const struct party_bind *bind = party_bind_of(party, proto);
    struct addr shown = bind == NULL ? party->local : bind->local;

    if (party->kind == PARTY_DEVICE && bind == NULL) {
        buf_add(buf, party->uri); /* it says by itself how it is reached */
        return;
    }
    proto = bind == NULL ? party->proto : proto;
    if (shown.port == usual_port(proto))
        shown.port = 0;
    bool sips = proto_secure(proto) && !party->plain;
    buf_add(buf, sips ? V("sips:") : V("sip:"));
    user_write(party, buf);
    buf_add(buf, addr_text(&shown, (char[ADDR_TEXT_MAX]){0}));
    if (proto == PROTO_TCP || (proto == PROTO_TLS && !sips))
        buf_printf(buf, ";transport=%s", proto_text(proto));
    if (proto == PROTO_WS || proto == PROTO_WSS)
        buf_add(buf, V(";transport=ws"));
}

static enum err uri_make(struct party *party, struct view wanted)
{
    struct arena *arena = &party->agents->arena;
    struct buf buf = {0};

    if (wanted.ptr != NULL) {
        party->uri = arena_copy(arena, wanted);
        return party->uri.ptr == NULL ? ERR_MEMORY : ERR_OK;
    }
    bool any =
        (party->proto == PROTO_TCP || party->plain) && party_bind_of(party, PROTO_UDP) != NULL;
    party_uri_write(party, any ? PROTO_UDP : party->proto, &buf);
    if (buf.failed == ERR_OK)
        party->uri = arena_copy(arena, buf_view(&buf));
    buf_deinit(&buf);
    return party->uri.ptr == NULL ? ERR_MEMORY : ERR_OK;
}

static struct addr address_of(const struct agents *agents, const struct party_options *options)
{
    static const struct addr loopback4 = {
        .family = 4, .ip = {127, 0, 0, 1}
    };
    static const struct addr loopback6 = {.family = 6, .ip = {[15] = 1}};
    struct addr addr = options->address;

    if (addr.family != 0 || !agents->scene->clock.real) {
        if (addr.family == 0)
            addr.family = options->ipv6 ? 6 : 4; /* the network gives the address */
        return addr;
    }
    uint16_t port = addr.port;
    addr = options->ipv6 ? loopback6 : loopback4;
    addr.port = port;
    return addr;
}

const struct party_bind *party_bind_of(const struct party *party, enum proto proto)
{
    for (size_t i = 0; i < party->bind_count; i++)
        if (party->binds[i].proto == proto)
            return &party->binds[i];
    return NULL;
}

static enum err bind(struct party *party, enum proto proto, struct addr *inout,
                     struct handle *out_link)
{
    struct world *world = party->agents->scene->world;
    enum err err = world_bind(world, party->number, proto, inout, out_link);

    if (err == ERR_OK)
        party->binds[party->bind_count++] = (struct party_bind){proto, *inout};
    return err;
}

/* On the port that it has already; TLS beside TCP on the next one (RFC 3261 §19.1.2: 5060, 5061);
 * where that is somebody else's, on a free one. */
static enum err bind_other(struct party *party, enum proto proto, uint16_t port)
{
    struct addr addr = party->local;
    struct handle link;

    if (port != 0)
        addr.port = port;
    enum err err = bind(party, proto, &addr, &link);

    if (err == ERR_CONFLICT && proto == PROTO_TLS && addr.port < UINT16_MAX) {
        addr.port++;
        err = bind(party, proto, &addr, &link);
    }
    if (err != ERR_CONFLICT)
        return err;
    addr.port = 0;
    return bind(party, proto, &addr, &link);
}

enum err party_open(struct party *party, const struct party_options *options)
{
    party->proto = options->proto;
    party->keepalive_us = options->keepalive_us;
    party->plain = options->plain;
    party->local = address_of(party->agents, options);
    enum err err = bind(party, party->proto, &party->local, &party->link);
    for (size_t i = 0; i < options->other_count && err == ERR_OK; i++)
        err = bind_other(party, options->others[i], options->other_port);
    if (err != ERR_OK)
        return err;
    party->up = true;
    err = uri_make(party, options->uri);
    bool streams = party->bind_count > 1 || proto_reliable(party->proto);
    return err == ERR_OK && streams ? party_secure(party, &options->security) : err;
}
