/* A driver that tells when the real network keeps us waiting, so that what has happened so far can
 * be sent on: whoever interrupts a run then sees what the scenario was at. It tells at a bounded
 * rate, and when the driver is woken (PACKET_WAKE, which goes no further).
 *
 *     struct live live;
 *     struct driver *driver = live_init(&live, transport, worker, events_send);
 */
#pragma once
#include "core/core.h"

struct live {
    struct driver driver; /* first: what the world gets is this */
    struct driver_ops ops;
    struct driver *inner; /* owned: goes with the outer one */
    uint64_t next_us;     /* before it nothing is told again, unless somebody asks */
    void *ctx;
    void (*waits)(void *ctx);
};

/* The driver to be used in place of inner, which it owns from now on; destroy ends both. */
struct driver *live_init(struct live *live, struct driver *inner, void *ctx,
                         void (*waits)(void *ctx));
