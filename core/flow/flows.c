#include "core/flow/inside.h"

enum { FLOW_LIMIT = 10000, WAITING_LIMIT = 4096 };

static uint64_t or_else(uint64_t given, uint64_t otherwise)
{
    return given != 0 ? given : otherwise;
}

static struct flow_options options_of(const struct flow_options *given)
{
    struct flow_options own = *given;
    own.flow_limit = (uint32_t)or_else(given->flow_limit, FLOW_LIMIT);
    own.waiting_limit = (uint32_t)or_else(given->waiting_limit, WAITING_LIMIT);
    own.write_limit = (size_t)or_else(given->write_limit, NET_WRITE_LIMIT);
    own.open_us = or_else(given->open_us, 10 * US_PER_S);
    own.secure_us = or_else(given->secure_us, 10 * US_PER_S);
    own.write_us = or_else(given->write_us, 32 * US_PER_S);
    own.silent_us = or_else(given->silent_us, 32 * US_PER_S);
    own.slow_us = or_else(given->slow_us, 32 * US_PER_S);
    own.idle_us = or_else(given->idle_us, 600 * US_PER_S);
    own.close_us = or_else(given->close_us, 4 * US_PER_S);
    own.owed_us = or_else(given->owed_us, 32 * US_PER_S);
    own.pong_us = or_else(given->pong_us, 10 * US_PER_S);
    return own;
}

enum err flows_create(const struct flow_options *options, struct flows **out)
{
    struct flows *flows = mem_zalloc(sizeof *flows);
    if (flows == NULL)
        return ERR_MEMORY;
    flows->options = options_of(options);
    flows->table.limit = flows->options.flow_limit;
    *out = flows;
    return ERR_OK;
}

struct flow *flow_find(const struct flows *flows, struct handle handle)
{
    return table_find(&flows->table, handle);
}

static void list_append(struct flows *flows, struct flow *flow)
{
    flow->prev = flows->newest;
    flow->next = NULL;
    *(flows->newest == NULL ? &flows->oldest : &flows->newest->next) = flow;
    flows->newest = flow;
}

static void list_remove(struct flows *flows, struct flow *flow)
{
    *(flow->prev == NULL ? &flows->oldest : &flow->prev->next) = flow->next;
    *(flow->next == NULL ? &flows->newest : &flow->next->prev) = flow->prev;
}

void flow_used(struct flows *flows, struct flow *flow)
{
    flow->used_us = flows->now_us;
    list_remove(flows, flow);
    list_append(flows, flow);
}

enum err flow_create(struct flows *flows, enum proto proto, bool ours, struct flow **out)
{
    if (flows->table.live >= flows->options.flow_limit && !flow_evict(flows))
        return ERR_LIMIT;
    struct flow *flow = mem_zalloc(sizeof *flow);
    if (flow == NULL)
        return ERR_MEMORY;
    enum err err = table_add(&flows->table, flow, &flow->self);
    if (err != ERR_OK) {
        mem_free(flow);
        return err;
    }
    flow->proto = (uint8_t)proto;
    flow->ours = ours;
    flow->state = FLOW_GONE;
    flow->since_us = flow->used_us = flow->credit_us = flows->now_us;
    framer_init(&flow->framer, &flows->options.message);
    list_append(flows, flow);
    flows->made++;
    *out = flow;
    return ERR_OK;
}

static void flow_destroy(struct flows *flows, struct flow *flow)
{
    heap_stop(&flows->heap, &flow->node);
    routes_drop(flows, flow);
    link_drop(flows, flow);
    list_remove(flows, flow);
    table_remove(&flows->table, flow->self);
    filters_drop(flow);
    framer_deinit(&flow->framer);
    for (uint32_t i = 0; i < flow->waiting_count; i++)
        effect_deinit(&flow->waiting[i]);
    mem_free(flow->waiting);
    unproved_drop(flow);
    mem_free((char *)flow->domain.ptr);
    mem_free(flow);
}

void flows_destroy(struct flows *flows)
{
    if (flows == NULL)
        return;
    while (flows->oldest != NULL)
        flow_destroy(flows, flows->oldest);
    news_deinit(flows);
    heap_deinit(&flows->heap);
    table_deinit(&flows->table);
    buf_deinit(&flows->key);
    mem_free(flows);
}

void flow_move(struct flows *flows, struct flow *flow, enum flow_phase to, enum net_error error,
               struct view why)
{
    struct flow_news news = {.kind = FLOW_MOVED,
                             .from = (enum flow_phase)flow->state,
                             .to = to,
                             .error = error,
                             .alerted = flow->alerted};
    if (why.len > 0)
        news.bytes = blob_create(why);
    news.why = blob_view(news.bytes);
    flow->state = (uint8_t)to;
    flow->since_us = flows->now_us;
    news_push(flows, flow, &news);
}

void flow_end(struct flows *flows, struct flow *flow, enum net_error error, struct view why)
{
    waiting_fail(flows, flow, error);
    flow_move(flows, flow, FLOW_GONE, error, why);
    flow_destroy(flows, flow);
}

void flow_end_reset(struct flows *flows, struct flow *flow, enum net_error error, struct view why)
{
    news_do(flows, flow, DO_RESET, NULL);
    flow_end(flows, flow, error, why);
}

