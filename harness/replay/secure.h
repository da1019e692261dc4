/* TLS and WebSocket between the parties of a replay. Nobody's certificate was captured, so all show
 * the same one, and nobody looks at it.
 *
 *     struct flow_options flows = {.maker = {secure_make, &secure}};
 *     secure_deinit(&secure);
 */
#pragma once
#include "core/core.h"

struct secure { /* zeroed; made when the first connection wants it */
    struct tls_library *library;
    struct certificate *certificate;
    struct tls_context *context;
};

/* struct filter_maker's make, of a struct secure. */
enum err secure_make(void *ctx, const struct filter_ask *ask, struct filter *out[FLOW_FILTERS_MAX],
                     size_t *out_count) NODISCARD;
void secure_deinit(struct secure *secure);
