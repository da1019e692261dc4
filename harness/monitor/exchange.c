/* Requests and their responses, by what an outsider can see: branch and sent-by of the top Via, the
 * method, the Call-ID. */
#include "harness/monitor/inside.h"

enum { FRESH_S = 1, ENDED_S = 40, WAITING_S = 240 };

void sight_set(struct sight *sight, const struct seen *seen)
{
    sight_drop(sight);
    *sight = (struct sight){.msg = sip_msg_ref(seen->msg),
                            .seq = seen->seq,
                            .time_us = seen->time_us,
                            .from = seen->from,
                            .intended = seen->intended};
}

void sight_keep(struct sight *sight, const struct seen *seen)
{
    sight_set(sight, seen);
    sight_pack(sight);
}

void sight_drop(struct sight *sight)
{
    sip_msg_unref(sight->msg);
    blob_unref(sight->packed);
    *sight = (struct sight){0};
}

bool sight_there(const struct sight *sight)
{
    return sight->msg != NULL || sight->packed != NULL;
}

void sight_pack(struct sight *sight)
{
    if (sight->msg == NULL)
        return;
    sight->packed = blob_ref(sip_msg_blob(sight->msg));
    sight->framing = sip_msg_framing(sight->msg);
    sip_msg_unref(sight->msg);
    sight->msg = NULL;
}

void sight_share(struct sight *sight, struct sip_msg *msg)
{
    blob_unref(sight->packed);
    sight->packed = NULL;
    sight->msg = sip_msg_ref(msg);
}

bool sight_read(struct monitor *monitor, struct sight *sight)
{
    if (sight->packed == NULL)
        return true;
    if (sip_msg_parse(sight->packed, sight->framing, &sight->msg) != ERR_OK) {
        monitor->failure = ERR_MEMORY; /* it was readable before */
        return false;
    }
    blob_unref(sight->packed);
    sight->packed = NULL;
    return true;
}

static uint64_t mixed(uint64_t key, struct view text)
{
    return rng_mix(key ^ view_hash(text));
}

void exchange_keys_forget(struct monitor *monitor)
{
    monitor->keys.msg = NULL;
}

/* What all keys of a message have in common: its Via and its Call-ID. The one that is being seen is
 * asked for them several times, by several methods. */
static struct keys keys_of(struct monitor *monitor, struct sip_msg *msg, const struct sip_via *via)
{
    if (monitor->keys.msg != msg) {
        uint64_t key = mixed(via->port, via->branch);
        monitor->keys = (struct keys){
            .msg = msg, .via = mixed(key, via->host), .call_id = view_hash(sip_msg_call_id(msg))};
    }
    return monitor->keys;
}

/* 0: there is no Via that could be read. */
static uint64_t branch_key(struct monitor *monitor, struct sip_msg *msg, enum sip_method method)
{
    const struct sip_via *via = sip_msg_via(msg, 0);
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    if (via == NULL || cseq == NULL)
        return 0;
    uint64_t key = keys_of(monitor, msg, via).via;
    if (method == SIP_METHOD_OTHER)
        key = mixed(key, cseq->method_name);
    /* Without a branch that is unique (RFC 2543) the number tells requests apart. */
    if (!view_starts_nocase(via->branch, V("z9hG4bK")))
        key = rng_mix(key ^ cseq->number);
    return rng_mix(key ^ (uint64_t)method) | 1;
}

/* Some clients have the same branch in each call. */
static uint64_t key_of(struct monitor *monitor, struct sip_msg *msg, enum sip_method method)
{
    uint64_t key = branch_key(monitor, msg, method);
    return key == 0 ? 0 : rng_mix(key ^ monitor->keys.call_id) | 1;
}

struct exchange *exchange_peek(struct monitor *monitor, uint64_t key)
{
    struct exchange *exchange = NULL;
    if (key != 0)
        HASH_FIND(hh, monitor->exchanges, &key, sizeof key, exchange);
    return exchange;
}

static void exchange_pack(struct monitor *monitor, struct exchange *exchange)
{
    bool ended = sight_there(&exchange->final) || exchange->method == SIP_ACK;
    sight_pack(&exchange->request);
    sight_pack(&exchange->reliable);
    sight_pack(&exchange->final);
    exchange->packed = true;
    age_move(&monitor->exchange_ages, &exchange->age, ended ? AGE_ENDED : AGE_WAITING);
}

/* False: no memory, and the monitor has failed. */
static bool exchange_unpack(struct monitor *monitor, struct exchange *exchange)
{
    struct sight *const sights[] = {&exchange->request, &exchange->reliable, &exchange->final};
    if (!exchange->packed)
        return true;
    for (size_t i = 0; i < sizeof sights / sizeof sights[0]; i++)
        if (!sight_read(monitor, sights[i]))
            return false;
    exchange->packed = false;
    age_touch(&monitor->exchange_ages, &exchange->age, monitor->elapsed_us);
    return true;
}

