#include "harness/target/ready.h"

#include "core/core.h"

enum { PARTY = 1, ASK_US = 200000 };

struct asking { /* of one device */
    const struct target *target;
    struct driver *driver;
    struct addr local;
    struct handle link; /* of our socket; of a stream: once it is open */
    uint32_t count;
};

static struct blob *options_write(const struct asking *asking)
{
    const struct target *target = asking->target;
    struct buf buf = {0};
    char room[ADDR_TEXT_MAX];
    const char *local = addr_text(&asking->local, room).ptr;
    unsigned n = asking->count;

    buf_printf(&buf,
               "OPTIONS %.*s SIP/2.0\r\n"
               "Via: SIP/2.0/%s %s;rport;branch=z9hG4bKready%u\r\n"
               "Max-Forwards: 70\r\n"
               "From: <sip:sipwright@%s>;tag=ready%u\r\n"
               "To: <%.*s>\r\n"
               "Call-ID: ready%u@%s\r\n"
               "CSeq: 1 OPTIONS\r\n"
               "Content-Length: 0\r\n\r\n",
               VIEW_ARG(target->uri), target->ready_proto == PROTO_UDP ? "UDP" : "TCP", local, n,
               local, n, VIEW_ARG(target->uri), n, local);
    struct blob *bytes = buf.failed == ERR_OK ? blob_create(buf_view(&buf)) : NULL;
    buf_deinit(&buf);
    return bytes;
}

static void perform(struct asking *asking, struct effect effect)
{
    effect.proto = asking->target->ready_proto;
    effect.link = asking->link;
    effect.local = asking->local;
    effect.remote = asking->target->ready;
    asking->driver->ops->perform(asking->driver, PARTY, &effect);
}

static void say(struct asking *asking, enum effect_kind kind)
{
    struct blob *bytes = options_write(asking);

    if (bytes != NULL)
        perform(asking, (struct effect){.kind = kind, .bytes = bytes});
}

/* A datagram, or a connection to begin with. */
static void ask(struct asking *asking)
{
    asking->count++;
    if (asking->target->ready_proto == PROTO_UDP)
        say(asking, DO_DATAGRAM);
    else if (handle_none(asking->link))
        perform(asking, (struct effect){.kind = DO_OPEN, .query = asking->count});
}

/* True: it has answered. */
static bool look(struct asking *asking, const struct packet *packet)
{
    bool stream = asking->target->ready_proto != PROTO_UDP;

    if (packet->kind == PACKET_DATAGRAM || packet->kind == PACKET_BYTES)
        return view_starts(blob_view(packet->bytes), V("SIP/2.0 "));
    if (packet->kind == PACKET_OPENED) {
        asking->link = packet->link;
        say(asking, DO_WRITE);
    } else if (packet->kind == PACKET_FAILED && stream &&
               handle_equal(packet->link, asking->link)) {
        asking->link = (struct handle){0};
    }
    return false;
}

/* One round: false: nothing has come. */
static bool heard(struct asking *asking, uint64_t until_us)
{
    struct driver *driver = asking->driver;
    struct packet packet;
    uint32_t party;
    uint64_t now_us;
    bool answered = false;

    while (!answered && driver->ops->wait(driver, (struct moment){until_us, UINT64_MAX}, &now_us,
                                          &party, &packet)) {
        answered = look(asking, &packet);
        blob_unref(packet.bytes); /* it was handed to us */
    }
    return answered;
}

static enum err socket_bind(struct asking *asking)
{
    struct addr bound = target_bind_of(asking->target, V(""));

    if (bound.family == 0) {
        bound.family = asking->target->ready.family;
        if (asking->target->ready.ip[0] == 127)
            memcpy(bound.ip, (uint8_t[]){127, 0, 0, 1}, 4);
    }
    bound.port = 0;
    asking->local = bound;
    if (asking->target->ready_proto != PROTO_UDP)
        return ERR_OK;
    return asking->driver->ops->bind(asking->driver, PARTY, PROTO_UDP, &asking->local,
                                     &asking->link);
}

static bool has_ended(struct child *child, struct buf *complaint)
{
    struct process_end end;

    if (child->pid == 0 || !child_ended(child, &end))
        return false;
    buf_add(complaint, V("its process ended before it was ready: "));
    process_end_write(complaint, &end);
    return true;
}

static enum err wait_for(struct asking *asking, struct child *child, uint64_t limit_us,
                         struct buf *complaint)
{
    uint64_t until_us = asking->driver->ops->now(asking->driver), end_us = until_us + limit_us;
    char room[ADDR_TEXT_MAX];

    while (until_us < end_us) {
        ask(asking);
        until_us += ASK_US;
        if (heard(asking, until_us))
            return ERR_OK;
        if (has_ended(child, complaint))
            return ERR_IO;
    }
    buf_printf(complaint, "it is not ready: nothing answers OPTIONS at %s:%.*s for %u s",
               proto_text(asking->target->ready_proto),
               VIEW_ARG(addr_text(&asking->target->ready, room)), (unsigned)(limit_us / US_PER_S));
    return ERR_IO;
}

enum err ready_wait(const struct target *target, struct child *child, uint64_t limit_us,
                    struct buf *complaint)
{
    struct asking asking = {.target = target};
    enum err err = transport_create(&asking.driver);

    if (err != ERR_OK)
        return err;
    err = socket_bind(&asking);
    if (err == ERR_OK)
        err = wait_for(&asking, child, limit_us, complaint);
    else
        buf_printf(complaint, "no socket can be bound to ask whether it is ready: %s",
                   err_text(err));
    asking.driver->ops->destroy(asking.driver);
    return err;
}
