/* The filters of a party's connections: TLS by its wishes, WebSocket, or both. */
#include "harness/agent/agents.h"

/* The domain that its address of record is in. */
static struct view domain_of(struct party *party)
{
    struct sip_uri uri;
    struct addr addr;

    if (sip_uri_parse(party->uri, &party->agents->arena, &uri) != ERR_OK ||
        addr_parse(uri.host, &addr) == ERR_OK)
        return (struct view){0};
    return uri.host;
}

/* RFC 5922 §7.1: a URI without a userpart names a domain. Its address stands there as well, for
 * others call it by that; as IP too, for programs that know no other way to name one. */
static void names_write(const struct party *party, struct view domain, struct buf names[3])
{
    addr_ip_write(&names[0], &party->local);
    buf_printf(&names[1], party->local.family == 6 ? "URI:sip:[%.*s]" : "URI:sip:%.*s",
               VIEW_ARG(buf_view(&names[0])));
    if (domain.len > 0)
        buf_printf(&names[2], "URI:sip:%.*s", VIEW_ARG(domain));
}

/* By the recipe, with the party's own names where it has none. */
static enum err own_issue(struct party *party, const struct recipe *wanted, struct pem **out)
{
    struct view domain = domain_of(party), sans[3];
    struct recipe recipe = *wanted;
    struct buf names[3] = {0};
    enum err err = ERR_OK;

    if (!recipe.named) {
        names_write(party, domain, names);
        recipe.options.cn = domain.len > 0 ? domain : party->name;
        recipe.options.has_san = true;
        recipe.options.sans = sans;
        recipe.options.san_count = domain.len > 0 ? 3 : 2;
    }
    for (size_t i = 0; i < 3; i++) {
        sans[i] = buf_view(&names[i]);
        err = err == ERR_OK ? names[i].failed : err;
    }
    if (err == ERR_OK)
        err = security_issue(party->agents, &recipe, out);
    for (size_t i = 0; i < 3; i++)
        buf_deinit(&names[i]);
    return err;
}

static enum err own_make(struct party *party)
{
    struct security_options *wanted = &party->security.wanted;
    struct recipe usual = {0};
    struct pem *pem;
    enum err err = security_ca(party->agents, &usual.issuer);

    security_validity(party->agents, &usual.options);
    if (err == ERR_OK && wanted->recipe == NULL &&
        !certificate_has_key(usual.issuer->certificate)) {
        wanted->no_own = true; /* a CA that only vouches for others */
        return ERR_OK;
    }
    if (err == ERR_OK)
        err = own_issue(party, wanted->recipe == NULL ? &usual : wanted->recipe, &pem);
    if (err == ERR_OK)
        wanted->own = certificate_ref(pem->certificate);
    return err;
}

static enum err context_make(struct party *party)
{
    const struct security_options *wanted = &party->security.wanted;
    struct tls_context_options options = {.trusted = wanted->trusted,
                                          .trusted_count = wanted->trusted_count,
                                          .verify = wanted->verify,
                                          .peers = wanted->peers,
                                          .peer_count = wanted->peer_count,
                                          .web_usage = wanted->web_usage,
                                          .least = wanted->least,
                                          .most = wanted->most,
                                          .epoch_s = party->agents->scene->epoch_s};
    struct pem *ca;
    enum err err = security_library(party->agents, &options.crypto);

    if (err == ERR_OK && wanted->trusted_count == 0) {
        err = security_ca(party->agents, &ca);
        options.trusted = err == ERR_OK ? &ca->certificate : NULL;
        options.trusted_count = 1;
    }
    if (err == ERR_OK && wanted->own == NULL && !wanted->no_own)
        err = own_make(party);
    options.own = wanted->own;
    options.rng = rng_stream(party->security.rng, V("context"));
    return err == ERR_OK ? tls_context_create(&options, &party->security.context) : err;
}

/* Whom the other side claims to be: the name that was asked for, RFC 5922 §7.3; else its address.
 */
static struct view wanted_name(const struct filter_ask *ask, struct buf *room)
{
    if (ask->domain.len > 0)
        return ask->domain;
    addr_ip_write(room, &ask->remote);
    return buf_view(room);
}

