#include "harness/agent/builtin_events.h"

#include "harness/agent/agents.h"
#include "harness/scene/capability.h"

enum { SUBSCRIBED_S = 3600 };

/* What there is to tell, by turns. A package joins by a row. */
static const struct {
    const char *name, *type;
    const char *states[2];
} packages[] = {
    {"presence",
     "application/pidf+xml",               {"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
      "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"pres:dut@example.invalid\">"
      "<tuple id=\"dut\"><status><basic>open</basic></status></tuple></presence>\r\n",
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
      "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"pres:dut@example.invalid\">"
      "<tuple id=\"dut\"><status><basic>closed</basic></status></tuple></presence>\r\n"}},
    {"message-summary",
     "application/simple-message-summary", {"Messages-Waiting: no\r\nVoice-Message: 0/0 (0/0)\r\n",
      "Messages-Waiting: yes\r\nVoice-Message: 1/0 (0/0)\r\n"}            },
};
enum { PACKAGE_COUNT = sizeof packages / sizeof *packages };

static size_t package_of(struct view name)
{
    size_t i = 0;

    while (i < PACKAGE_COUNT && !view_equal(name, view_of(packages[i].name)))
        i++;
    return i;
}

bool builtin_event_known(struct view package)
{
    return package_of(package) < PACKAGE_COUNT;
}

enum err builtin_events_options(const struct view *needs, size_t need_count, struct arena *arena,
                                struct agent_options *out)
{
    struct buf list = {0};

    for (size_t i = 0; i < need_count; i++) {
        struct view event = capability_event(needs[i]);
        if (event.len > 0)
            buf_printf(&list, "%s%.*s", list.len > 0 ? ", " : "", VIEW_ARG(event));
    }
    enum err err = list.failed;
    if (err == ERR_OK && list.len > 0) {
        out->events = arena_copy(arena, buf_view(&list));
        err = out->events.ptr == NULL ? ERR_MEMORY : ERR_OK;
    }
    buf_deinit(&list);
    return err;
}

static enum err tell(struct subscription *sub)
{
    struct sip_sub_info info;
    struct request *request;

    if (sub->state == SIP_SUB_TERMINATED || subscription_info(sub, &info) != ERR_OK)
        return ERR_OK;
    size_t package = package_of(info.event);
    if (package == PACKAGE_COUNT)
        return ERR_OK;
    const struct sip_notify_options options = {
        .request = {.body = view_of(packages[package].states[sub->agent->changes % 2]),
                    .content_type = view_of(packages[package].type),
                    .again = sub->agent->stack.again},
        .state = SIP_SUB_ACTIVE
    };
    return subscription_notify(sub, &options, &request);
}

static bool fits(const struct sip_media_type *accepted, struct view type)
{
    size_t slash = view_find_char(type, '/');

    return accepted == NULL || view_equal(accepted->type, V("*")) ||
           (view_equal_nocase(accepted->type, view_head(type, slash)) &&
            (view_equal(accepted->subtype, V("*")) ||
             view_equal_nocase(accepted->subtype, view_skip(type, slash + 1))));
}

/* RFC 6665 §4.1.2.1: without Accept it is the package's own type. */
static bool is_accepted(struct sip_msg *msg, struct view type)
{
    size_t count = sip_msg_count(msg, SIP_HEADER_ACCEPT), i = 0;

    while (i < count && !fits(sip_msg_get(msg, SIP_HEADER_ACCEPT, i), type))
        i++;
    return count == 0 || i < count;
}

enum err builtin_subscribed(struct agent *agent, struct transaction *tx)
{
    struct agents *agents = agent->party.agents;
    struct subscription *sub = agents_subscription(agents, tx->subscription);
    struct sip_msg *msg = post_msg(&agents->post, tx->request);
    const struct sip_token_params *event =
        msg == NULL ? NULL : sip_msg_get(msg, SIP_HEADER_EVENT, 0);
    size_t package = event == NULL ? PACKAGE_COUNT : package_of(event->token);
    struct sip_response_options options = {.status = 200, .accepts = true};

    if (sub == NULL || package == PACKAGE_COUNT || agent->stack.events.len == 0)
        options.status = 489;
    else if (!is_accepted(msg, view_of(packages[package].type)))
        options.status = 406;
    enum err err = transaction_respond(tx, &options);
    return err == ERR_OK && options.status == 200 ? tell(sub) : err;
}

enum err builtin_change(struct agent *agent, struct call *none, const struct builtin_aim *aim)
{
    struct table *table = &agent->party.agents->subscriptions;
    struct subscription *sub;
    enum err err = ERR_OK;

    (void)none;
    (void)aim;
    agent->changes++;
    for (uint32_t at = 0; err == ERR_OK && (sub = table_next(table, &at, NULL)) != NULL;)
        if (sub->agent == agent && sub->notifier && !sub->refer)
            err = tell(sub);
    return err;
}

enum err builtin_subscribe(struct agent *agent, struct call *none, const struct builtin_aim *aim)
{
    struct view events = agent->stack.events;
    struct subscription *sub;
    const struct sip_subscribe_options options = {
        .request = {.method = V("SUBSCRIBE"),
                    .uri = aim->uri,
                    .remote = aim->remote,
                    .proto = aim->proto,
                    .again = agent->stack.again},
        .event = events.len > 0 ? view_head(events, view_find_char(events, ',')) : V("presence"),
        .expires_s = SUBSCRIBED_S
    };

    (void)none;
    enum err err = subscription_begin(agent, &options, NULL, &sub);
    if (err == ERR_OK) /* no script has to look at what comes of it */
        agents_request(agent->party.agents, sub->request)->script = false;
    return err;
}

void builtin_unwatched(struct subscription *sub)
{
    struct agents *agents = sub->agent->party.agents;
    const struct request *request = agents_request(agents, sub->request);
    struct sip_msg *msg = request == NULL ? NULL : post_msg(&agents->post, request->sent);
    struct sip_sub_info info;

    if (sub->notifier || sub->refer || sub->state != SIP_SUB_TERMINATED || msg == NULL ||
        subscription_info(sub, &info) != ERR_OK || !view_equal(info.reason, V("deactivated")))
        return;
    const struct builtin_aim aim = {.uri = sip_msg_request_uri_text(msg)};
    enum err err = builtin_subscribe(sub->agent, NULL, &aim);
    if (err == ERR_MEMORY || err == ERR_LIMIT)
        agents_broke(agents, err);
}

/* What it has begun to watch last. */
enum err builtin_unsubscribe(struct agent *agent, struct call *none, const struct builtin_aim *aim)
{
    struct table *table = &agent->party.agents->subscriptions;
    struct subscription *sub, *found = NULL;
    struct request *request;

    (void)none;
    (void)aim;
    for (uint32_t at = 0; (sub = table_next(table, &at, NULL)) != NULL;)
        if (sub->agent == agent && !sub->notifier && !sub->refer &&
            sub->state != SIP_SUB_TERMINATED)
            found = sub;
    return found == NULL ? ERR_ABSENT : subscription_refresh(found, 0, NULL, &request);
}