/* Goodbye, and a FIN; what the other side still says is not heard. */
void flow_close(struct flows *flows, struct flow *flow, enum net_error error, struct view why)
{
    if (flow->state == FLOW_OPENING) {
        flow_end_reset(flows, flow, error, why);
        return;
    }
    routes_drop(flows, flow);
    waiting_fail(flows, flow, error);
    filters_close(flows, flow);
    news_do(flows, flow, DO_CLOSE, NULL);
    if (flow->fin) {
        flow_end(flows, flow, error, why);
        return;
    }
    flow_move(flows, flow, FLOW_CLOSING, error, why);
    flow_arm(flows, flow);
}

/* What is owed may be so for ever: who sends a request twice gets one answer. */
static bool may_go(const struct flows *flows, const struct flow *flow, bool owing)
{
    bool long_owed = time_after(flow->used_us, flows->options.owed_us) <= flows->now_us;
    return flow->waiting_count == 0 && flow->unwritten == 0 && flow->state != FLOW_OPENING &&
           (owing ? long_owed : flow->owed == 0);
}

static struct flow *longest_idle(const struct flows *flows, bool owing)
{
    struct flow *flow = flows->oldest;
    while (flow != NULL && !may_go(flows, flow, owing))
        flow = flow->next;
    return flow;
}

bool flow_evict(struct flows *flows)
{
    struct flow *flow = longest_idle(flows, false);
    if (flow == NULL)
        flow = longest_idle(flows, true);
    if (flow == NULL)
        return false;
    flow_end_reset(flows, flow, NET_LIMIT, V("it was idle for longest, and there are too many"));
    return true;
}

enum err flows_leave(struct flows *flows, enum err err)
{
    if (err == ERR_OK)
        err = flows->failed;
    flows->failed = ERR_OK;
    return err;
}

static struct flow *entered(struct flows *flows, uint64_t now_us, struct handle handle)
{
    flows->now_us = now_us;
    return flow_find(flows, handle);
}

void flows_close(struct flows *flows, uint64_t now_us, struct handle handle)
{
    struct flow *flow = entered(flows, now_us, handle);
    if (flow != NULL && flow->state != FLOW_CLOSING)
        flow_close(flows, flow, NET_OK, V(""));
}

void flows_reset(struct flows *flows, uint64_t now_us, struct handle handle, struct view why)
{
    struct flow *flow = entered(flows, now_us, handle);
    if (flow != NULL)
        flow_end_reset(flows, flow, NET_RESET, why);
}

void flows_owe(struct flows *flows, uint64_t now_us, struct handle handle, int change)
{
    struct flow *flow = entered(flows, now_us, handle);
    if (flow == NULL)
        return;
    if (change >= 0)
        flow->owed += (uint32_t)change;
    else
        flow->owed -= flow->owed < (uint32_t)-change ? flow->owed : (uint32_t)-change;
    if (flow->ended && flow->owed == 0)
        flow_arm(flows, flow);
}

void flows_stop(struct flows *flows, uint64_t now_us, struct handle handle)
{
    struct flow *flow = entered(flows, now_us, handle);
    if (flow == NULL || flow->stopped || flows->options.raw)
        return;
    flow->stopped = true;
    flow->stop_why = V("a malformed message");
    flow_arm(flows, flow);
}

static void quit(struct flows *flows, struct flow *flow)
{
    struct handle self = flow->self;
    if (flow->state == FLOW_OPEN)
        flow_close(flows, flow, NET_OK, V("its host has stopped"));
    else if (flow->state != FLOW_CLOSING)
        news_do(flows, flow, DO_RESET, NULL);
    if (flow_find(flows, self) != NULL)
        flow_end(flows, flow, NET_OK, V("its host has stopped"));
}

void flows_quit(struct flows *flows, uint64_t now_us)
{
    flows->now_us = now_us;
    while (flows->oldest != NULL)
        quit(flows, flows->oldest);
}

void flows_drop(struct flows *flows, uint64_t now_us)
{
    flows->now_us = now_us;
    while (flows->oldest != NULL)
        flow_end_reset(flows, flows->oldest, NET_RESET, V("its host has crashed"));
}

void flows_note(struct flows *flows, struct handle handle, void *note)
{
    struct flow *flow = flow_find(flows, handle);
    if (flow != NULL)
        flow->note = note;
}

enum err flows_info(const struct flows *flows, struct handle handle, struct flow_info *out)
{
    const struct flow *flow = flow_find(flows, handle);
    if (flow == NULL)
        return ERR_GONE;
    *out = (struct flow_info){.state = (enum flow_phase)flow->state,
                              .note = flow->note,
                              .proto = (enum proto)flow->proto,
                              .ours = flow->ours,
                              .local = flow->local,
                              .remote = flow->remote,
                              .got = flow->got,
                              .wrote = flow->wrote,
                              .waiting = flow->waiting_count,
                              .filters = flow->filters,
                              .filter_count = flow->filter_count};
    return ERR_OK;
}

bool flows_each(const struct flows *flows, uint32_t *cursor, struct handle *out)
{
    return table_next(&flows->table, cursor, out) != NULL;
}

uint32_t flows_count(const struct flows *flows)
{
    return flows->table.live;
}

const char *flow_phase_text(enum flow_phase state)
{
    static const char *const texts[] = {[FLOW_OPENING] = "opening",
                                        [FLOW_SECURING] = "securing",
                                        [FLOW_OPEN] = "open",
                                        [FLOW_CLOSING] = "closing",
                                        [FLOW_GONE] = "gone"};
    return texts[state];
}
