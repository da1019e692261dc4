#include "harness/target/ask.h"

#include "harness/host/clock.h"
#include "harness/target/ask_secure.h"

enum { TICK_US = 20000 };

struct asking {
    const struct ask_options *options;
    struct ask_answer *answers;
    struct handle *requests; /* one a place; none: it cannot be asked */
    struct driver *driver;
    struct trace *trace;
    struct world *world;
    struct world_user user;
    struct ask_secure secure;
    uint32_t party;
    uint64_t until_us;
    struct moment tick;
    size_t open;
};

static void tick_set(struct asking *asking, uint64_t now_us)
{
    uint64_t at_us = now_us + TICK_US < asking->until_us ? now_us + TICK_US : asking->until_us;

    asking->tick = order_next(world_order(asking->world), at_us);
}

/* A world that waits has to be waked to see that its time is up. */
static bool run_ready(void *ctx, uint64_t now_us)
{
    struct asking *asking = ctx;

    if (now_us < asking->tick.at_us)
        return false;
    tick_set(asking, now_us);
    return false;
}

static struct moment deadline(void *ctx)
{
    return ((struct asking *)ctx)->tick;
}

static void tell(void *ctx, uint32_t party, const struct tell *tell)
{
    struct asking *asking = ctx;

    (void)party;
    if (tell->what != SIP_TELL_RESPONSE || sip_msg_status(tell->msg) < 200)
        return;
    for (size_t i = 0; i < asking->options->place_count; i++) {
        struct ask_answer *answer = &asking->answers[i];
        if (!handle_equal(tell->object, asking->requests[i]))
            continue;
        asking->requests[i] = (struct handle){0};
        asking->open--;
        answer->after_us = world_now(asking->world);
        if (tell->generated) {
            answer->error = tell->error;
        } else {
            answer->status = sip_msg_status(tell->msg);
            answer->msg = sip_msg_ref(tell->msg);
        }
    }
}

static void packet(void *ctx, uint32_t party, const struct packet *packet)
{
    (void)ctx, (void)party, (void)packet;
}

/* The TLS filter of a connection that has moved says what it has seen. */
static void tls_note(struct asking *asking, const struct flow_news *news, struct ask_answer *answer)
{
    struct flows *flows = world_flows(asking->world, asking->party);
    struct flow_info info;
    struct tls_info tls;

    if (flows == NULL || flows_info(flows, news->flow, &info) != ERR_OK || info.filter_count == 0)
        return;
    tls_filter_info(info.filters[0], &tls);
    if (tls.version.len > 0 && answer->tls.len == 0) {
        buf_add(&answer->tls, tls.version);
        tls_filter_names(info.filters[0], &answer->names);
    }
}

static void flow(void *ctx, uint32_t party, const struct flow_news *news)
{
    struct asking *asking = ctx;

    (void)party;
    for (size_t i = 0; i < asking->options->place_count; i++) {
        const struct ask_place *place = &asking->options->places[i];
        struct ask_answer *answer = &asking->answers[i];
        if (place->proto != news->proto || !addr_equal(&place->addr, &news->remote))
            continue;
        if (proto_secure(place->proto))
            tls_note(asking, news, answer);
        if (news->kind == FLOW_MOVED && news->to == FLOW_GONE && answer->why.len == 0)
            buf_add(&answer->why, news->why);
    }
}

static enum err world_open(struct asking *asking)
{
    struct rng seed = {clock_random()};
    struct world_options options = {.rng = seed, .user = &asking->user};
    struct sip_stack_options stack = {
        .ids = rng_stream(seed, V("ids")), .name = V("sipwright"), .timers = sip_timers_default};
    struct flow_options flows = {
        .maker = {ask_secure_make, &asking->secure}
    };

    asking->secure.draws = rng_stream(seed, V("tls"));
    if (asking->options->t1_us != 0)
        stack.timers.t1_us = asking->options->t1_us;
    enum err err = transport_create(&asking->driver);
    if (err == ERR_OK)
        err = trace_create(&(struct trace_options){0}, &asking->trace);
    options.driver = asking->driver;
    options.trace = asking->trace;
    if (err == ERR_OK)
        err = world_create(&options, &asking->world);
    if (err == ERR_OK)
        err = world_party_add(asking->world, stack.name, &stack, &asking->party);
    return err == ERR_OK ? world_flows_set(asking->world, asking->party, &flows) : err;
}

