#include "harness/monitor/inside.h"

#include <stdarg.h>

enum {
    SLACK_US = 1000,
    SET_BACK_US = 60000000,
    CAPTURED_CALLS_MOST = 32768,
    RECORDS_DEFAULT = 1000000,
    SENTENCE_MOST = 400
};

enum err monitor_create(const struct monitor_options *options, struct monitor **out)
{
    struct monitor *monitor = mem_zalloc(sizeof *monitor);
    if (monitor == NULL)
        return ERR_MEMORY;
    if (options != NULL)
        monitor->options = *options;
    struct monitor_options *o = &monitor->options;
    o->slack_us = o->slack_us != 0 ? o->slack_us : SLACK_US;
    o->t1_us = o->t1_us != 0 ? o->t1_us : 500 * US_PER_MS;
    o->t2_us = o->t2_us != 0 ? o->t2_us : 4 * US_PER_S;
    o->record_limit = o->record_limit != 0 ? o->record_limit : RECORDS_DEFAULT;
    monitor->last = &monitor->first;
    exchange_ages_init(&monitor->exchange_ages);
    talk_ages_init(&monitor->talk_ages);
    *out = monitor;
    return ERR_OK;
}

void monitor_timers(struct monitor *monitor, uint64_t t1_us)
{
    monitor->options.t1_us = t1_us;
}

/* The oldest one. */
static void remembered_drop(struct remembered **all)
{
    struct remembered *one = *all;
    HASH_DEL(*all, one);
    mem_free(one);
}

static void remembered_clear(struct remembered **all)
{
    while (*all != NULL)
        remembered_drop(all);
}

void monitor_destroy(struct monitor *monitor)
{
    struct finding finding;
    if (monitor == NULL)
        return;
    while (monitor_next(monitor, &finding))
        continue;
    exchanges_drop(monitor, 0);
    talks_drop(monitor);
    remembered_clear(&monitor->call_ids);
    remembered_clear(&monitor->registers);
    remembered_clear(&monitor->nonces);
    remembered_clear(&monitor->servers);
    remembered_clear(&monitor->branches);
    remembered_clear(&monitor->subscriptions);
    while (monitor_next(monitor, &finding))
        continue;
    mem_free(monitor);
}

struct remembered *remember(struct monitor *monitor, struct remembered **all, uint64_t key,
                            bool *out_new)
{
    struct remembered *one;
    HASH_FIND(hh, *all, &key, sizeof key, one);
    *out_new = one == NULL;
    if (one != NULL)
        return one;
    /* A capture may have no end: what is asked of a Call-ID there concerns calls that go on. */
    bool calls = all == &monitor->call_ids && monitor->options.capture;
    uint32_t most = monitor->options.record_limit;
    if (HASH_COUNT(*all) >= (calls && most > CAPTURED_CALLS_MOST ? CAPTURED_CALLS_MOST : most))
        remembered_drop(all);
    one = mem_zalloc(sizeof *one);
    if (one != NULL) {
        one->key = key;
        HASH_ADD(hh, *all, key, sizeof one->key, one);
    }
    if (one == NULL || one->lost) {
        mem_free(one);
        monitor->failure = ERR_MEMORY;
        return NULL;
    }
    return one;
}

static void finding_keep(struct monitor *monitor, const struct finding *finding,
                         struct view sentence, struct view call_id)
{
    struct kept_finding *kept = mem_alloc(sizeof *kept + sentence.len + call_id.len);
    if (kept == NULL) {
        monitor->failure = ERR_MEMORY;
        return;
    }
    *kept = (struct kept_finding){.finding = *finding};
    sip_msg_ref(kept->finding.msg);
    memcpy(kept->room, sentence.ptr, sentence.len);
    kept->finding.sentence = (struct view){kept->room, sentence.len};
    if (call_id.len > 0)
        memcpy(kept->room + sentence.len, call_id.ptr, call_id.len);
    kept->finding.call_id = (struct view){kept->room + sentence.len, call_id.len};
    *monitor->last = kept;
    monitor->last = &kept->next;
    monitor->counts.findings++;
    monitor->counts.must += finding->rule->level == RULE_MUST;
    monitor->counts.should += finding->rule->level == RULE_SHOULD;
}

static struct view worded(char *room, const char *format, va_list args)
{
    int len = vsnprintf(room, SENTENCE_MOST, format, args);
    return (struct view){room, len < SENTENCE_MOST ? (size_t)len : SENTENCE_MOST - 1};
}

void blame_row(const struct matter *matter, const struct rule_row *row, uint64_t other,
               uint32_t offset, struct view sentence)
{
    const struct seen *seen = matter->seen;
    if (seen->intended)
        return;
    struct finding finding = {.rule = row,
                              .blamed = seen->from,
                              .address = seen->source,
                              .seq = seen->seq,
                              .other = other,
                              .time_us = seen->time_us,
                              .offset = offset,
                              .msg = seen->msg};
    finding_keep(matter->monitor, &finding, sentence, sip_msg_call_id(seen->msg));
}

