#include "core/transport/clock.h"
#include "core/transport/dns.h"
#include "core/transport/inside.h"
#include "core/transport/stamp.h"

#include <errno.h>
#include <event2/event.h>
#include <fcntl.h>
#include <unistd.h>

enum { NS_PER_US = 1000, RETRY_US = 1000, WAKE_LEN = 256, BASE_DESCRIPTORS = 8 };

uint64_t transport_now_ns(const struct transport *transport)
{
    return clock_monotonic_ns() - transport->epoch_ns;
}

uint64_t transport_now_us(const struct transport *transport)
{
    return transport_now_ns(transport) / NS_PER_US;
}

void transport_arrived(struct transport *transport, uint32_t party, uint64_t at_ns,
                       const struct packet *packet)
{
    if (arrivals_add(&transport->ring, party, at_ns, packet) != ERR_OK)
        transport->lost = true;
}

static void timed_out(evutil_socket_t fd, short what, void *ctx)
{
    (void)fd;
    (void)what;
    (void)ctx; /* that the loop returns is all */
}

static void woken(evutil_socket_t fd, short what, void *ctx)
{
    struct transport *transport = ctx;
    char bytes[WAKE_LEN];
    (void)what;
    ssize_t len = read((int)fd, bytes, sizeof bytes);
    if (len <= 0)
        return;
    struct packet packet = {
        .kind = PACKET_WAKE,
        .bytes = blob_create((struct view){bytes, (size_t)len}),
    };
    if (packet.bytes == NULL)
        transport->lost = true;
    else
        transport_arrived(transport, 0, transport_now_ns(transport), &packet);
}

/* Lets libevent wait, but not later than this; what came is in the ring then. */
static void poll_events(struct transport *transport, uint64_t now_us, uint64_t until_us)
{
    int flags =
        EVLOOP_ONCE | EVLOOP_NONBLOCK; /* without ONCE it stays while anything is readable */
    if (transport->unsent != NULL && until_us > now_us + RETRY_US)
        until_us = now_us + RETRY_US;
    uint64_t dns_us = dns_until_us(transport, now_us);
    until_us = until_us < dns_us ? until_us : dns_us;
    if (until_us == NEVER) {
        event_del(transport->timer);
        flags = EVLOOP_ONCE;
    } else if (until_us > now_us) {
        uint64_t left_us = until_us - now_us;
        struct timeval left = {.tv_sec = (time_t)(left_us / US_PER_S),
                               .tv_usec = (suseconds_t)(left_us % US_PER_S)};
        if (event_add(transport->timer, &left) == 0)
            flags = EVLOOP_ONCE;
    }
    if (event_base_loop(transport->base, flags) < 0)
        transport->lost = true;
    udp_send_again(transport);
    udp_drain(transport);
    tcp_drain(transport);
    dns_drain(transport);
}

static bool take(struct transport *transport, struct moment until, uint32_t *party,
                 struct packet *out)
{
    if (transport->lost) { /* nobody's: the loop makes it known */
        transport->lost = false;
        *party = 0;
        *out = (struct packet){
            .kind = PACKET_FAILED, .error = NET_LIMIT, .at_us = transport_now_us(transport)};
        return true;
    }
    const struct arrival *first = arrivals_first(&transport->ring);
    if (first == NULL || first->packet.at_us > until.at_us)
        return false;
    *party = first->party;
    *out = first->packet;
    arrivals_pop(&transport->ring); /* counts the bytes off: before anybody unrefs them */
    tcp_told(transport, out);
    dns_told(transport, *party, out);
    return true;
}

static bool wait(struct driver *driver, struct moment until, uint64_t *now_us, uint32_t *party,
                 struct packet *out)
{
    struct transport *transport = (struct transport *)driver;
    bool nothing_ever = until.at_us == NEVER && transport->ends.live == 0 && !dns_waits(transport);
    bool polled = false, came;
    while (!(came = take(transport, until, party, out))) {
        uint64_t before_us = transport_now_us(transport);
        if (polled && (nothing_ever || before_us >= until.at_us))
            break;
        poll_events(transport, before_us, nothing_ever ? 0 : until.at_us);
        polled = true;
    }
    *now_us = transport_now_us(transport);
    return came;
}

static enum err bind_end(struct driver *driver, uint32_t party, enum proto proto,
                         struct addr *inout, struct handle *out)
{
    struct transport *transport = (struct transport *)driver;
    struct addr addr = *inout;
    struct endpoint *end;
    addr_complete(&addr);
    enum err err = proto == PROTO_UDP ? udp_bind(transport, party, &addr, &end)
                                      : tcp_bind(transport, party, &addr, &end);
    if (err != ERR_OK)
        return err;
    end->proto = proto;
    *inout = end->addr;
    *out = end->self;
    return ERR_OK;
}

static void unbind(struct driver *driver, struct handle link)
{
    struct transport *transport = (struct transport *)driver;
    struct endpoint *end = table_find(&transport->ends, link);
    if (end == NULL || end->kind == END_STREAM)
        return;
    arrivals_drop(&transport->ring, link);
    if (end->kind == END_UDP)
        udp_unbind(transport, (struct udp_socket *)end);
    else
        tcp_unbind(transport, end);
}

