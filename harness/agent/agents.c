#include "harness/agent/agents.h"
#include "harness/agent/background.h"
#include "harness/agent/canned.h"
#include "harness/agent/device.h"
#include "harness/agent/wire_leg.h"

#include <stdio.h>
#include <string.h>

enum err agents_create(struct scene *scene, struct agents **out)
{
    struct agents *agents = mem_zalloc(sizeof *agents);

    if (agents == NULL)
        return ERR_MEMORY;
    agents->scene = scene;
    agents->refusals.list = MAIL_REFUSALS;
    agents->tidy.news = true;
    agents->ids = rng_stream(rng_stream(scene->rng, V("ids")), V("script"));
    *out = agents;
    return ERR_OK;
}

static void parties_destroy(struct agents *agents)
{
    struct agent *agent;
    struct wire *wire;
    struct device *device;

    for (uint32_t at = 0; (wire = table_next(&agents->wires, &at, NULL)) != NULL;) {
        inbox_pass(&agents->post, &wire->party.inbox, NULL);
        party_insecure(&wire->party);
        wire_destroy(wire);
    }
    for (uint32_t at = 0; (device = table_next(&agents->devices, &at, NULL)) != NULL;)
        mem_free(device);
    for (uint32_t at = 0; (agent = table_next(&agents->agents, &at, NULL)) != NULL;) {
        inbox_pass(&agents->post, &agent->party.inbox, NULL);
        party_insecure(&agent->party);
        agent_destroy(agent);
    }
}

void agents_destroy(struct agents *agents)
{
    struct call *call;
    struct request *request;
    struct registration *registration;
    struct transaction *tx;
    struct subscription *sub;
    struct publication *pub;
    struct connection *connection;

    if (agents == NULL)
        return;
    inbox_pass(&agents->post, &agents->refusals, NULL);
    canned_clear(agents);
    wire_legs_drop(agents);
    background_drop(agents);
    for (uint32_t at = 0; (request = table_next(&agents->requests, &at, NULL)) != NULL;)
        request_destroy(request);
    for (uint32_t at = 0; (registration = table_next(&agents->registrations, &at, NULL)) != NULL;)
        registration_forget(registration);
    for (uint32_t at = 0; (tx = table_next(&agents->transactions, &at, NULL)) != NULL;)
        transaction_destroy(tx);
    for (uint32_t at = 0; (call = table_next(&agents->calls, &at, NULL)) != NULL;)
        call_forget(call);
    for (uint32_t at = 0; (sub = table_next(&agents->subscriptions, &at, NULL)) != NULL;)
        subscription_forget(sub);
    for (uint32_t at = 0; (pub = table_next(&agents->publications, &at, NULL)) != NULL;)
        publication_forget(pub);
    for (uint32_t at = 0; (connection = table_next(&agents->connections, &at, NULL)) != NULL;)
        connection_forget(connection);
    parties_destroy(agents);
    blob_unref(agents->arrival.bytes);
    post_deinit(&agents->post);
    security_deinit(&agents->security);
    table_deinit(&agents->agents);
    table_deinit(&agents->wires);
    table_deinit(&agents->devices);
    table_deinit(&agents->calls);
    table_deinit(&agents->requests);
    table_deinit(&agents->registrations);
    table_deinit(&agents->transactions);
    table_deinit(&agents->subscriptions);
    table_deinit(&agents->publications);
    table_deinit(&agents->connections);
    heap_deinit(&agents->timers);
    map_deinit(&agents->tags);
    mem_free(agents->parties);
    arena_deinit(&agents->arena);
    mem_free(agents);
}

enum err agents_party_add(struct agents *agents, struct party *party)
{
    if (party->number >= agents->party_size) {
        uint32_t size = (party->number + 8) * 2;
        struct party **more = mem_realloc(agents->parties, size * sizeof *more);
        if (more == NULL)
            return ERR_MEMORY;
        memset(more + agents->party_size, 0, (size - agents->party_size) * sizeof *more);
        agents->parties = more;
        agents->party_size = size;
    }
    agents->parties[party->number] = party;
    return ERR_OK;
}

struct party *agents_party(const struct agents *agents, uint32_t number)
{
    return number < agents->party_size ? agents->parties[number] : NULL;
}

struct party *agents_named(const struct agents *agents, struct view name)
{
    for (uint32_t i = 0; i < agents->party_size; i++)
        if (agents->parties[i] != NULL && view_equal(agents->parties[i]->name, name))
            return agents->parties[i];
    return NULL;
}

struct view agents_name(const struct agents *agents, uint32_t number)
{
    return world_party_name(agents->scene->world, number);
}

struct call *agents_call(const struct agents *agents, struct handle handle)
{
    return table_find(&agents->calls, handle);
}

struct request *agents_request(const struct agents *agents, struct handle handle)
{
    return table_find(&agents->requests, handle);
}

struct subscription *agents_subscription(const struct agents *agents, struct handle handle)
{
    return table_find(&agents->subscriptions, handle);
}

struct transaction *agents_transaction(const struct agents *agents, struct handle handle)
{
    return table_find(&agents->transactions, handle);
}

void agents_broke(struct agents *agents, enum err err)
{
    char sentence[120];

    if (agents->broken)
        return;
    agents->broken = true;
    int len = snprintf(sentence, sizeof sentence,
                       "the harness cannot keep up with the messages: %s", err_text(err));
    scene_record(agents->scene, &(struct failure){
                                    .verdict = VERDICT_ERROR, .sentence = {sentence, (size_t)len}
    });
}

struct mail *agents_mail(struct agents *agents, struct blob *bytes)
{
    const struct arrival *arrival = &agents->arrival;
    struct mail *mail = mail_create(&agents->post, bytes);

    if (mail == NULL) {
        agents_broke(agents, ERR_MEMORY);
        return NULL;
    }
    mail->seq = arrival->seq;
    mail->time_us = scene_now(agents->scene);
    if (bytes != NULL && bytes == arrival->bytes) {
        mail->arrived = true;
        mail->from = arrival->from;
        mail->passage = arrival->passage;
        mail->time_us = arrival->time_us;
    }
    return mail;
}

/* The map remembers the tag's number; the rest of it follows from that. */
void agents_tag_write(struct agents *agents, struct view maker, uint64_t key, struct buf *buf)
{
    struct handle name = {(uint32_t)key, (uint32_t)(key >> 32) | 1};
    uint32_t number = map_get(&agents->tags, name).index;

    if (number == 0) {
        number = (uint32_t)++agents->id_count;
        if (map_put(&agents->tags, name, (struct handle){number, 1}) != ERR_OK)
            agents_broke(agents, ERR_MEMORY);
    }
    buf_add(buf, maker);
    buf_printf(buf, "-%u-%08x", number,
               (unsigned)(rng_at(agents->ids, maker, number) & 0xffffffff));
}

void agents_id_write(struct agents *agents, struct view maker, struct buf *buf)
{
    bool in_hook = agents->draw_key != 0;
    uint64_t count = in_hook ? ++agents->draw_count : ++agents->id_count;
    struct rng ids = {agents->ids.seed ^ (in_hook ? rng_mix(agents->draw_key) : 0)};

    buf_add(buf, maker);
    buf_printf(buf, "-%llu-%08x", (unsigned long long)count,
               (unsigned)(rng_at(ids, maker, count) & 0xffffffff));
}
