/* What goes out over TLS before the other side has said a word. A client of TLS 1.3 has its
 * connection as soon as it has shown its certificate; a server that does not like what it sees says
 * so after that, when the first requests are out. They have failed like what never went (RFC 3261
 * §18.4). A reset means the same: it may have overtaken the alert. */
#include "core/flow/inside.h"

enum { UNPROVED_FIRST = 4 };

static bool is_unproved(const struct flow *flow)
{
    return flow->ours && flow->got == 0 && proto_secure((enum proto)flow->proto);
}

/* Who is beyond the limit waits for his own timer. */
void unproved_add(struct flows *flows, struct flow *flow, struct handle owner)
{
    if (handle_none(owner) || !is_unproved(flow) ||
        flow->unproved_count >= flows->options.waiting_limit)
        return;
    struct handle *owners = mem_room(flow->unproved, sizeof *owners, flow->unproved_count,
                                     &flow->unproved_size, UNPROVED_FIRST);
    if (owners == NULL) {
        flows->failed = ERR_MEMORY;
        return;
    }
    flow->unproved = owners;
    owners[flow->unproved_count++] = owner;
}

void unproved_fail(struct flows *flows, struct flow *flow, enum net_error error)
{
    uint32_t count = error == NET_HANDSHAKE || error == NET_RESET ? flow->unproved_count : 0;
    for (uint32_t i = 0; i < count; i++) {
        struct effect effect = {.kind = DO_DATAGRAM,
                                .proto = (enum proto)flow->proto,
                                .local = flow->local,
                                .remote = flow->remote,
                                .owner = flow->unproved[i]};
        unsent(flows, flow, &effect, error);
    }
    unproved_drop(flow);
}

void unproved_drop(struct flow *flow)
{
    mem_free(flow->unproved);
    flow->unproved = NULL;
    flow->unproved_count = flow->unproved_size = 0;
}
