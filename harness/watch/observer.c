#include "harness/watch/observer.h"

#include "harness/agent/agents.h"
#include "harness/watch/findings.h"

enum { RECORDS_MOST = 512 }; /* of a load the newest are followed */

enum err observer_create(struct scene *scene, struct observer **out)
{
    struct observer *observer = mem_zalloc(sizeof *observer);
    if (observer == NULL)
        return ERR_MEMORY;
    observer->scene = scene;
    observer->found_last = &observer->found;
    *out = observer;
    return ERR_OK;
}

void observer_destroy(struct observer *observer)
{
    if (observer == NULL)
        return;
    monitor_destroy(observer->monitor);
    findings_drop(observer);
    sample_deinit(&observer->sample);
    told_deinit(&observer->told);
    mem_free(observer);
}

/* Of all agents: what is too early for one of them is so for each. */
static uint64_t least_t1_us(const struct agents *agents)
{
    const struct agent *agent;
    uint64_t least_us = sip_timers_default.t1_us;
    for (uint32_t at = 0; (agent = table_next(&agents->agents, &at, NULL)) != NULL;) {
        uint64_t t1_us = agent->stack.timers.t1_us;
        least_us = t1_us != 0 && t1_us < least_us ? t1_us : least_us;
    }
    return least_us;
}

static enum err monitor_ready(struct observer *observer)
{
    const struct agents *agents = observer->scene->agents;
    struct monitor_options options = {.record_limit = RECORDS_MOST,
                                      .slack_us = observer->scene->clock.tolerance_us};
    enum err err =
        observer->monitor != NULL ? ERR_OK : monitor_create(&options, &observer->monitor);
    if (err == ERR_OK && observer->agent_count != agents->agents.live) {
        observer->agent_count = agents->agents.live;
        monitor_timers(observer->monitor, least_t1_us(agents));
    }
    return err;
}

static bool is_ours(const struct observer *observer, uint32_t number)
{
    const struct party *party = agents_party(observer->scene->agents, number);
    return party != NULL && party->kind != PARTY_DEVICE;
}

static bool was_copied(const struct observer *observer, uint64_t seq)
{
    for (uint32_t i = 0; i < COPIED_KEPT; i++)
        if (seq != 0 && observer->copied[i] == seq)
            return true;
    return false;
}

/* A message of ours is sent in its OUT event and given in its IN. A device's is there when it
 * comes; and whether what we sent to a device has come nobody here can tell. */
static void place(struct observer *observer, const struct trace_event *event, struct seen *seen)
{
    const struct trace_wire *wire = &event->u.wire;
    bool foreign = wire->was_out == 0 && !is_ours(observer, wire->from);
    bool swallowed = wire->fate == FATE_SWALLOWED; /* of a device: what it says besides */
    bool arrived = wire->side == SIDE_IN && !swallowed;
    bool lost = wire->side == SIDE_SEEN && wire->fate == FATE_LOST;
    if (wire->side == SIDE_OUT) {
        seen->sent = !swallowed;
        seen->unsure = !is_ours(observer, wire->to);
        seen->given = seen->sent && seen->unsure;
        seen->time_us -= event->late_us; /* when it was to be sent: our lateness is no fault */
    } else {
        bool first = (arrived || lost) && !was_copied(observer, event->cause);
        seen->sent = foreign && first;
        seen->foreign = foreign;
        seen->given = arrived;
    }
}

static enum err judge(struct observer *observer, const struct trace_event *event,
                      struct sip_msg *msg)
{
    const struct trace_wire *wire = &event->u.wire;
    struct seen seen = {.seq = wire->was_out != 0 ? wire->was_out : event->seq,
                        .time_us = event->time_us,
                        .from = wire->from,
                        .to = wire->to,
                        .source = wire->source,
                        .target = wire->target,
                        .proto = wire->proto,
                        .intended = told_intended(observer->scene->agents, wire),
                        .msg = msg};
    place(observer, event, &seen);
    if (!seen.sent && !seen.given)
        return ERR_OK;
    enum err err = monitor_ready(observer);
    if (err == ERR_OK)
        err = monitor_see(observer->monitor, &seen);
    findings_take(observer);
    return err;
}

void observer_seen(struct observer *observer, const struct trace_event *event,
                   const struct blob *bytes, struct sip_msg *msg)
{
    const struct trace_wire *wire = &event->u.wire;
    bool judged = false;
    if (observer->over || msg == NULL)
        return;
    enum err err = sample_asks(&observer->sample, view_hash(wire->call_id), &judged);
    observer->scene->judged.passed_over += !judged && wire->side == SIDE_OUT;
    if (err == ERR_OK && judged)
        err = told_note(&observer->told, observer->scene->agents, event, bytes, msg);
    if (wire->side == SIDE_SEEN && wire->fate == FATE_COPIED && wire->was_out == 0)
        observer->copied[observer->copied_count++ % COPIED_KEPT] = event->seq;
    if (err == ERR_OK && judged)
        err = judge(observer, event, msg);
    if (err != ERR_OK)
        agents_broke(observer->scene->agents, err);
}

void observer_flow(struct observer *observer, uint32_t party, const struct flow_news *news)
{
    enum err err = told_flow(&observer->told, party, news);
    if (err != ERR_OK)
        agents_broke(observer->scene->agents, err);
}

void observer_settled(struct observer *observer)
{
    if (observer->monitor == NULL || observer->over)
        return;
    monitor_end(observer->monitor, scene_now(observer->scene));
    findings_take(observer);
}

void observer_end(struct observer *observer)
{
    struct monitor_counts counts = {0};
    observer->over = true;
    if (observer->monitor != NULL)
        monitor_counts(observer->monitor, &counts);
    observer->scene->judged.messages = counts.messages;
    observer->scene->judged.not_judged = counts.not_judged;
    findings_record(observer);
}