static enum err tls_make(void *ctx, const struct filter_ask *ask, struct filter **out)
{
    struct party *party = ctx;
    struct buf room = {0};
    struct rng rng = rng_stream(party->security.rng, V("TLS"));
    struct tls_filter_options options = {.server = !ask->client,
                                         .rng = {rng_at(rng, V("connection"), ask->number)}};
    enum err err = party->security.context == NULL ? context_make(party) : ERR_OK;

    options.context = party->security.context;
    options.domain = wanted_name(ask, &room);
    if (err == ERR_OK)
        err = room.failed;
    if (err == ERR_OK)
        err = tls_filter_create(&options, out);
    buf_deinit(&room);
    return err;
}

/* RFC 6455 §4.1: Host has the port, unless it is the usual one. */
static void host_write(const struct filter_ask *ask, struct buf *out)
{
    uint16_t usual = ask->proto == PROTO_WSS ? 443 : 80;
    struct addr addr = ask->remote;

    if (ask->domain.len == 0) {
        if (addr.port == usual)
            addr.port = 0;
        addr_write(out, &addr);
        return;
    }
    buf_add(out, ask->domain);
    if (addr.port != usual)
        buf_printf(out, ":%u", addr.port);
}

static enum err ws_make(void *ctx, const struct filter_ask *ask, struct filter **out)
{
    struct party *party = ctx;
    struct buf host = {0};
    struct rng rng = rng_stream(party->security.rng, V("WS"));
    struct ws_options options = {.server = !ask->client,
                                 .rng = {rng_at(rng, V("connection"), ask->number)}};

    host_write(ask, &host);
    options.host = buf_view(&host);
    enum err err = host.failed;
    if (err == ERR_OK)
        err = ws_filter_create(&options, out);
    buf_deinit(&host);
    return err;
}

static enum err filters_make(void *ctx, const struct filter_ask *ask,
                             struct filter *out[FLOW_FILTERS_MAX], size_t *out_count)
{
    static const struct filter_steps steps = {tls_make, ws_make};

    return filter_steps_make(&steps, ctx, ask, out, out_count);
}

static enum err wish_copy(struct party *party, const struct security_options *options)
{
    struct security_options *wanted = &party->security.wanted;
    struct arena *arena = &party->agents->arena;

    *wanted = *options;
    certificate_ref(wanted->own);
    for (size_t i = 0; i < wanted->trusted_count; i++)
        certificate_ref(wanted->trusted[i]);
    wanted->peer_count = 0;
    if (options->peer_count == 0)
        return ERR_OK;
    struct view *peers = arena_alloc(arena, options->peer_count * sizeof *peers);
    if (peers == NULL)
        return ERR_MEMORY;
    wanted->peers = peers;
    for (size_t i = 0; i < options->peer_count; i++) {
        peers[i] = arena_copy(arena, options->peers[i]);
        if (peers[i].ptr == NULL)
            return ERR_MEMORY;
        wanted->peer_count++;
    }
    return ERR_OK;
}

static bool is_secure(const struct party *party)
{
    return party_bind_of(party, PROTO_TLS) != NULL || party_bind_of(party, PROTO_WSS) != NULL;
}

enum err party_secure(struct party *party, const struct security_options *options)
{
    struct agents *agents = party->agents;
    struct flow_options flows = {
        .maker = {filters_make, party},
        .raw = party->kind == PARTY_WIRE,
        .ping_us = party->keepalive_us
    };

    party->security.rng = rng_stream(rng_stream(agents->scene->rng, V("tls")), party->name);
    enum err err = wish_copy(party, options);
    struct pem *ca;
    if (err == ERR_OK && is_secure(party))
        err = security_ca(agents, &ca); /* what is wrong with it is told now */
    if (err == ERR_OK && options->recipe != NULL)
        err = own_make(party);
    party->security.wanted.recipe = NULL;
    return err == ERR_OK ? world_flows_set(agents->scene->world, party->number, &flows) : err;
}

void party_insecure(struct party *party)
{
    struct security_options *wanted = &party->security.wanted;

    tls_context_destroy(party->security.context);
    certificate_unref(wanted->own);
    for (size_t i = 0; i < wanted->trusted_count; i++)
        certificate_unref(wanted->trusted[i]);
    party->security = (struct party_security){0};
}
