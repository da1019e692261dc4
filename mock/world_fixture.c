#include "mock/world_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct moment deadline(void *ctx)
{
    return ((struct net_fixture *)ctx)->deadline;
}

static bool run_ready(void *ctx, uint64_t now_us)
{
    struct net_fixture *net = ctx;
    if (world_user_due(net->world))
        net->deadline = moment_never;
    return net->ready != NULL && net->ready(net, now_us);
}

static void packet(void *ctx, uint32_t party, const struct packet *packet)
{
    struct net_fixture *net = ctx;
    assert_true(net->arrival_count < NET_ARRIVALS);
    net->arrivals[net->arrival_count++] = (struct net_arrival){
        .at_us = packet->at_us,
        .party = party,
        .kind = packet->kind,
        .error = packet->error,
        .bytes = blob_ref(packet->bytes),
        .cause = packet->cause,
    };
}

static void tell(void *ctx, uint32_t party, const struct tell *tell)
{
    struct net_fixture *net = ctx;
    assert_true(net->tell_count < NET_TELLS);
    net->tells[net->tell_count++] = (struct net_tell){
        .at_us = world_now(net->world),
        .party = party,
        .what = (enum sip_tell)tell->what,
        .status = tell->msg != NULL ? sip_msg_status(tell->msg) : tell->status,
        .generated = tell->generated,
    };
}

void net_open_with(struct net_fixture *net, const struct world_options *options)
{
    struct world_options own = *options;
    *net = (struct net_fixture){.deadline = moment_never};
    net->user = options->user != NULL ? *options->user : (struct world_user){0};
    net->user.ctx = net;
    net->user.deadline = deadline;
    net->user.run_ready = run_ready;
    net->user.packet = packet;
    net->user.tell = tell;
    if (own.driver == NULL)
        assert_int_equal(mock_create(&(struct mock_options){0}, &net->driver), ERR_OK);
    else
        net->driver = own.driver;
    assert_int_equal(trace_create(NULL, &net->trace), ERR_OK);
    own.driver = net->driver;
    own.trace = net->trace;
    own.user = &net->user;
    assert_int_equal(world_create(&own, &net->world), ERR_OK);
}

void net_open(struct net_fixture *net, uint64_t seed)
{
    net_open_with(net, &(struct world_options){.rng = {seed}});
}

void net_close(struct net_fixture *net)
{
    for (size_t i = 0; i < net->arrival_count; i++)
        blob_unref(net->arrivals[i].bytes);
    world_destroy(net->world);
    trace_destroy(net->trace);
    net->driver->ops->destroy(net->driver);
    sip_msg_pool_drop();
    assert_int_equal(mem_live(), 0);
}

uint32_t net_wire(struct net_fixture *net, struct view name)
{
    uint32_t party;
    assert_int_equal(world_wire_add(net->world, name, &party), ERR_OK);
    assert_true(party < NET_PARTIES);
    assert_int_equal(
        world_bind(net->world, party, PROTO_UDP, &net->addrs[party], &net->links[party]), ERR_OK);
    return party;
}

uint32_t net_agent(struct net_fixture *net, struct view name)
{
    uint32_t party;
    struct sip_stack_options options = {.name = name, .ids = rng_stream((struct rng){1}, name)};
    assert_int_equal(world_party_add(net->world, name, &options, &party), ERR_OK);
    assert_true(party < NET_PARTIES);
    assert_int_equal(
        world_bind(net->world, party, PROTO_UDP, &net->addrs[party], &net->links[party]), ERR_OK);
    return party;
}

void net_options(struct net_fixture *net, uint32_t from, uint32_t to)
{
    char room[ADDR_TEXT_MAX];
    struct buf uri = {0};
    struct handle request;
    buf_add(&uri, V("sip:"));
    buf_add(&uri, addr_text(&net->addrs[to], room));
    struct sip_request_options options = {
        .method = V("OPTIONS"), .uri = buf_view(&uri), .remote = net->addrs[to]};
    assert_int_equal(sip_request_send(world_stack(net->world, from), world_now(net->world),
                                      &options, &request, NULL),
                     ERR_OK);
    world_touch(net->world, from);
    buf_deinit(&uri);
}

uint64_t net_send(struct net_fixture *net, uint32_t from, uint32_t to, struct view bytes)
{
    struct blob *blob = blob_create(bytes);
    assert_non_null(blob);
    uint64_t seq = world_send(net->world, from, net->links[from], &net->addrs[to], blob, 0);
    blob_unref(blob);
    return seq;
}

void net_run(struct net_fixture *net, uint64_t until_us)
{
    while (world_now(net->world) < until_us && world_turn(net->world))
        continue;
}

size_t net_count(const struct net_fixture *net, enum trace_side side, enum trace_fate fate,
                 struct trace_event *out)
{
    size_t count = 0;
    for (uint64_t seq = 1; seq <= trace_last(net->trace); seq++) {
        struct trace_event event;
        assert_true(trace_get(net->trace, seq, &event));
        if ((event.kind != TRACE_MESSAGE && event.kind != TRACE_BYTES) ||
            event.u.wire.side != side || event.u.wire.fate != fate)
            continue;
        if (out != NULL)
            *out = event;
        count++;
    }
    return count;
}

uint64_t net_digest(struct net_fixture *net)
{
    uint64_t digest = 0;
    for (struct view run = trace_unsent(net->trace); run.len > 0; run = trace_unsent(net->trace))
        digest = rng_mix(digest ^ view_hash(run));
    return digest;
}
