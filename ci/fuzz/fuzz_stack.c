/* A stack that is spoken to by nobody it knows: the input is a row of steps, each a byte that says
 * what happens, and for a datagram two bytes of length and its own bytes. Placeholders in a
 * datagram let the fuzzer answer what the stack itself sent: \1 is the branch, \2 the From tag, \3
 * the Call-ID and \4 the To tag of the message that it sent last.
 */
#include "core/base/alloc.h"
#include "core/core.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz {
    struct sip_stack *stack;
    struct order order;
    struct addr local, remote;
    uint64_t now_us;
    struct blob *sent;
    struct handle request, call, asked, leg;
};

static void drain(struct fuzz *f)
{
    struct effect effect;
    while (sip_stack_next(f->stack, &effect)) {
        if (effect.kind == DO_QUERY) {
            struct packet none = {.kind = PACKET_ANSWER, .query = effect.query};
            (void)!sip_stack_receive(f->stack, f->now_us, &none);
        } else if (effect.kind != TELL) {
            blob_unref(f->sent);
            f->sent = effect.bytes;
        } else if (effect.tell.what == SIP_TELL_REQUEST) {
            f->asked = effect.tell.object;
            f->leg = effect.tell.call;
        }
    }
    sip_stack_reap(f->stack);
}

static void add_placeholder(struct buf *buf, struct sip_msg *msg, char which)
{
    if (msg == NULL)
        return;
    const struct sip_via *via = sip_msg_via(msg, 0);
    const struct sip_name_addr *from = sip_msg_from(msg), *to = sip_msg_to(msg);
    if (which == 1 && via != NULL)
        buf_add(buf, via->branch);
    else if (which == 2 && from != NULL)
        buf_add(buf, from->tag);
    else if (which == 3)
        buf_add(buf, sip_msg_call_id(msg));
    else if (which == 4 && to != NULL)
        buf_add(buf, to->tag);
}

static void datagram(struct fuzz *f, struct view text)
{
    struct buf buf = {.limit = 65535};
    struct sip_msg *msg = NULL;
    if (f->sent != NULL && sip_msg_parse(f->sent, SIP_FRAMING_DATAGRAM, &msg) != ERR_OK)
        msg = NULL;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= 1 && text.ptr[i] <= 4)
            add_placeholder(&buf, msg, text.ptr[i]);
        else
            buf_add_char(&buf, text.ptr[i]);
    }
    struct blob *bytes = blob_create(buf_view(&buf));
    struct packet packet = {
        .kind = PACKET_DATAGRAM, .local = f->local, .remote = f->remote, .bytes = bytes};
    ASSERT(sip_stack_receive(f->stack, f->now_us, &packet) != ERR_MEMORY);
    if (msg != NULL)
        sip_msg_unref(msg);
    blob_unref(bytes);
    buf_deinit(&buf);
}

static void send(struct fuzz *f, struct view method, struct handle call, bool force)
{
    struct sip_request_options options = {
        .method = method, .uri = V("sip:x@192.0.2.9"), .call = call, .force = force};
    if (!handle_none(call))
        options.uri = (struct view){0};
    struct handle made = f->call;
    if (sip_request_send(f->stack, f->now_us, &options, &f->request, &made) == ERR_OK)
        f->call = made;
}

static void respond(struct fuzz *f, uint16_t status, bool force)
{
    struct sip_response_options options = {.status = status, .force = force};
    ASSERT(sip_respond(f->stack, f->now_us, f->asked, &options) != ERR_MEMORY);
}

static void expire(struct fuzz *f)
{
    uint64_t at_us = sip_stack_deadline(f->stack).at_us;
    if (at_us == NEVER)
        return;
    f->now_us = at_us > f->now_us ? at_us : f->now_us;
    sip_stack_expire(f->stack, f->now_us);
}

static void fork_leg(struct fuzz *f)
{
    struct handle leg, transaction;
    if (sip_call_fork(f->stack, f->now_us, f->leg, &leg, &transaction) == ERR_OK)
        f->asked = transaction;
}

static void unreachable(struct fuzz *f)
{
    struct packet packet = {
        .kind = PACKET_FAILED, .local = f->local, .remote = f->remote, .error = NET_REFUSED};
    ASSERT(sip_stack_receive(f->stack, f->now_us, &packet) != ERR_MEMORY);
}

static void command(struct fuzz *f, uint8_t step)
{
    static const uint16_t statuses[] = {100, 180, 200, 302, 486, 487, 606, 183};
    bool force = (step & 0x40) != 0;
    switch (step & 15) {
    case 1:
        send(f, V("INVITE"), (struct handle){0}, force);
        break;
    case 2:
        send(f, V("OPTIONS"), (struct handle){0}, force);
        break;
    case 3:
        send(f, V("INVITE"), f->call, force);
        break;
    case 4:
        send(f, V("BYE"), f->call, force);
        break;
    case 5:
        send(f, V("INFO"), f->leg, force);
        break;
    case 6:
        send(f, V("BYE"), f->leg, force);
        break;
    case 7:
        (void)!sip_request_cancel(f->stack, f->now_us, f->request, NULL, NULL);
        break;
    case 8:
        (void)!sip_ack_send(f->stack, f->now_us, f->call, NULL);
        break;
    case 9:
        fork_leg(f);
        break;
    case 10:
        unreachable(f);
        break;
    case 11:
        f->now_us += US_PER_S;
        break;
    case 12:
        expire(f);
        break;
    default:
        respond(f, statuses[step >> 4 & 7], force);
        break;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz f = {
        .local = {.family = 4, .ip = {192, 0, 2, 1}, .port = 5060},
        .remote = {.family = 4, .ip = {192, 0, 2, 9}, .port = 5060}
    };
    uint64_t live = mem_live();
    struct sip_stack_options options = {.order = &f.order,
                                        .name = V("a"),
                                        .transaction_limit = 200,
                                        .manual = size > 0 ? data[0] : 0,
                                        .strict = size > 1 && (data[1] & 1)};
    ASSERT(sip_stack_create(&options, &f.stack) == ERR_OK);
    ASSERT(sip_stack_bound(f.stack, (struct handle){0}, PROTO_UDP, &f.local) == ERR_OK);
    for (size_t at = 2; at < size;) {
        uint8_t step = data[at++];
        if ((step & 15) == 0 && at + 2 <= size) {
            size_t len = (size_t)data[at] << 8 | data[at + 1];
            at += 2;
            len = len < size - at ? len : size - at;
            datagram(&f, (struct view){(const char *)data + at, len});
            at += len;
        } else {
            command(&f, step);
        }
        drain(&f);
    }
    for (int i = 0; i < 1000 && sip_stack_deadline(f.stack).at_us != NEVER; i++) {
        expire(&f);
        drain(&f);
    }
    sip_stack_destroy(f.stack);
    blob_unref(f.sent);
    sip_msg_pool_drop();
    ASSERT(mem_live() == live);
    return 0;
}
