#include "core/stack/usage/publish.h"

#include "core/base/alloc.h"
#include "core/dialog/owned.h"
#include "core/stack/usage/usage.h"

#include <stddef.h>

struct sip_pub {
    struct handle handle;
    struct view uri, event, etag; /* owned; etag absent: none so far */
    struct rows rows;             /* the user's, for each PUBLISH */
    struct addr remote;
    enum proto proto;
    struct sip_timer timer; /* time to refresh, or over */
    struct handle open;     /* the latest PUBLISH */
    uint64_t until_us;
    uint32_t wanted_s;
    uint16_t ended_status;
    uint8_t state, ended;
    bool refreshes;
};

static struct sip_pub *find(const struct sip_stack *stack, struct handle handle)
{
    return table_find(&stack->pubs, handle);
}

static void pub_free(struct sip_stack *stack, struct sip_pub *pub)
{
    timer_stop(&stack->layer, &pub->timer, pub->handle);
    owned_drop(NULL, &pub->uri);
    owned_drop(NULL, &pub->event);
    owned_drop(NULL, &pub->etag);
    rows_drop(&pub->rows);
    table_remove(&stack->pubs, pub->handle);
    mem_free(pub);
}

void pubs_drop(struct sip_stack *stack)
{
    uint32_t cursor = 0;
    for (struct sip_pub *pub; (pub = table_next(&stack->pubs, &cursor, NULL)) != NULL;)
        pub_free(stack, pub);
    table_deinit(&stack->pubs);
}

/* What has ended stays until its user has seen it: the end of the turn. */
void pubs_reap(struct sip_stack *stack)
{
    uint32_t cursor = 0;
    if (!stack->pub_ended)
        return;
    stack->pub_ended = false;
    for (struct sip_pub *pub; (pub = table_next(&stack->pubs, &cursor, NULL)) != NULL;)
        if (pub->state == SIP_PUB_TERMINATED)
            pub_free(stack, pub);
}

static void move(struct sip_stack *stack, struct sip_pub *pub, enum sip_pub_state to,
                 const char *why)
{
    static const struct view texts[] = {
        {"pending",    7 },
        {"active",     6 },
        {"terminated", 10}
    };
    if (pub->state == to)
        return;
    layer_trace_state(&stack->layer, pub->handle, V("publication"), texts[pub->state], texts[to],
                      view_of(why));
    pub->state = (uint8_t)to;
    if (to == SIP_PUB_TERMINATED) {
        stack->pub_ended = true;
        timer_stop(&stack->layer, &pub->timer, pub->handle);
    }
    struct tell tell = {
        .what = SIP_TELL_PUB, .pub = pub->handle, .status = pub->ended_status, .state = pub->state};
    layer_tell(&stack->layer, &tell);
}

static void end(struct sip_stack *stack, struct sip_pub *pub, enum sip_pub_ended ended,
                uint16_t status, const char *why)
{
    pub->ended = (uint8_t)ended;
    pub->ended_status = status;
    move(stack, pub, SIP_PUB_TERMINATED, why);
}

static enum err fill(struct sip_pub *pub, const struct sip_publish_options *options)
{
    const struct sip_request_options *request = &options->request;
    pub->remote = request->remote;
    pub->proto = request->proto;
    pub->refreshes = !options->no_refresh;
    enum err err = owned_set(NULL, &pub->uri, request->uri);
    if (err == ERR_OK)
        err = owned_set(NULL, &pub->event, options->event);
    if (err == ERR_OK)
        err = rows_copy(&pub->rows, request->rows, request->row_count);
    return err;
}

static enum err create(struct sip_stack *stack, const struct sip_publish_options *options,
                       struct sip_pub **out)
{
    struct sip_pub *pub = mem_zalloc(sizeof *pub);
    if (pub == NULL)
        return ERR_MEMORY;
    enum err err = table_add(&stack->pubs, pub, &pub->handle);
    if (err != ERR_OK) {
        mem_free(pub);
        return err;
    }
    pub->timer.id = TIMER_PUBLISH;
    pub->until_us = NEVER;
    err = fill(pub, options);
    if (err != ERR_OK)
        pub_free(stack, pub);
    else
        *out = pub;
    return err;
}

static enum err send(struct sip_stack *stack, struct sip_pub *pub,
                     struct sip_request_options *request, uint32_t expires_s, struct sending *s)
{
    s->plan.options = request;
    struct sip_row rows[] = {
        {.name = V("Event"),        .value = pub->event},
        row_number(stack, V("Expires"), expires_s),
        {.name = V("SIP-If-Match"), .value = pub->etag }
    };
    enum err err = rows_add(stack, request, rows, pub->etag.ptr == NULL ? 2 : 3);
    if (err == ERR_OK)
        err = sending_send(stack, s);
    s->plan.options = NULL; /* they end with the caller */
    if (err != ERR_OK)
        return err;
    s->tx->pub = pub->handle;
    pub->open = s->tx->handle;
    pub->wanted_s = rows_seconds(request->rows, request->row_count, V("Expires"), expires_s);
    return ERR_OK;
}

enum err sip_publish(struct sip_stack *stack, uint64_t now_us,
                     const struct sip_publish_options *options, struct handle *out_request,
                     struct handle *out_pub)
{
    struct sip_request_options request = options->request;
    struct sip_pub *pub;
    struct sending s = {0};
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    err = create(stack, options, &pub);
    if (err != ERR_OK)
        return err;
    request.method = V("PUBLISH");
    err = send(stack, pub, &request, options->expires_s, &s);
    if (err != ERR_OK)
        pub_free(stack, pub);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = s.tx->handle;
    *out_pub = pub->handle;
    return ERR_OK;
}

