#include "harness/watch/findings.h"

#include "harness/agent/agents.h"
#include "harness/scene/run.h"

struct found { /* the first of its rule and party */
    struct found *next;
    const struct rule_row *rule;
    uint32_t blamed;
    uint64_t seq;
    uint32_t more; /* of the same kind */
    struct view sentence;
    char room[];
};

static bool is_listed(const struct view_list *ids, const struct rule_row *rule)
{
    for (size_t i = 0; ids != NULL && i < ids->count; i++)
        if (rule_is_meant(rule, ids->items[i]))
            return true;
    return false;
}

static bool is_off(const struct scene *scene, const struct rule_row *rule)
{
    return (scene->info != NULL && is_listed(&scene->info->allow, rule)) ||
           is_listed(scene->ignored, rule);
}

/* "dut broke CTI-009c: an ACK has the CSeq number of its INVITE (it has another one)"; nobody
 * breaks a SHOULD. */
static void sentence_write(struct buf *out, const struct agents *agents,
                           const struct finding *finding)
{
    buf_add(out, agents_name(agents, finding->blamed));
    buf_printf(out, " %s %s: %s (%.*s)",
               finding->rule->level == RULE_MUST ? "broke" : "departed from", finding->rule->id,
               finding->rule->demand, VIEW_ARG(finding->sentence));
}

static void trace(struct scene *scene, const struct finding *finding, struct view sentence)
{
    uint64_t evidence[] = {finding->seq, finding->other};
    struct trace_event event = {.time_us = scene_now(scene),
                                .cause = finding->seq,
                                .party = finding->blamed,
                                .kind = TRACE_FINDING};
    event.u.finding.rule = view_of(finding->rule->id);
    event.u.finding.section = view_of(finding->rule->section);
    event.u.finding.sentence = sentence;
    event.u.finding.blamed = finding->blamed;
    event.u.finding.evidence = evidence;
    event.u.finding.evidence_count = finding->other != 0 ? 2 : 1;
    trace_append(scene->trace, &event);
}

static enum err keep(struct observer *observer, const struct finding *finding, struct view sentence)
{
    for (struct found *found = observer->found; found != NULL; found = found->next)
        if (found->rule == finding->rule && found->blamed == finding->blamed) {
            found->more++;
            return ERR_OK;
        }
    struct found *found = mem_alloc(sizeof *found + sentence.len);
    if (found == NULL)
        return ERR_MEMORY;
    *found = (struct found){.rule = finding->rule, .blamed = finding->blamed, .seq = finding->seq};
    memcpy(found->room, sentence.ptr, sentence.len);
    found->sentence = (struct view){found->room, sentence.len};
    *observer->found_last = found;
    observer->found_last = &found->next;
    return ERR_OK;
}

static void take(struct observer *observer, const struct finding *finding)
{
    struct buf sentence = {0};
    sentence_write(&sentence, observer->scene->agents, finding);
    enum err err = sentence.failed;
    if (err == ERR_OK && observer->found_count++ < FOUND_MOST)
        trace(observer->scene, finding, buf_view(&sentence));
    if (err == ERR_OK && finding->rule->level == RULE_SHOULD)
        scene_warn(observer->scene, buf_view(&sentence));
    if (err == ERR_OK && finding->rule->level == RULE_MUST)
        err = keep(observer, finding, buf_view(&sentence));
    if (err != ERR_OK)
        agents_broke(observer->scene->agents, err);
    buf_deinit(&sentence);
}

void findings_take(struct observer *observer)
{
    const struct scene *scene = observer->scene;
    struct finding finding;
    while (observer->monitor != NULL && monitor_next(observer->monitor, &finding))
        if (!is_off(scene, finding.rule) && !told_so(&observer->told, scene->agents, &finding))
            take(observer, &finding);
}

static void record(struct scene *scene, const struct found *found, bool ours)
{
    struct buf sentence = {0}, hint = {0};
    buf_add(&sentence, found->sentence);
    if (found->more > 0)
        buf_printf(&sentence, ", and %u more such", found->more);
    buf_printf(&hint, "%sallow = {\"%s\"} lets it", ours ? "where the scenario means it, " : "",
               found->rule->id);
    scene_record(scene, &(struct failure){.verdict = ours ? VERDICT_ERROR : VERDICT_FAIL,
                                          .sentence = buf_view(&sentence),
                                          .hint = buf_view(&hint),
                                          .section = view_of(found->rule->section),
                                          .message = found->seq,
                                          .mark = view_of(found->rule->id)});
    buf_deinit(&sentence);
    buf_deinit(&hint);
}

void findings_record(struct observer *observer)
{
    struct scene *scene = observer->scene;
    for (const struct found *found = observer->found; found != NULL; found = found->next) {
        const struct party *party = agents_party(scene->agents, found->blamed);
        if (party != NULL) /* strangers: harness/api/endcheck.c */
            record(scene, found,
                   party->kind != PARTY_DEVICE && !told_plays(scene->agents, found->blamed));
    }
}

void findings_drop(struct observer *observer)
{
    while (observer->found != NULL) {
        struct found *next = observer->found->next;
        mem_free(observer->found);
        observer->found = next;
    }
}
