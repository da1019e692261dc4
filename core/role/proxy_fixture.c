#include "core/role/proxy_fixture.h"

void desk_open(struct desk *desk, const struct proxy_options *options)
{
    static const struct addr addr = {
        .family = 4, .ip = {192, 0, 2, 1},
             .port = 5060
    };
    struct sip_stack_options stack = {.order = &desk->order,
                                      .name = V("proxy"),
                                      .forwards = options->mode == PROXY_STATELESS
                                                      ? SIP_FORWARDS_STATELESS
                                                      : SIP_FORWARDS_STATEFUL};
    struct proxy_options own = *options;
    *desk = (struct desk){0};
    own.order = &desk->order;
    ASSERT(sip_stack_create(&stack, &desk->stack) == ERR_OK);
    ASSERT(sip_stack_bound(desk->stack, (struct handle){1, 1}, PROTO_UDP, &addr) == ERR_OK);
    ASSERT(proxy_create(&own, &desk->role) == ERR_OK);
}

void desk_close(struct desk *desk)
{
    desk->role->ops->destroy(desk->role);
    sip_stack_destroy(desk->stack);
    for (size_t i = 0; i < desk->sent_count; i++)
        blob_unref(desk->sent[i]);
    sip_msg_pool_drop();
}

static void drain(struct desk *desk)
{
    struct effect effect;
    while (sip_stack_next(desk->stack, &effect)) {
        if (effect.kind == TELL)
            desk->role->ops->tell(desk->role, desk->stack, desk->now_us, &effect.tell);
        else if (effect.kind == DO_DATAGRAM && desk->sent_count < DESK_SENT_MAX)
            desk->sent[desk->sent_count++] = effect.bytes;
        else
            effect_deinit(&effect);
    }
    sip_stack_reap(desk->stack);
}

void desk_receive(struct desk *desk, struct blob *bytes)
{
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {1,                     1           },
        .remote = { .family = 4, .ip = {192, 0, 2, 9}, .port = 5060},
        .bytes = bytes
    };
    if (bytes == NULL)
        return;
    if (sip_stack_receive(desk->stack, desk->now_us, &packet) != ERR_OK)
        desk->told = true;
    drain(desk);
}

/* It is the request with another start line. */
void desk_answer(struct desk *desk, const struct blob *request, struct view status_line)
{
    struct view text = blob_view(request);
    struct buf buf = {0};
    buf_add(&buf, status_line);
    buf_add(&buf, view_skip(text, view_find_char(text, '\r')));
    struct blob *bytes = buf.failed == ERR_OK ? blob_create(buf_view(&buf)) : NULL;
    buf_deinit(&buf);
    desk_receive(desk, bytes);
    blob_unref(bytes);
}

void desk_run(struct desk *desk, uint64_t until_us)
{
    for (;;) {
        struct moment stack = sip_stack_deadline(desk->stack);
        struct moment role = desk->role->ops->deadline(desk->role);
        bool role_first = moment_before(role, stack);
        uint64_t at_us = role_first ? role.at_us : stack.at_us;
        if (at_us > until_us)
            break;
        desk->now_us = at_us > desk->now_us ? at_us : desk->now_us;
        if (role_first)
            desk->role->ops->expire(desk->role, desk->stack, desk->now_us);
        else
            sip_stack_expire(desk->stack, desk->now_us);
        drain(desk);
    }
    desk->now_us = until_us;
}

uint32_t desk_alive(const struct desk *desk)
{
    struct sip_stack_counts counts;
    sip_stack_counts(desk->stack, &counts);
    return counts.client_transactions + counts.server_transactions;
}