/* A socket of ours that can reach the place. */
static enum err place_bind(struct asking *asking, const struct ask_place *place)
{
    struct addr local = asking->options->local;
    struct handle link;
    enum err err = local.family != 0 ? ERR_OK : transport_route(&place->addr, &local);

    local.port = 0;
    return err == ERR_OK ? world_bind(asking->world, asking->party, place->proto, &local, &link)
                         : err;
}

/* What cannot be sent has failed like what came back. */
static void place_ask(struct asking *asking, size_t i)
{
    const struct ask_place *place = &asking->options->places[i];
    struct sip_stack *stack = world_stack(asking->world, asking->party);
    struct sip_request_options request = {.method = V("OPTIONS"),
                                          .uri = asking->options->uri,
                                          .proto = place->proto,
                                          .remote = place->addr};
    enum err err = place_bind(asking, place);

    if (err == ERR_OK)
        err =
            sip_request_send(stack, world_now(asking->world), &request, &asking->requests[i], NULL);
    if (err == ERR_OK) {
        asking->open++;
        return;
    }
    asking->answers[i].error = NET_UNREACHABLE;
    buf_printf(&asking->answers[i].why, "it cannot be asked from here: %s", err_text(err));
}

static bool goes_on(const struct asking *asking)
{
    const struct ask_options *options = asking->options;

    if (asking->open == 0 || world_now(asking->world) >= asking->until_us ||
        (options->stop != NULL && options->stop(options->ctx)))
        return false;
    for (size_t i = 0; options->one && i < options->place_count; i++)
        if (asking->answers[i].status != 0)
            return false;
    return true;
}

static void ask_all(struct asking *asking)
{
    asking->until_us = world_now(asking->world) + asking->options->within_us;
    tick_set(asking, world_now(asking->world));
    for (size_t i = 0; i < asking->options->place_count; i++)
        place_ask(asking, i);
    world_touch(asking->world, asking->party);
    while (goes_on(asking) && world_turn(asking->world))
        continue;
}

static void asking_deinit(struct asking *asking)
{
    world_destroy(asking->world);
    trace_destroy(asking->trace);
    if (asking->driver != NULL)
        asking->driver->ops->destroy(asking->driver);
    ask_secure_deinit(&asking->secure);
    mem_free(asking->requests);
}

enum err ask(const struct ask_options *options, struct ask_answer *answers, struct buf *complaint)
{
    struct asking asking = {.options = options, .answers = answers};

    asking.user = (struct world_user){.ctx = &asking,
                                      .run_ready = run_ready,
                                      .deadline = deadline,
                                      .tell = tell,
                                      .packet = packet,
                                      .flow = flow};
    asking.requests = mem_zalloc(options->place_count * sizeof *asking.requests);
    enum err err = asking.requests == NULL ? ERR_MEMORY : world_open(&asking);
    if (err == ERR_OK)
        ask_all(&asking);
    else
        buf_printf(complaint, "no socket can be had to ask from: %s", err_text(err));
    asking_deinit(&asking);
    return err;
}

void ask_answer_write(struct buf *out, const struct ask_answer *answer)
{
    const char *error = net_error_text(answer->error);

    if (answer->status != 0)
        buf_printf(out, "%u after %.3g ms", answer->status, (double)answer->after_us / 1000);
    else if (answer->why.len > 0)
        buf_add(out, buf_view(&answer->why));
    else
        buf_add(out, answer->error == NET_OK || answer->error == NET_TIMEOUT ? V("silence")
                                                                             : view_of(error));
}

void ask_answers_deinit(struct ask_answer *answers, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sip_msg_unref(answers[i].msg);
        buf_deinit(&answers[i].why);
        buf_deinit(&answers[i].tls);
        buf_deinit(&answers[i].names);
        answers[i] = (struct ask_answer){0};
    }
}
