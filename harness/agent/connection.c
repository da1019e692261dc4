#include "harness/agent/connection.h"

#include "harness/agent/agents.h"

enum { UNTAKEN_KEPT = 10000 };

static struct connection *find(const struct wire *wire, struct handle flow)
{
    return table_find(&wire->party.agents->connections, map_get(&wire->connections, flow));
}

static struct connection *make(struct wire *wire, struct handle flow)
{
    struct agents *agents = wire->party.agents;
    struct connection *connection = mem_zalloc(sizeof *connection);

    if (connection == NULL)
        return NULL;
    if (table_add(&agents->connections, connection, &connection->handle) != ERR_OK) {
        mem_free(connection);
        return NULL;
    }
    connection->wire = wire;
    if (map_put(&wire->connections, flow, connection->handle) != ERR_OK)
        return NULL; /* the table lets go of it in the end */
    connection->number = ++agents->connection_count;
    connection->flow = flow;
    return wire->newest = connection;
}

enum err connection_open(struct wire *wire, const struct addr *remote, struct view domain,
                         struct connection **out)
{
    struct agents *agents = wire->party.agents;
    struct scene *scene = agents->scene;
    struct flows *flows = world_flows(scene->world, wire->party.number);
    struct handle flow;

    if (flows == NULL || !proto_reliable(wire->party.proto))
        return ERR_STATE;
    enum err err = flows_open(flows, scene_now(scene), wire->party.proto, &wire->party.local,
                              remote, domain, &flow);
    if (err != ERR_OK)
        return err;
    world_flows_run(scene->world, wire->party.number);
    *out = find(wire, flow);
    return *out == NULL ? ERR_MEMORY : ERR_OK;
}

void connection_forget(struct connection *connection)
{
    struct wire *wire = connection->wire;

    map_remove(&wire->connections, connection->flow);
    table_remove(&wire->party.agents->connections, connection->handle);
    arena_deinit(&connection->arena);
    mem_free(connection);
}

/* Those that nobody has asked for wait to be asked for; of very many the oldest do no more. */
bool connection_is_over(const struct connection *connection)
{
    const struct wire *wire = connection->wire;
    uint64_t younger = wire->party.agents->connection_count - connection->number;

    return connection->gone && wire->newest != connection &&
           (connection->ours || connection->taken || younger >= UNTAKEN_KEPT);
}

static struct view keep(struct connection *connection, struct view text)
{
    return text.ptr == NULL ? text : arena_copy(&connection->arena, text);
}

/* Of TLS, as far as it has come; the filter is there as long as the flow is. */
static void tls_update(struct connection *connection, const struct flow_news *news)
{
    struct agents *agents = connection->wire->party.agents;
    struct flows *flows = world_flows(agents->scene->world, connection->wire->party.number);
    struct connection_tls *tls = &connection->tls;
    struct flow_info flow;
    struct tls_info info;

    if (news->error != NET_OK && news->why.len > 0 && tls->error.ptr == NULL)
        tls->error = keep(connection, news->why);
    if (flows == NULL || flows_info(flows, news->flow, &flow) != ERR_OK || flow.filter_count == 0)
        return;
    tls_filter_info(flow.filters[0], &info); /* the lowest one */
    if (tls->version.ptr == NULL)
        tls->version = keep(connection, info.version);
    if (tls->cipher.ptr == NULL)
        tls->cipher = keep(connection, info.cipher);
    if (tls->sni.ptr == NULL)
        tls->sni = keep(connection, info.sni);
    if (tls->peer.ptr == NULL)
        tls->peer = keep(connection, info.peer);
}

static void update(struct connection *connection, const struct flow_news *news)
{
    connection->proto = news->proto;
    connection->remote = news->remote;
    connection->got = news->end;
    connection->peer = news->peer;
    if (proto_secure(news->proto))
        tls_update(connection, news);
    if (news->kind == FLOW_ENDED) {
        connection->ended = true;
        return;
    }
    connection->ours |= news->to == FLOW_OPENING;
    connection->open |= news->to == FLOW_OPEN;
    connection->alerted |= news->alerted;
    if (news->to != FLOW_GONE && news->error == NET_OK)
        return;
    connection->gone |= news->to == FLOW_GONE;
    if (connection->error == NET_OK)
        connection->error = news->error;
}

/* Of one end where both are ours: they are the same. */
static void keys_trace(struct agents *agents, uint32_t number, const struct flow_news *news)
{
    struct scene *scene = agents->scene;
    struct flows *flows = world_flows(scene->world, number);
    struct flow_info flow;
    struct tls_info info;

    if (news->kind != FLOW_MOVED || news->to != FLOW_OPEN || !proto_secure(news->proto) ||
        flows == NULL || flows_info(flows, news->flow, &flow) != ERR_OK || flow.filter_count == 0 ||
        !(flow.ours || news->peer == 0))
        return;
    tls_filter_info(flow.filters[0], &info);
    struct trace_event event = {
        .time_us = scene_now(scene), .kind = TRACE_KEYS, .party = number, .object = news->flow};
    event.u.note.name = V("keys");
    event.u.note.text = info.keys;
    trace_append(scene->trace, &event);
}

/* A device that shook hands has spoken, though no message came of it: a test of certificates needs
 * no more. What a filter of ours refuses came from there as well. */
static void device_listen(struct agents *agents, const struct flow_news *news)
{
    struct scene *scene = agents->scene;
    bool shook = proto_secure(news->proto) && news->kind == FLOW_MOVED &&
                 (news->to == FLOW_OPEN || news->alerted ||
                  (news->to == FLOW_CLOSING && news->error == NET_HANDSHAKE));
    const struct party *peer =
        shook ? agents_party(agents, world_party_at(scene->world, &news->remote)) : NULL;

    if (peer != NULL && peer->kind == PARTY_DEVICE && view_equal(peer->name, V("dut")))
        scene->device_heard = true;
}

void agents_flow(struct agents *agents, uint32_t number, const struct flow_news *news)
{
    struct party *party = agents_party(agents, number);

    keys_trace(agents, number, news);
    device_listen(agents, news);
    if (party == NULL || party->kind != PARTY_WIRE)
        return;
    struct wire *wire = (struct wire *)party;
    struct connection *connection = find(wire, news->flow);
    if (connection == NULL)
        connection = make(wire, news->flow);
    if (connection == NULL) {
        agents_broke(agents, ERR_MEMORY);
        return;
    }
    update(connection, news);
    sched_wake(agents->scene->sched, &party->inbox.waiters);
}

/* Tables reuse their places: the number says which one is older. */
struct connection *connection_untaken(struct wire *wire)
{
    struct agents *agents = wire->party.agents;
    struct connection *connection, *first = NULL;

    for (uint32_t at = 0; (connection = table_next(&agents->connections, &at, NULL)) != NULL;)
        if (connection->wire == wire && !connection->ours && !connection->taken &&
            (connection->open || connection->gone) &&
            (first == NULL || connection->number < first->number))
            first = connection;
    return first;
}

const char *connection_end(const struct connection *connection)
{
    if (connection->alerted)
        return "alert";
    if (connection->ended)
        return "fin";
    if (!connection->gone)
        return NULL;
    if (connection->error == NET_OK || connection->error == NET_EOF)
        return "fin";
    return net_error_text(connection->error);
}