static void perform(struct driver *driver, uint32_t party, struct effect *effect)
{
    struct transport *transport = (struct transport *)driver;
    if (effect->kind == DO_DATAGRAM && effect->proto == PROTO_UDP) {
        udp_send(transport, party, effect);
        return;
    }
    if (effect->kind == DO_QUERY)
        dns_ask(transport, party, effect);
    else
        tcp_perform(transport, party, effect);
    effect_deinit(effect);
}

static uint64_t now(struct driver *driver)
{
    return transport_now_us((struct transport *)driver);
}

static void destroy(struct driver *driver)
{
    struct transport *transport = (struct transport *)driver;
    if (transport == NULL)
        return;
    udp_unsent_deinit(transport);
    while (transport->first_socket != NULL)
        udp_unbind(transport, transport->first_socket);
    tcp_deinit(transport);
    dns_deinit(transport);
    table_deinit(&transport->ends);
    arrivals_deinit(&transport->ring);
    if (transport->timer != NULL)
        event_free(transport->timer);
    if (transport->woken != NULL)
        event_free(transport->woken);
    if (transport->base != NULL)
        event_base_free(transport->base);
    if (transport->wake_read >= 0)
        close(transport->wake_read);
    if (transport->wake_write >= 0)
        close(transport->wake_write);
    mem_free(transport->room);
    mem_free(transport);
}

static const struct driver_ops transport_ops = {
    .bind = bind_end,
    .unbind = unbind,
    .perform = perform,
    .wait = wait,
    .now = now,
    .destroy = destroy,
};

static void log_nothing(int severity, const char *text)
{
    (void)severity;
    (void)text; /* each failure comes back as a value, too */
}

/* No environment, no locks; PRECISE_TIMER: a timer is then some 0.05 ms late and not 0.8 ms. */
static struct event_base *base_create(void)
{
    event_set_mem_functions(mem_alloc, mem_realloc, mem_free);
    event_set_log_callback(log_nothing);
    struct event_config *config = event_config_new();
    struct event_base *base = NULL;
    int flags = EVENT_BASE_FLAG_NOLOCK | EVENT_BASE_FLAG_IGNORE_ENV | EVENT_BASE_FLAG_PRECISE_TIMER;
    if (config != NULL && event_config_set_flag(config, flags) == 0)
        base = event_base_new_with_config(config);
    if (config != NULL)
        event_config_free(config);
    return base;
}

static enum err wake_open(struct transport *transport)
{
    int ends[2];
    if (pipe(ends) != 0)
        return errno == EMFILE || errno == ENFILE ? ERR_LIMIT : ERR_IO;
    transport->wake_read = ends[0];
    transport->wake_write = ends[1];
    for (int i = 0; i < 2; i++)
        if (fcntl(ends[i], F_SETFL, O_NONBLOCK) != 0 || fcntl(ends[i], F_SETFD, FD_CLOEXEC) != 0)
            return ERR_IO;
    return ERR_OK;
}

/* libevent ends the process when it finds no file descriptors for itself: are there enough? */
static enum err descriptors_try(int fd)
{
    int tried[BASE_DESCRIPTORS], count = 0;
    while (count < BASE_DESCRIPTORS && (tried[count] = fcntl(fd, F_DUPFD_CLOEXEC, 0)) >= 0)
        count++;
    enum err err = count == BASE_DESCRIPTORS ? ERR_OK : ERR_LIMIT;
    while (count > 0)
        close(tried[--count]);
    return err;
}

static enum err events_create(struct transport *transport)
{
    transport->base = base_create();
    if (transport->base == NULL)
        return ERR_MEMORY;
    transport->timer = event_new(transport->base, -1, 0, timed_out, transport);
    transport->woken =
        event_new(transport->base, transport->wake_read, EV_READ | EV_PERSIST, woken, transport);
    bool there = transport->timer != NULL && transport->woken != NULL;
    return there && event_add(transport->woken, NULL) == 0 ? ERR_OK : ERR_MEMORY;
}

enum err transport_create(struct driver **out)
{
    struct transport *transport = mem_zalloc(sizeof *transport);
    if (transport == NULL)
        return ERR_MEMORY;
    transport->driver.ops = &transport_ops;
    transport->wake_read = transport->wake_write = transport->tcp.spare_fd = -1;
    stamp_begin();
    transport->epoch_ns = clock_monotonic_ns();
    transport->room = mem_alloc(TRANSPORT_ROOM);
    enum err err = transport->room == NULL ? ERR_MEMORY : wake_open(transport);
    if (err == ERR_OK)
        err = tcp_begin(transport);
    if (err == ERR_OK)
        err = descriptors_try(transport->wake_read);
    if (err == ERR_OK)
        err = events_create(transport);
    if (err != ERR_OK) {
        destroy(&transport->driver);
        return err;
    }
    *out = &transport->driver;
    return ERR_OK;
}

int transport_wake_fd(const struct driver *driver)
{
    return ((const struct transport *)driver)->wake_write;
}

uint64_t transport_dropped(const struct driver *driver)
{
    return ((const struct transport *)driver)->dropped;
}
