/* The best of the final responses: RFC 3261 §16.7 items 6 and 7. */
#include "core/base/alloc.h"
#include "core/role/proxy_private.h"

/* Affects how the request is to be sent again: these come first in their class. */
static bool tells_how_to_retry(uint16_t status)
{
    return status == 401 || status == 407 || status == 415 || status == 420 || status == 484;
}

static bool says_little(uint16_t status)
{
    return status == 408 || status == 487 || status == 503;
}

/* The lower, the better: 6xx, then the lowest class. */
static uint32_t rank(const struct context *context, uint16_t status)
{
    if (status >= 600)
        return 0;
    if (context->cancelled && status == 487)
        return 1;
    uint32_t within = tells_how_to_retry(status) ? 0 : says_little(status) ? 2 : 1;
    return (uint32_t)(status / 100) * 10 + within;
}

static void keep_challenge(struct context *context, struct sip_msg *response)
{
    struct sip_msg **more =
        mem_realloc(context->challenges, (context->challenge_count + 1) * sizeof(struct sip_msg *));
    proxy_try(context->passage.proxy, more == NULL ? ERR_MEMORY : ERR_OK);
    if (more == NULL)
        return;
    context->challenges = more;
    context->challenges[context->challenge_count++] = sip_msg_ref(response);
}

void best_take(struct context *context, struct sip_msg *response, uint16_t status)
{
    if (response != NULL && (status == 401 || status == 407))
        keep_challenge(context, response);
    if (context->best_status != 0 && rank(context, status) >= rank(context, context->best_status))
        return;
    sip_msg_unref(context->best);
    context->best = response == NULL ? NULL : sip_msg_ref(response);
    context->best_status = status;
}

static void add_rows(struct buf *list, const struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_line *line;
    for (size_t i = 0; (line = sip_msg_find(msg, id, i)) != NULL; i++) {
        struct sip_row row = {.id = id, .name = sip_header_name(id), .value = line->value};
        buf_add(list, (struct view){(const char *)&row, sizeof row});
    }
}

/* "collect any WWW-Authenticate and Proxy-Authenticate header field values from all other 401 and
 * 407 responses" */
static void other_challenges(const struct context *context, struct buf *list)
{
    for (size_t i = 0; i < context->challenge_count; i++) {
        if (context->challenges[i] == context->best)
            continue;
        add_rows(list, context->challenges[i], SIP_HEADER_WWW_AUTHENTICATE);
        add_rows(list, context->challenges[i], SIP_HEADER_PROXY_AUTHENTICATE);
    }
}

static enum err forward(struct context *context)
{
    const struct passage *p = &context->passage;
    struct buf list = {0};
    if (context->best_status == 401 || context->best_status == 407)
        other_challenges(context, &list);
    enum err err = list.failed;
    if (err == ERR_OK)
        err = sip_forward_response(p->stack, p->now_us, context->server, context->best,
                                   (const struct sip_row *)(const void *)list.ptr,
                                   list.len / sizeof(struct sip_row));
    buf_deinit(&list);
    return err;
}

static void respond(struct proxy *proxy, struct context *context, uint16_t status)
{
    const struct passage *p = &context->passage;
    struct sip_response_options options = {.status = status};
    if (sip_respond(p->stack, p->now_us, context->server, &options) != ERR_OK)
        proxy_try(proxy, sip_abandon(p->stack, p->now_us, context->server)); /* not for ever */
}

void best_send(struct context *context)
{
    const struct passage *p = &context->passage;
    uint16_t status = context->best_status;
    context->answered = true;
    if (status == 0)
        status = 408;
    if (context->cancelled && context->best == NULL)
        status = 487;
    if (status == 408 && !context->invite) /* RFC 4320 §4.2 */
        proxy_try(p->proxy, sip_abandon(p->stack, p->now_us, context->server));
    else if (status == 503) /* of one target: it says nothing of us */
        respond(p->proxy, context, 500);
    else if (context->best == NULL || forward(context) != ERR_OK)
        respond(p->proxy, context, context->best == NULL ? status : 500);
}
