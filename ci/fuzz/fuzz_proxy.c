/* Any bytes as a datagram for a proxy, then responses to what it forwards, a copy, and all its
 * timers: in the end nothing is left of it. */
#include "core/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { SENT_MAX = 16 };

struct desk {
    struct sip_stack *stack;
    struct role *role;
    struct order order;
    uint64_t now_us;
    struct blob *sent[SENT_MAX];
    size_t sent_count;
};

static void drain(struct desk *desk)
{
    struct effect effect;
    while (sip_stack_next(desk->stack, &effect)) {
        if (effect.kind == TELL)
            desk->role->ops->tell(desk->role, desk->stack, desk->now_us, &effect.tell);
        else if (effect.kind == DO_DATAGRAM && desk->sent_count < SENT_MAX)
            desk->sent[desk->sent_count++] = effect.bytes;
        else
            effect_deinit(&effect);
    }
    sip_stack_reap(desk->stack);
}

static void receive(struct desk *desk, struct blob *bytes)
{
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {1,                     1           },
        .remote = { .family = 4, .ip = {192, 0, 2, 9}, .port = 5060},
        .bytes = bytes
    };
    ASSERT(sip_stack_receive(desk->stack, desk->now_us, &packet) == ERR_OK);
    drain(desk);
}

/* A response is a request with another start line. */
static void answer(struct desk *desk, size_t index, uint16_t status)
{
    struct view text = blob_view(desk->sent[index]);
    struct buf buf = {0};
    buf_printf(&buf, "SIP/2.0 %u x", (unsigned)status);
    buf_add(&buf, view_skip(text, view_find_char(text, '\r')));
    struct blob *bytes = blob_create(buf_view(&buf));
    buf_deinit(&buf);
    receive(desk, bytes);
    blob_unref(bytes);
}

static void run(struct desk *desk, uint64_t until_us)
{
    for (;;) {
        struct moment stack = sip_stack_deadline(desk->stack);
        struct moment role = desk->role->ops->deadline(desk->role);
        bool role_first = moment_before(role, stack);
        uint64_t at_us = role_first ? role.at_us : stack.at_us;
        if (at_us > until_us)
            return;
        desk->now_us = at_us > desk->now_us ? at_us : desk->now_us;
        if (role_first)
            desk->role->ops->expire(desk->role, desk->stack, desk->now_us);
        else
            sip_stack_expire(desk->stack, desk->now_us);
        drain(desk);
    }
}

static void open_desk(struct desk *desk, uint8_t choice)
{
    static const struct proxy_target targets[] = {
        {{"sip:x@192.0.2.2", 15}, 1000},
        {{"sip:x@192.0.2.3", 15}, 500 },
    };
    static const struct proxy_route routes[] = {
        {{"user", 4},          targets, 2},
        {{"@example.com", 12}, targets, 2}
    };
    struct sip_stack_options stack = {
        .order = &desk->order,
        .name = V("p"),
        .forwards = choice % 3 == PROXY_STATELESS ? SIP_FORWARDS_STATELESS : SIP_FORWARDS_STATEFUL};
    struct proxy_options proxy = {.mode = (enum proxy_mode)(choice % 3),
                                  .fork = (enum proxy_fork)(choice / 3 % 3),
                                  .recurse = (choice & 16) != 0,
                                  .record_route = (choice & 32) != 0,
                                  .routes = routes,
                                  .route_count = 2,
                                  .order = &desk->order};
    struct addr addr = {
        .family = 4, .ip = {192, 0, 2, 1},
             .port = 5060
    };
    ASSERT(sip_stack_create(&stack, &desk->stack) == ERR_OK);
    ASSERT(sip_stack_bound(desk->stack, (struct handle){1, 1}, PROTO_UDP, &addr) == ERR_OK);
    ASSERT(proxy_create(&proxy, &desk->role) == ERR_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct desk desk = {0};
    struct sip_stack_counts counts;
    uint8_t choice = len > 0 ? data[len - 1] : 0;
    struct blob *bytes = blob_create((struct view){(const char *)data, len});
    open_desk(&desk, choice);
    receive(&desk, bytes);
    receive(&desk, bytes);
    for (size_t i = 0; i < desk.sent_count; i++)
        if (!view_starts(blob_view(desk.sent[i]), V("SIP/")))
            answer(&desk, i, (uint16_t)(100 + (choice + i * 83) % 600));
    run(&desk, 400 * US_PER_S);
    sip_stack_counts(desk.stack, &counts);
    ASSERT(counts.client_transactions == 0 && counts.server_transactions == 0);
    desk.role->ops->destroy(desk.role);
    sip_stack_destroy(desk.stack);
    for (size_t i = 0; i < desk.sent_count; i++)
        blob_unref(desk.sent[i]);
    blob_unref(bytes);
    return 0;
}
