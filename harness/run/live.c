#include "harness/run/live.h"

/* A wait that is shorter is over before anybody could look; nor is one told oftener than so. */
#define LONG_US (50 * US_PER_MS)

static struct live *live_of(const struct driver *driver)
{
    return (struct live *)(uintptr_t)driver;
}

static enum err live_bind(struct driver *driver, uint32_t party, enum proto proto,
                          struct addr *inout, struct handle *out)
{
    struct driver *inner = live_of(driver)->inner;

    return inner->ops->bind(inner, party, proto, inout, out);
}

static void live_unbind(struct driver *driver, struct handle link)
{
    struct driver *inner = live_of(driver)->inner;

    inner->ops->unbind(inner, link);
}

static void live_perform(struct driver *driver, uint32_t party, struct effect *effect)
{
    struct driver *inner = live_of(driver)->inner;

    inner->ops->perform(inner, party, effect);
}

/* Somebody has asked: he is told at once, whatever was told last. */
static void wake(struct live *live, struct packet *packet)
{
    blob_unref(packet->bytes);
    live->waits(live->ctx);
}

/* Tells. True: not now, for it was told a moment ago; the wait is to be cut at next_us. */
static bool tells_later(struct live *live, struct moment until)
{
    uint64_t now_us = live->inner->ops->now(live->inner);

    if (now_us < live->next_us)
        return live->next_us < until.at_us;
    live->waits(live->ctx);
    live->next_us = now_us + LONG_US;
    return false;
}

static bool live_wait(struct driver *driver, struct moment until, uint64_t *now_us, uint32_t *party,
                      struct packet *out)
{
    struct live *live = live_of(driver);
    bool keeps_waiting = until.at_us > live->inner->ops->now(live->inner) + LONG_US;
    for (;;) {
        struct moment pause = until;
        if (keeps_waiting && tells_later(live, until))
            pause.at_us = live->next_us;
        bool came = live->inner->ops->wait(live->inner, pause, now_us, party, out);
        if (!came && pause.at_us == until.at_us)
            return false;
        if (came && out->kind != PACKET_WAKE)
            return true;
        if (came)
            wake(live, out);
    }
}

static uint64_t live_now(struct driver *driver)
{
    struct driver *inner = live_of(driver)->inner;

    return inner->ops->now(inner);
}

static uint32_t live_in_flight(const struct driver *driver)
{
    const struct driver *inner = live_of(driver)->inner;

    return inner->ops->in_flight(inner);
}

static void live_destroy(struct driver *driver)
{
    struct driver *inner = live_of(driver)->inner;

    inner->ops->destroy(inner);
}

struct driver *live_init(struct live *live, struct driver *inner, void *ctx,
                         void (*waits)(void *ctx))
{
    *live = (struct live){.inner = inner, .ctx = ctx, .waits = waits};
    ASSERT(inner->ops->link == NULL); /* a simulated one needs nobody to watch it */
    live->ops = *inner->ops;
    live->ops.bind = live_bind;
    live->ops.unbind = live_unbind;
    live->ops.perform = live_perform;
    live->ops.wait = live_wait;
    live->ops.now = live_now;
    live->ops.in_flight = live_in_flight;
    live->ops.destroy = live_destroy;
    live->driver = (struct driver){.ops = &live->ops, .virtual_time = inner->virtual_time};
    return &live->driver;
}
