#include "core/transport/inside.h"

#include <errno.h>

enum { TRIES = 8, UNSENT_LIMIT = 4096, PATIENCE_US = 1000000 };

static void failed(struct transport *transport, uint32_t party, const struct effect *effect,
                   enum net_error error)
{
    struct packet packet = {
        .kind = PACKET_FAILED,
        .link = effect->link,
        .proto = PROTO_UDP,
        .local = effect->local,
        .remote = effect->remote,
        .error = error,
    };
    transport_arrived(transport, party, transport_now_ns(transport), &packet);
}

/* An ICMP message to an earlier datagram makes the next send fail, which has nothing to do with it:
 * the news themselves come by the error queue, and the send is tried again. */
static int send_once(int fd, const struct effect *effect)
{
    struct sockaddr_storage name;
    socklen_t len = sockaddr_of(&effect->remote, &name);
    struct view bytes = blob_view(effect->bytes);
    for (int i = 0; i < TRIES; i++) {
        if (sendto(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL, (struct sockaddr *)&name, len) >= 0)
            return 0;
        if (errno != EINTR && errno != ECONNREFUSED && errno != EHOSTUNREACH)
            return errno;
    }
    return errno;
}

/* True: it is done with, one way or the other. */
static bool try_send(struct transport *transport, uint32_t party, struct effect *effect, bool last)
{
    const struct endpoint *end = table_find(&transport->ends, effect->link);
    bool there = end != NULL && end->kind == END_UDP; /* its sender is gone: so is it */
    int code = there ? send_once(end->fd, effect) : 0;
    if (no_room(code) && !last)
        return false;
    if (code != 0)
        failed(transport, party, effect, net_error_of(code));
    effect_deinit(effect);
    return true;
}

static struct unsent **unsent_end(struct transport *transport)
{
    struct unsent **end = &transport->unsent;
    while (*end != NULL)
        end = &(*end)->next;
    return end;
}

static void keep(struct transport *transport, uint32_t party, struct effect *effect)
{
    struct unsent *unsent =
        transport->unsent_count < UNSENT_LIMIT ? mem_zalloc(sizeof *unsent) : NULL;
    if (unsent == NULL) {
        failed(transport, party, effect, NET_LIMIT);
        effect_deinit(effect);
        return;
    }
    *unsent =
        (struct unsent){.party = party, .since_us = transport_now_us(transport), .effect = *effect};
    *unsent_end(transport) = unsent;
    transport->unsent_count++;
}

void udp_send(struct transport *transport, uint32_t party, struct effect *effect)
{
    bool waits = transport->unsent != NULL; /* none overtakes another */
    if (waits || !try_send(transport, party, effect, false))
        keep(transport, party, effect);
}

static struct unsent *unsent_pop(struct transport *transport)
{
    struct unsent *unsent = transport->unsent;
    transport->unsent = unsent->next;
    transport->unsent_count--;
    return unsent;
}

void udp_send_again(struct transport *transport)
{
    while (transport->unsent != NULL) {
        struct unsent *unsent = transport->unsent;
        bool last = transport_now_us(transport) - unsent->since_us > PATIENCE_US;
        if (!try_send(transport, unsent->party, &unsent->effect, last))
            return;
        mem_free(unsent_pop(transport));
    }
}

void udp_unsent_deinit(struct transport *transport)
{
    while (transport->unsent != NULL) {
        struct unsent *unsent = unsent_pop(transport);
        effect_deinit(&unsent->effect);
        mem_free(unsent);
    }
}
