/* WebSocket for SIP (RFC 7118) as a filter: the upgrade, then one SIP message in each message.
 *
 *     enum err err = ws_filter_create(&(struct ws_options){.host = V("example.com"), .rng = rng},
 *                                     &filter);
 *     err = filter_from_user(filter, now_us, message);
 *
 * Of secure WebSocket it is the upper filter, above TLS.
 */
#pragma once
#include "core/stream/filter.h"

struct ws_options {
    bool server;
    struct view host;     /* client: of the Host header, with its port where it has one */
    struct view path;     /* client; empty: "/" */
    struct view origin;   /* client; empty: no such header */
    struct rng rng;       /* keys and masks: a stream of this connection's own */
    size_t message_limit; /* most bytes of one message; 0: 64 KiB */
    size_t wait_limit;    /* bytes of the user kept until the upgrade is done; 0: 256 KiB */
};
/* A client's has its request for the wire at once. Views are copied. */
enum err ws_filter_create(const struct ws_options *options, struct filter **out) NODISCARD;
/* RFC 6455 §5.5.2; the answer is taken in silence. ERR_STATE: it is not open. */
enum err ws_filter_ping(struct filter *filter, struct view payload) NODISCARD;
