#include "harness/watch/findings.h"

#include "harness/agent/agents.h"
#include "harness/scene/run.h"

static bool is_allowed(const struct scene *scene, const struct rule_row *rule)
{
    const struct scenario_info *info = scene->info;
    for (size_t i = 0; info != NULL && i < info->allow.count; i++)
        if (view_equal(info->allow.items[i], view_of(rule->id)))
            return true;
    return false;
}

/* "dut: an ACK has the CSeq number of its INVITE: it has another one" */
static void sentence_write(struct buf *out, const struct agents *agents,
                           const struct finding *finding)
{
    buf_add(out, agents_name(agents, finding->blamed));
    buf_add(out, V(": "));
    buf_add(out, view_of(finding->rule->demand));
    buf_add(out, V(": "));
    buf_add(out, finding->sentence);
}

static void trace(struct scene *scene, const struct finding *finding)
{
    struct buf sentence = {0};
    uint64_t evidence[] = {finding->seq, finding->other};
    struct trace_event event = {.time_us = scene_now(scene),
                                .cause = finding->seq,
                                .party = finding->blamed,
                                .kind = TRACE_FINDING};
    sentence_write(&sentence, scene->agents, finding);
    event.u.finding.rule = view_of(finding->rule->id);
    event.u.finding.section = view_of(finding->rule->section);
    event.u.finding.sentence = buf_view(&sentence);
    event.u.finding.blamed = finding->blamed;
    event.u.finding.evidence = evidence;
    event.u.finding.evidence_count = finding->other != 0 ? 2 : 1;
    trace_append(scene->trace, &event);
    buf_deinit(&sentence);
}

void findings_take(struct observer *observer)
{
    struct scene *scene = observer->scene;
    struct finding finding;
    while (observer->monitor != NULL && monitor_next(observer->monitor, &finding)) {
        if (is_allowed(scene, finding.rule) || told_so(&observer->told, scene->agents, &finding))
            continue;
        if (observer->found_count++ < FOUND_MOST)
            trace(scene, &finding);
    }
}
