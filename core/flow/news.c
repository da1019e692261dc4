#include "core/flow/inside.h"

enum { ITEMS_FIRST = 16 };

static struct flow_item *item_at(const struct flows *flows, uint32_t index)
{
    return &flows->items[(flows->item_head + index) & (flows->item_size - 1)];
}

static bool make_room(struct flows *flows)
{
    if (flows->item_count < flows->item_size)
        return true;
    struct flow_item *items = mem_ring_grow(flows->items, sizeof *items, flows->item_head,
                                            flows->item_count, &flows->item_size, ITEMS_FIRST);
    if (items == NULL) {
        flows->failed = ERR_MEMORY;
        return false;
    }
    flows->items = items;
    flows->item_head = 0;
    return true;
}

static struct flow_news news_of(const struct flow *flow, const struct flow_news *news)
{
    struct flow_news out = *news;
    out.flow = flow->self;
    out.proto = (enum proto)flow->proto;
    out.local = flow->local;
    out.remote = flow->remote;
    out.peer = flow->peer;
    out.note = flow->note;
    if (news->kind == FLOW_MOVED || news->kind == FLOW_ENDED)
        out.end = flow->got;
    return out;
}

static void news_drop(struct flow_news *news)
{
    effect_deinit(&news->effect);
    blob_unref(news->bytes);
}

void news_push(struct flows *flows, struct flow *flow, const struct flow_news *news)
{
    struct flow_item item = {.news = news_of(flow, news)};
    if (make_room(flows))
        *item_at(flows, flows->item_count++) = item;
    else
        news_drop(&item.news);
}

/* Its messages are taken from the framer one by one, so that what the first one does to the flow
 * holds for the second. */
void news_read(struct flows *flows, struct flow *flow)
{
    if (flow->reads || !make_room(flows))
        return;
    flow->reads = true;
    *item_at(flows, flows->item_count++) =
        (struct flow_item){.news = {.flow = flow->self}, .read = true};
}

void news_do(struct flows *flows, struct flow *flow, enum effect_kind kind, struct blob *bytes)
{
    struct flow_news news = {.kind = FLOW_DO};
    news.effect = (struct effect){
        .kind = kind,
        .link = flow->link,
        .proto = (enum proto)flow->proto,
        .local = flow->local,
        .remote = flow->remote,
        .bytes = bytes,
        .query = handle_none(flow->link) ? flow->query : 0,
    };
    news_push(flows, flow, &news);
}

static void take_first(struct flows *flows)
{
    flows->item_head = (flows->item_head + 1) & (flows->item_size - 1);
    flows->item_count--;
}

/* False: the flow has nothing whole to read, and its place among the news is free again. */
static bool read_first(struct flows *flows, struct flow_news *out)
{
    struct flow *flow = flow_find(flows, item_at(flows, 0)->news.flow);
    struct flow_news news = {0};
    if (flow != NULL && flow_read(flows, flow, &news)) {
        *out = news_of(flow, &news);
        return true;
    }
    if (flow != NULL)
        flow->reads = false;
    take_first(flows);
    return false;
}

bool flows_next(struct flows *flows, struct flow_news *out)
{
    while (flows->item_count > 0) {
        struct flow_item *first = item_at(flows, 0);
        if (first->read) {
            if (read_first(flows, out))
                return true;
            continue;
        }
        *out = first->news;
        take_first(flows);
        return true;
    }
    return false;
}

void news_deinit(struct flows *flows)
{
    while (flows->item_count > 0) {
        if (!item_at(flows, 0)->read)
            news_drop(&item_at(flows, 0)->news);
        take_first(flows);
    }
    mem_free(flows->items);
}
