#include "harness/agent/agents.h"

struct publication *publication_of(const struct agent *agent, struct handle stack)
{
    return table_find(&agent->party.agents->publications, map_get(&agent->publications, stack));
}

static struct publication *record(struct agent *agent, struct handle stack)
{
    struct agents *agents = agent->party.agents;
    struct publication *pub = mem_zalloc(sizeof *pub);

    if (pub == NULL)
        return NULL;
    pub->agent = agent;
    pub->stack = stack;
    pub->until_us = NEVER;
    pub->reached[SIP_PUB_PENDING] = agents->arrival.seq + 1;
    if (table_add(&agents->publications, pub, &pub->handle) != ERR_OK) {
        mem_free(pub);
        return NULL;
    }
    if (map_put(&agent->publications, stack, pub->handle) == ERR_OK)
        return pub;
    publication_forget(pub);
    return NULL;
}

void publication_forget(struct publication *pub)
{
    struct agents *agents = pub->agent->party.agents;

    inbox_pass(&agents->post, &pub->inbox, NULL);
    map_remove(&pub->agent->publications, pub->stack);
    table_remove(&agents->publications, pub->handle);
    blob_unref(pub->etag);
    mem_free(pub);
}

static struct request *request_made(struct publication *pub, struct handle stack)
{
    agent_touch(pub->agent);
    struct request *request = request_create(pub->agent, SIP_PUBLISH, stack);
    if (request == NULL)
        return NULL;
    request->publication = pub->handle;
    request->peer = pub->peer;
    request->script = true;
    return request;
}

enum err publication_begin(struct agent *agent, const struct sip_publish_options *options,
                           struct publication **out)
{
    struct sip_stack *stack = agent_stack(agent);
    struct sip_publish_options routed = *options;
    struct handle request_handle, handle;

    if (stack == NULL)
        return ERR_STATE;
    if (agent_routed(agent))
        routed.request.remote = (struct addr){0};
    enum err err = sip_publish(stack, scene_now(agent->party.agents->scene), &routed,
                               &request_handle, &handle);
    if (err != ERR_OK)
        return err;
    struct publication *pub = record(agent, handle);
    struct request *request = pub == NULL ? NULL : request_made(pub, request_handle);
    if (request == NULL)
        return ERR_MEMORY;
    pub->request = request->handle;
    pub->expires_s = options->expires_s;
    *out = pub;
    return ERR_OK;
}

enum err publication_again(struct publication *pub, uint32_t expires_s,
                           const struct sip_request_options *extra, struct request **out)
{
    struct sip_stack *stack = agent_stack(pub->agent);
    struct handle handle;

    if (stack == NULL)
        return ERR_STATE;
    enum err err = sip_publish_again(stack, scene_now(pub->agent->party.agents->scene), pub->stack,
                                     expires_s, extra, &handle);
    if (err != ERR_OK)
        return err;
    *out = request_made(pub, handle);
    return *out == NULL ? ERR_MEMORY : ERR_OK;
}

static void note(struct publication *pub)
{
    struct sip_stack *stack = agent_stack(pub->agent);
    struct sip_pub_info info;

    if (stack == NULL || sip_pub_info(stack, pub->stack, &info) != ERR_OK)
        return;
    pub->until_us = info.until_us;
    pub->ended = (uint8_t)info.ended;
    pub->ended_status = info.ended_status;
    if (info.etag.ptr == NULL || (pub->etag != NULL && view_equal(blob_view(pub->etag), info.etag)))
        return;
    blob_unref(pub->etag);
    if ((pub->etag = blob_create(info.etag)) == NULL)
        agents_broke(pub->agent->party.agents, ERR_MEMORY);
}

static void moved(struct publication *pub, enum sip_pub_state state)
{
    struct agents *agents = pub->agent->party.agents;

    if (state <= pub->state)
        return;
    pub->reached[state] = agents->arrival.seq + 1;
    pub->state = (uint8_t)state;
    sched_wake(agents->scene->sched, &pub->inbox.waiters);
}

void publication_told(struct agent *agent, const struct tell *tell)
{
    struct publication *pub = publication_of(agent, tell->pub);

    if (pub == NULL)
        return;
    note(pub);
    moved(pub, (enum sip_pub_state)tell->state);
}

void publication_answered(struct agent *agent, const struct tell *tell)
{
    struct publication *pub = publication_of(agent, tell->pub);

    if (pub != NULL && pub->state != SIP_PUB_TERMINATED)
        note(pub);
}

void publication_lost(struct publication *pub)
{
    moved(pub, SIP_PUB_TERMINATED);
}

const char *publication_ended_word(const struct publication *pub)
{
    static const char *const words[] = {NULL, "removed", "rejected", "lost", "expired"};

    return words[pub->ended];
}

bool publication_tidy(struct publication *pub)
{
    struct request *request;

    if (pub->state != SIP_PUB_ACTIVE || !pub->agent->party.up)
        return false;
    if (pub->tidied)
        return true;
    pub->tidied = true;
    if (publication_again(pub, 0, NULL, &request) != ERR_OK)
        return false;
    request->script = false;
    return true;
}
