#include "harness/replay/secure.h"

#define YEARS_10_S ((int64_t)10 * 365 * 86400)
static const struct rng draws = {0x7365637572650000};

static enum err context_make(struct secure *secure)
{
    struct certificate_options own = {
        .cn = V("replay"), .not_after_s = YEARS_10_S, .serial = 1, .rng = draws};
    struct tls_context_options options = {.verify = TLS_VERIFY_NONE, .rng = draws};
    enum err err = tls_library_create(&secure->library);
    if (err != ERR_OK)
        return err;
    tls_library_draw_from(secure->library, draws);
    err = certificate_create(secure->library, &own, &secure->certificate);
    options.crypto = secure->library;
    options.own = secure->certificate;
    if (err == ERR_OK)
        err = tls_context_create(&options, &secure->context);
    if (err != ERR_OK)
        secure_deinit(secure); /* the next connection begins anew */
    return err;
}

static struct rng draws_of(const struct filter_ask *ask, struct view what)
{
    struct rng rng = rng_stream(draws, what);
    return (struct rng){rng_at(rng, ask->client ? V("client") : V("server"), ask->number)};
}

static enum err tls_make(void *ctx, const struct filter_ask *ask, struct filter **out)
{
    struct secure *secure = ctx;
    struct tls_filter_options options = {
        .server = !ask->client, .domain = ask->domain, .rng = draws_of(ask, V("tls"))};
    enum err err = secure->context == NULL ? context_make(secure) : ERR_OK;
    options.context = secure->context;
    if (options.domain.ptr == NULL)
        options.domain = V("replay");
    return err == ERR_OK ? tls_filter_create(&options, out) : err;
}

static enum err ws_make(void *ctx, const struct filter_ask *ask, struct filter **out)
{
    (void)ctx;
    char room[ADDR_TEXT_MAX];
    struct ws_options options = {.server = !ask->client,
                                 .host = addr_text(&ask->remote, room),
                                 .rng = draws_of(ask, V("ws"))};
    return ws_filter_create(&options, out);
}

enum err secure_make(void *ctx, const struct filter_ask *ask, struct filter *out[FLOW_FILTERS_MAX],
                     size_t *out_count)
{
    static const struct filter_steps steps = {tls_make, ws_make};
    return filter_steps_make(&steps, ctx, ask, out, out_count);
}

void secure_deinit(struct secure *secure)
{
    tls_context_destroy(secure->context);
    certificate_unref(secure->certificate);
    if (secure->library != NULL)
        tls_library_destroy(secure->library);
    *secure = (struct secure){0};
}
