#include "harness/agent/background.h"

#include "harness/agent/device.h"
#include "harness/agent/wire_words.h"
#include "harness/target/target.h"

struct owed { /* an answer; it is given when the request stands in the trace */
    struct owed *next;
    struct moment due;
    struct blob *request;
    struct addr source;
    uint32_t to; /* the party that answers */
};

bool background_takes(struct agents *agents, uint32_t from, const struct sip_msg *msg)
{
    const struct party *party = agents_party(agents, from);
    const struct target *target = party == NULL || party->kind != PARTY_DEVICE
                                      ? NULL
                                      : ((const struct device *)party)->target;

    agents->background.taken = false;
    if (target == NULL || msg == NULL || !sip_msg_is_request(msg))
        return false;
    for (size_t i = 0; i < target->background_count; i++)
        if (view_equal(target->background[i], sip_msg_method_name(msg)))
            agents->background.taken = true;
    return agents->background.taken;
}

static bool owe(struct agents *agents, const struct trace_event *event, struct blob *bytes)
{
    struct owed **last = &agents->background.first;
    struct owed *owed = mem_zalloc(sizeof *owed);

    if (owed == NULL)
        return false;
    while (*last != NULL)
        last = &(*last)->next;
    *owed = (struct owed){
        .due = order_next(world_order(agents->scene->world), scene_now(agents->scene)),
        .request = blob_ref(bytes),
        .source = event->u.wire.source,
        .to = event->u.wire.to};
    *last = owed;
    return true;
}

bool background_seen(struct agents *agents, const struct trace_event *event, struct blob *bytes)
{
    if (!agents->background.taken || event->u.wire.side != SIDE_IN)
        return false;
    agents->background.taken = false;
    if (!owe(agents, event, bytes))
        agents_broke(agents, ERR_MEMORY);
    return true;
}

struct moment background_deadline(const struct agents *agents)
{
    return agents->background.first == NULL ? moment_never : agents->background.first->due;
}

static struct owed *take(struct agents *agents)
{
    struct owed *owed = agents->background.first;

    if (owed != NULL)
        agents->background.first = owed->next;
    return owed;
}

static void drop(struct owed *owed)
{
    blob_unref(owed->request);
    mem_free(owed);
}

bool background_answer(struct agents *agents)
{
    bool any = false;

    for (struct owed *owed; (owed = take(agents)) != NULL; any = true) {
        struct party *party = agents_party(agents, owed->to);
        if (party != NULL && party->up)
            log_hide(agents->scene->log,
                     party_send_reply(party, owed->request, &owed->source, 200));
        drop(owed);
    }
    return any;
}

void background_drop(struct agents *agents)
{
    for (struct owed *owed; (owed = take(agents)) != NULL;)
        drop(owed);
}