static enum err again(struct sip_stack *stack, struct sip_pub *pub, uint32_t expires_s,
                      const struct sip_request_options *extra, struct sending *s)
{
    struct sip_request_options request = {.again = stack->again};
    if (extra != NULL)
        request = *extra;
    request.method = V("PUBLISH");
    request.uri = pub->uri;
    request.remote = pub->remote;
    request.proto = pub->proto;
    if (request.row_count == 0) {
        request.rows = pub->rows.items;
        request.row_count = pub->rows.count;
    }
    return send(stack, pub, &request, expires_s, s);
}

/* RFC 3903 §4: one at a time. */
static bool is_busy(const struct sip_stack *stack, const struct sip_pub *pub)
{
    const struct sip_tx *open = tx_find(&stack->layer, pub->open);
    return open != NULL && !tx_final(open);
}

enum err sip_publish_again(struct sip_stack *stack, uint64_t now_us, struct handle handle,
                           uint32_t expires_s, const struct sip_request_options *extra,
                           struct handle *out_request)
{
    struct sip_pub *pub = find(stack, handle);
    struct sending s = {0};
    bool force = extra != NULL && extra->force;
    if (pub == NULL || pub->state == SIP_PUB_TERMINATED)
        return ERR_GONE;
    if (!force && (pub->etag.ptr == NULL || is_busy(stack, pub)))
        return ERR_STATE;
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    err = again(stack, pub, expires_s, extra, &s);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    *out_request = s.tx->handle;
    return ERR_OK;
}

static void time_set(struct sip_stack *stack, struct sip_pub *pub, uint64_t left_s)
{
    struct span span = span_of(stack, left_s);
    pub->until_us = span.until_us;
    timer_set(&stack->layer, &pub->timer, pub->handle,
              pub->refreshes ? span.refresh_us : span.until_us);
}

static void learn_etag(struct sip_stack *stack, struct sip_pub *pub, struct sip_msg *msg)
{
    const struct sip_line *etag = sip_msg_find(msg, SIP_HEADER_SIP_ETAG, 0);
    if (etag != NULL)
        layer_fail(&stack->layer, owned_set(NULL, &pub->etag, etag->value));
}

/* RFC 3903 §4.2: never longer than was asked for. */
static void succeeded(struct sip_stack *stack, struct sip_pub *pub, struct sip_msg *msg)
{
    const struct sip_number *expires = sip_msg_get(msg, SIP_HEADER_EXPIRES, 0);
    if (pub->wanted_s == 0) {
        end(stack, pub, SIP_PUB_REMOVED, 0, "removed");
        return;
    }
    learn_etag(stack, pub, msg);
    uint64_t left_s =
        expires != NULL && expires->value < pub->wanted_s ? expires->value : pub->wanted_s;
    time_set(stack, pub, left_s);
    move(stack, pub, SIP_PUB_ACTIVE, "200");
}

void pub_response(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                  uint16_t status)
{
    struct sip_pub *pub = find(stack, tx->pub);
    if (pub == NULL || pub->state == SIP_PUB_TERMINATED || status < 200)
        return;
    if (!handle_equal(pub->open, tx->handle)) { /* by force there is another one, which says more */
        if (msg != NULL && status < 300)
            learn_etag(stack, pub, msg);
        return;
    }
    if (msg != NULL && status < 300)
        succeeded(stack, pub, msg);
    else if (status == 412) /* RFC 3903 §5: its entity-tag is worth nothing any more */
        end(stack, pub, SIP_PUB_LOST, status, "412");
    else if (pub->state == SIP_PUB_PENDING)
        end(stack, pub, SIP_PUB_REFUSED, status, "refused");
    else if (pub->until_us != NEVER)
        timer_set(&stack->layer, &pub->timer, pub->handle, pub->until_us);
}

/* Sent once more by the stack: with another Expires, perhaps. */
void pub_again(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request)
{
    struct sip_pub *pub = find(stack, tx->pub);
    const struct sip_number *expires = sip_msg_get(request, SIP_HEADER_EXPIRES, 0);
    if (pub == NULL)
        return;
    pub->open = tx->handle;
    if (expires != NULL && expires->value <= UINT32_MAX)
        pub->wanted_s = (uint32_t)expires->value;
}

bool pub_fire(struct sip_stack *stack, struct sip_timer *timer)
{
    if (timer->id != TIMER_PUBLISH)
        return false;
    struct sip_pub *pub = (struct sip_pub *)((char *)timer - offsetof(struct sip_pub, timer));
    struct sending s = {.own = true};
    timer_fired(&stack->layer, timer, pub->handle);
    if (stack->layer.now_us >= pub->until_us) {
        end(stack, pub, SIP_PUB_EXPIRED, 0, "expired");
        return true;
    }
    timer_set(&stack->layer, timer, pub->handle, pub->until_us);
    if (!is_busy(stack, pub))
        layer_fail(&stack->layer, again(stack, pub, pub->wanted_s, NULL, &s));
    return true;
}

enum err sip_pub_info(const struct sip_stack *stack, struct handle handle, struct sip_pub_info *out)
{
    const struct sip_pub *pub = find(stack, handle);
    if (pub == NULL)
        return ERR_GONE;
    *out = (struct sip_pub_info){.state = (enum sip_pub_state)pub->state,
                                 .ended = (enum sip_pub_ended)pub->ended,
                                 .ended_status = pub->ended_status,
                                 .event = pub->event,
                                 .etag = pub->etag,
                                 .until_us = pub->until_us};
    return ERR_OK;
}