bool is_original(const struct matter *matter)
{
    return sip_msg_count(matter->msg, SIP_HEADER_VIA) == 1;
}

void blame(const struct matter *matter, enum rule rule, uint64_t other, const char *format, ...)
{
    char room[SENTENCE_MOST];
    va_list args;
    va_start(args, format);
    struct view sentence = worded(room, format, args);
    va_end(args);
    blame_row(matter, rule_of(rule), other, 0, sentence);
}

void blame_party(struct monitor *monitor, enum rule rule, const struct addr *address,
                 uint32_t party, const struct sight *sight, const char *format, ...)
{
    char room[SENTENCE_MOST];
    va_list args;
    va_start(args, format);
    struct view sentence = worded(room, format, args);
    va_end(args);
    struct finding finding = {.rule = rule_of(rule),
                              .blamed = party,
                              .address = *address,
                              .seq = sight->seq,
                              .time_us = sight->time_us,
                              .msg = sight->msg};
    finding_keep(monitor, &finding, sentence, sip_msg_call_id(sight->msg));
}

void not_judged(const struct matter *matter)
{
    matter->monitor->counts.not_judged++;
}

bool monitor_next(struct monitor *monitor, struct finding *out)
{
    if (monitor->given != NULL)
        sip_msg_unref(monitor->given->finding.msg);
    mem_free(monitor->given);
    monitor->given = monitor->first;
    if (monitor->given == NULL)
        return false;
    monitor->first = monitor->given->next;
    if (monitor->first == NULL)
        monitor->last = &monitor->first;
    *out = monitor->given->finding;
    return true;
}

void monitor_counts(const struct monitor *monitor, struct monitor_counts *out)
{
    *out = monitor->counts;
}

static bool same_bytes(const struct sight *sight, const struct seen *seen)
{
    struct blob *bytes = sight->msg != NULL ? sip_msg_blob(sight->msg) : sight->packed;
    return bytes != NULL && view_equal(blob_view(bytes), blob_view(sip_msg_blob(seen->msg)));
}

/* Is this a further transmission of what was seen before? */
static bool is_copy(const struct exchange *exchange, const struct seen *seen, bool made)
{
    if (exchange == NULL || made)
        return false;
    if (sip_msg_is_request(seen->msg))
        return true;
    return same_bytes(&exchange->provisional, seen) || same_bytes(&exchange->reliable, seen) ||
           same_bytes(&exchange->final, seen);
}

static void judge(const struct matter *matter)
{
    judge_form(matter);
    if (sip_msg_fatal(matter->msg) != NULL)
        return; /* what it means cannot be known */
    if (sip_msg_is_request(matter->msg)) {
        judge_request(matter);
        judge_ack(matter);
        judge_cancel(matter);
    } else {
        judge_response(matter);
        judge_echo(matter);
    }
    judge_dialog(matter);
    judge_offer(matter);
    judge_reliable(matter);
    judge_credentials(matter);
    judge_events(matter);
}

/* Taps may be out of order by a little; a clock may be set back by much. */
static void clock_advance(struct monitor *monitor, uint64_t now_us)
{
    if (now_us > monitor->newest_us && monitor->newest_us != 0)
        monitor->elapsed_us += now_us - monitor->newest_us;
    if (now_us > monitor->newest_us || time_after(now_us, SET_BACK_US) < monitor->newest_us)
        monitor->newest_us = now_us;
}

enum err monitor_see(struct monitor *monitor, const struct seen *seen)
{
    bool made;
    struct matter matter = {.monitor = monitor, .seen = seen, .msg = seen->msg};
    monitor->failure = ERR_OK;
    clock_advance(monitor, seen->time_us);
    matter.exchange = exchange_of(monitor, seen, &made);
    if (seen->sent) {
        monitor->counts.messages++;
        call_learn(monitor, seen);
        bool copy = is_copy(matter.exchange, seen, made);
        if (matter.exchange != NULL)
            matter.exchange->answers += sip_msg_status(seen->msg) >= 200;
        matter.talk = talk_of(monitor, seen, false, &matter.side);
        if (copy) {
            if (sip_msg_is_request(seen->msg) && !same_bytes(&matter.exchange->request, seen))
                matter.exchange->muddled = true;
            judge_copy(&matter);
            copy_learn(&matter);
        } else {
            judge(&matter);
            sent_learn(&matter);
        }
    }
    if (seen->given)
        given_learn(monitor, matter.exchange, seen);
    exchange_keys_forget(monitor);
    exchanges_sweep(monitor, seen->time_us);
    if (!sip_msg_is_whole(seen->msg))
        monitor->failure = ERR_MEMORY; /* what seemed to be missing may be there */
    return monitor->failure;
}

void monitor_end(struct monitor *monitor, uint64_t now_us)
{
    exchanges_drop(monitor, now_us);
    talks_drop(monitor);
}
