/* TLS and WebSocket of whoever only asks: he shows no certificate and takes any.
 *
 *     struct flow_options flows = {.maker = {ask_secure_make, &secure}};
 *     ask_secure_deinit(&secure);
 */
#pragma once
#include "core/core.h"

struct ask_secure { /* zeroed but for draws; made for the first connection that wants it */
    struct rng draws;
    struct tls_library *library;
    struct tls_context *context;
};

/* struct filter_maker's make, of a struct ask_secure. */
enum err ask_secure_make(void *ctx, const struct filter_ask *ask,
                         struct filter *out[FLOW_FILTERS_MAX], size_t *out_count) NODISCARD;
void ask_secure_deinit(struct ask_secure *secure);
