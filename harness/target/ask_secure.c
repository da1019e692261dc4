#include "harness/target/ask_secure.h"

static enum err context_make(struct ask_secure *secure)
{
    struct tls_context_options options = {.verify = TLS_VERIFY_NONE, .rng = secure->draws};
    enum err err = secure->library == NULL ? tls_library_create(&secure->library) : ERR_OK;

    if (err != ERR_OK)
        return err;
    tls_library_draw_from(secure->library, secure->draws);
    options.crypto = secure->library;
    return tls_context_create(&options, &secure->context);
}

static struct rng draws_of(const struct ask_secure *secure, const struct filter_ask *ask,
                           struct view what)
{
    return (struct rng){rng_at(secure->draws, what, ask->number)};
}

static enum err tls_make(void *ctx, const struct filter_ask *ask, struct filter **out)
{
    struct ask_secure *secure = ctx;
    char room[ADDR_TEXT_MAX];
    struct addr host = ask->remote;
    struct tls_filter_options options = {
        .server = !ask->client, .domain = ask->domain, .rng = draws_of(secure, ask, V("tls"))};
    enum err err = secure->context == NULL ? context_make(secure) : ERR_OK;

    host.port = 0;
    options.context = secure->context;
    if (options.domain.ptr == NULL)
        options.domain = addr_text(&host, room);
    return err == ERR_OK ? tls_filter_create(&options, out) : err;
}

static enum err ws_make(void *ctx, const struct filter_ask *ask, struct filter **out)
{
    char room[ADDR_TEXT_MAX];
    struct ws_options options = {.server = !ask->client,
                                 .host = addr_text(&ask->remote, room),
                                 .rng = draws_of(ctx, ask, V("ws"))};

    return ws_filter_create(&options, out);
}

enum err ask_secure_make(void *ctx, const struct filter_ask *ask,
                         struct filter *out[FLOW_FILTERS_MAX], size_t *out_count)
{
    static const struct filter_steps steps = {tls_make, ws_make};

    return filter_steps_make(&steps, ctx, ask, out, out_count);
}

void ask_secure_deinit(struct ask_secure *secure)
{
    tls_context_destroy(secure->context);
    if (secure->library != NULL)
        tls_library_destroy(secure->library);
    *secure = (struct ask_secure){0};
}