struct exchange *exchange_by_key(struct monitor *monitor, uint64_t key)
{
    struct exchange *exchange = exchange_peek(monitor, key);
    return exchange != NULL && exchange_unpack(monitor, exchange) ? exchange : NULL;
}

struct exchange *exchange_find(struct monitor *monitor, struct sip_msg *msg, enum sip_method method)
{
    return exchange_by_key(monitor, key_of(monitor, msg, method));
}

struct exchange *exchange_by_branch(struct monitor *monitor, const struct seen *seen)
{
    uint64_t key = branch_key(monitor, seen->msg, sip_msg_method(seen->msg));
    struct remembered *one = NULL;
    if (key != 0 && !sip_msg_is_request(seen->msg))
        HASH_FIND(hh, monitor->branches, &key, sizeof key, one);
    return one == NULL ? NULL : exchange_by_key(monitor, one->seq);
}

static void branch_remember(struct monitor *monitor, const struct seen *seen,
                            const struct exchange *exchange)
{
    bool made;
    uint64_t key = branch_key(monitor, seen->msg, exchange->method);
    struct remembered *one =
        monitor->options.capture ? NULL : remember(monitor, &monitor->branches, key, &made);
    if (one != NULL)
        one->seq = exchange->key;
}

static void exchange_free(struct monitor *monitor, struct exchange *exchange)
{
    HASH_DEL(monitor->exchanges, exchange);
    age_drop(&monitor->exchange_ages, &exchange->age);
    sight_drop(&exchange->request);
    sight_drop(&exchange->provisional);
    sight_drop(&exchange->reliable);
    sight_drop(&exchange->final);
    mem_free(exchange);
}

static struct exchange *exchange_make(struct monitor *monitor, const struct seen *seen,
                                      enum sip_method method)
{
    if (HASH_COUNT(monitor->exchanges) >= monitor->options.record_limit) {
        monitor->counts.not_judged += !sight_there(&monitor->exchanges->final);
        exchange_free(monitor, monitor->exchanges); /* the oldest */
    }
    struct exchange *exchange = mem_zalloc(sizeof *exchange);
    if (exchange == NULL) {
        monitor->failure = ERR_MEMORY;
        return NULL;
    }
    exchange->key = key_of(monitor, seen->msg, method);
    exchange->method = method;
    exchange->source = seen->source;
    exchange->provisional_given_us = exchange->reliable_given_us = exchange->final_given_us = NEVER;
    exchange->copied_us = seen->time_us;
    exchange->told.done_us = NEVER;
    HASH_ADD(hh, monitor->exchanges, key, sizeof exchange->key, exchange);
    if (exchange->lost) {
        mem_free(exchange);
        monitor->failure = ERR_MEMORY;
        return NULL;
    }
    monitor->counts.exchanges++;
    return exchange;
}

/* The ACK to a 300-699 is of its INVITE's exchange, but one of its own here: what it has in common
 * is judged. */
struct exchange *exchange_of(struct monitor *monitor, const struct seen *seen, bool *out_new)
{
    enum sip_method method = sip_msg_method(seen->msg);
    struct exchange *exchange = exchange_find(monitor, seen->msg, method);
    *out_new = false;
    if (exchange == NULL)
        exchange = exchange_by_branch(monitor, seen);
    if (exchange == NULL && sip_msg_is_request(seen->msg)) {
        if (key_of(monitor, seen->msg, method) == 0) {
            monitor->unkeyed = true;
            return NULL;
        }
        exchange = exchange_make(monitor, seen, method);
        if (exchange == NULL)
            return NULL;
        *out_new = true;
        sight_set(&exchange->request, seen);
        branch_remember(monitor, seen, exchange);
    }
    if (exchange != NULL)
        age_touch(&monitor->exchange_ages, &exchange->age, monitor->elapsed_us);
    return exchange;
}

/* Those whose last word was long ago can neither be answered nor repeated. An INVITE may ring. */
void exchange_ages_init(struct ages *ages)
{
    ages->kept_us[AGE_FRESH] = FRESH_S * US_PER_S;
    ages->kept_us[AGE_ENDED] = ENDED_S * US_PER_S;
    ages->kept_us[AGE_WAITING] = WAITING_S * US_PER_S;
}

static void exchange_end(struct monitor *monitor, struct exchange *exchange, uint64_t now_us)
{
    if (!monitor->options.capture && exchange_unpack(monitor, exchange))
        judge_exchange_over(monitor, exchange, now_us);
    exchange_free(monitor, exchange);
}

void exchanges_sweep(struct monitor *monitor, uint64_t now_us)
{
    for (struct age *age; (age = ages_due(&monitor->exchange_ages, monitor->elapsed_us)) != NULL;)
        if (age->queue == AGE_FRESH)
            exchange_pack(monitor, (struct exchange *)age);
        else
            exchange_end(monitor, (struct exchange *)age, now_us);
    talks_sweep(monitor);
}

void exchanges_drop(struct monitor *monitor, uint64_t now_us)
{
    struct exchange *exchange, *next;
    HASH_ITER(hh, monitor->exchanges, exchange, next)
    exchange_end(monitor, exchange, now_us);
}
