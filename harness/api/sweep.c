#include "harness/api/sweep.h"

#include "harness/api/kinds.h"
#include "harness/api/registration_api.h"
#include "harness/api/watch.h"

/* Little at a time: what is let go of is in the cache still when the next object takes its place.
 */
enum { RECORDS_MIN = 1024, LOG_KEPT = 20000, LOG_SWEPT = 512 };

static bool is_waited_for(const struct inbox *inbox)
{
    return inbox->waiters.first != NULL;
}

/* Legs of one INVITE stay together, to the end. */
static bool call_is_past(lua_State *L, const struct call *call)
{
    return call->state == SIP_CALL_TERMINATED && call->open == 0 && handle_none(call->next_leg) &&
           handle_equal(call->first, call->handle) && !is_waited_for(&call->inbox) &&
           !call->mailed && !handle_held(L, &call_kind, call->handle);
}

static bool request_is_past(lua_State *L, const struct request *request)
{
    return request->done && !request->mailed && !is_waited_for(&request->inbox) &&
           !handle_held(L, &request_kind, request->handle);
}

static bool transaction_is_past(lua_State *L, const struct transaction *tx)
{
    return tx->done && !tx->mailed && !transaction_unanswered(tx) &&
           !handle_held(L, &transaction_kind, tx->handle);
}

/* Those that one SUBSCRIBE made stay together. */
static bool subscription_is_past(lua_State *L, const struct subscription *sub)
{
    return sub->state == SIP_SUB_TERMINATED && handle_none(sub->next_fork) &&
           handle_equal(sub->first, sub->handle) && !is_waited_for(&sub->inbox) &&
           !handle_held(L, &subscription_kind, sub->handle);
}

static bool publication_is_past(lua_State *L, const struct publication *pub)
{
    return pub->state == SIP_PUB_TERMINATED && !is_waited_for(&pub->inbox) &&
           !handle_held(L, &publication_kind, pub->handle);
}

static bool registration_is_past(lua_State *L, const struct registration *registration)
{
    return registration_is_over(registration) && registration->waiters.first == NULL &&
           !handle_held(L, &registration_kind, registration->handle);
}

static void events_sweep(struct agents *agents)
{
    lua_State *L = agents->scene->lua;
    struct subscription *sub;
    struct publication *pub;
    struct registration *registration;
    struct connection *connection;

    for (uint32_t at = 0; (sub = table_next(&agents->subscriptions, &at, NULL)) != NULL;)
        if (subscription_is_past(L, sub))
            subscription_forget(sub);
    for (uint32_t at = 0; (pub = table_next(&agents->publications, &at, NULL)) != NULL;)
        if (publication_is_past(L, pub))
            publication_forget(pub);
    for (uint32_t at = 0; (registration = table_next(&agents->registrations, &at, NULL)) != NULL;)
        if (registration_is_past(L, registration))
            registration_drop(registration);
    for (uint32_t at = 0; (connection = table_next(&agents->connections, &at, NULL)) != NULL;)
        if (connection_is_over(connection) && !handle_held(L, &connection_kind, connection->handle))
            connection_forget(connection);
}

/* What waits in an agent's inbox, or has to be judged yet, keeps its records. */
static void marks_set(struct agents *agents, bool mark)
{
    struct agent *agent;
    struct request *request;
    struct call *call;
    struct transaction *tx;

    for (struct mail *m = agents->refusals.first; m != NULL; m = m->next[MAIL_REFUSALS])
        if ((request = agents_request(agents, m->object)) != NULL)
            request->mailed = mark;
    for (uint32_t at = 0; (agent = table_next(&agents->agents, &at, NULL)) != NULL;)
        for (struct mail *m = NULL;
             (m = inbox_next(&agents->post, &agent->party.inbox, m)) != NULL;) {
            if ((call = agents_call(agents, m->call)) != NULL)
                call->mailed = mark;
            if ((tx = agents_transaction(agents, m->object)) != NULL)
                tx->mailed = mark;
        }
}

static void records_sweep(struct agents *agents)
{
    lua_State *L = agents->scene->lua;
    struct call *call;
    struct request *request;
    struct transaction *tx;

    agents_refusals_sweep(agents);
    marks_set(agents, true);
    for (uint32_t at = 0; (call = table_next(&agents->calls, &at, NULL)) != NULL;)
        if (call_is_past(L, call))
            call_forget(call);
    events_sweep(agents);
    for (uint32_t at = 0; (request = table_next(&agents->requests, &at, NULL)) != NULL;)
        if (request_is_past(L, request))
            request_destroy(request);
    for (uint32_t at = 0; (tx = table_next(&agents->transactions, &at, NULL)) != NULL;)
        if (transaction_is_past(L, tx))
            transaction_destroy(tx);
    marks_set(agents, false);
}

/* The first entry that a flow may go back to. */
static size_t log_needed(const struct agents *agents, size_t count)
{
    size_t needed = count;

    for (const struct watch *watch = agents->watches->first; watch != NULL; watch = watch->next)
        if (watch->last != NULL && watch->next_index < needed)
            needed = watch->next_index;
    for (const struct mark *mark = agents->watches->marks; mark != NULL; mark = mark->next)
        if (mark->index < needed)
            needed = mark->index;
    return needed;
}

static void log_sweep(struct agents *agents)
{
    struct log *log = agents->scene->log;
    size_t count = log_count(log);
    size_t needed = log_needed(agents, count);
    size_t before = count - LOG_KEPT;

    if (before > needed)
        before = needed;
    if (before > log_first(log))
        log_forget(log, before);
}

static uint32_t records_live(const struct agents *agents)
{
    return agents->calls.live + agents->requests.live + agents->transactions.live +
           agents->subscriptions.live + agents->publications.live + agents->registrations.live +
           agents->connections.live;
}

void sweep_due(struct scene *scene)
{
    struct agents *agents = scene->agents;
    uint32_t live = records_live(agents);

    if (live >= RECORDS_MIN && live >= agents->sweep_at) {
        records_sweep(agents);
        agents->sweep_at = records_live(agents) * 2;
    }
    if (log_count(scene->log) - log_first(scene->log) > LOG_KEPT + LOG_SWEPT)
        log_sweep(agents);
}
