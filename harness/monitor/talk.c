/* Dialogs as they are seen between two parties: by Call-ID, both tags, and who talks to whom. */
#include "harness/monitor/inside.h"

enum { FRESH_S = 1, ENDED_S = 64, WAITING_S = 7200 };

static uint64_t unordered(uint64_t a, uint64_t b)
{
    return rng_mix(a < b ? a : b) ^ rng_mix((a < b ? b : a) + 1);
}

/* Several elements of one host are told apart by their ports, where a connection has not its own.
 */
static uint64_t end_key(uint32_t party, const struct addr *addr, enum proto proto)
{
    uint16_t port = proto == PROTO_UDP ? addr->port : 0;
    struct view ip = {(const char *)addr->ip, sizeof addr->ip};
    return party != 0 ? party : (view_hash(ip) ^ port) | UINT64_C(1) << 63;
}

uint64_t party_key(const struct seen *seen)
{
    return end_key(seen->from, &seen->source, seen->proto);
}

uint64_t receiver_key(const struct seen *seen)
{
    return end_key(seen->to, &seen->target, seen->proto);
}

static uint64_t key_of(const struct seen *seen, struct view from_tag, struct view to_tag)
{
    uint64_t key = view_hash(sip_msg_call_id(seen->msg));
    key ^= unordered(view_hash(from_tag), view_hash(to_tag));
    key ^= rng_mix(unordered(party_key(seen), receiver_key(seen)));
    return key | 1;
}

static struct view keep(struct talk *talk, size_t *at, struct view text)
{
    struct view kept = {talk->room + *at, text.len};
    memcpy(talk->room + *at, text.ptr, text.len);
    *at += text.len;
    return kept;
}

enum { TALK_SIGHTS = 2 + 2 * SIDES };
static void talk_sights(struct talk *talk, struct sight *out[TALK_SIGHTS])
{
    struct sight *const sights[] = {&talk->maker,           &talk->record,
                                    &talk->sides[0].target, &talk->sides[0].sdp,
                                    &talk->sides[1].target, &talk->sides[1].sdp};
    memcpy(out, sights, sizeof sights);
}

static void talk_pack(struct monitor *monitor, struct talk *talk)
{
    struct sight *sights[TALK_SIGHTS];
    talk_sights(talk, sights);
    for (size_t i = 0; i < TALK_SIGHTS; i++)
        if (talk->ended) /* what comes now is judged by what its sides have done, not by these */
            sight_drop(sights[i]);
        else
            sight_pack(sights[i]);
    talk->packed = true;
    age_move(&monitor->talk_ages, &talk->age, talk->ended ? AGE_ENDED : AGE_WAITING);
}

/* One message may be several of its sights: it is read once. */
static bool talk_unpack(struct monitor *monitor, struct talk *talk)
{
    struct sight *sights[TALK_SIGHTS];
    if (!talk->packed)
        return true;
    talk_sights(talk, sights);
    for (size_t i = 0; i < TALK_SIGHTS; i++) {
        struct blob *packed = sights[i]->packed;
        if (!sight_read(monitor, sights[i]))
            return false;
        for (size_t j = i + 1; packed != NULL && j < TALK_SIGHTS; j++)
            if (sights[j]->packed == packed)
                sight_share(sights[j], sights[i]->msg);
    }
    talk->packed = false;
    return true;
}

static void talk_free(struct monitor *monitor, struct talk *talk)
{
    struct sight *sights[TALK_SIGHTS];
    HASH_DEL(monitor->talks, talk);
    age_drop(&monitor->talk_ages, &talk->age);
    talk_sights(talk, sights);
    for (size_t i = 0; i < TALK_SIGHTS; i++)
        sight_drop(sights[i]);
    mem_free(talk);
}

/* The side whose tag stands in From of a request, or in To of a response, has side 0 where it
 * begins the talk. */
static struct talk *talk_make(struct monitor *monitor, uint64_t key, struct view first,
                              struct view second)
{
    struct talk *talk = mem_zalloc(sizeof *talk + first.len + second.len);
    size_t at = 0;
    if (HASH_COUNT(monitor->talks) >= monitor->options.record_limit)
        talk_free(monitor, monitor->talks);
    if (talk == NULL) {
        monitor->failure = ERR_MEMORY;
        return NULL;
    }
    talk->key = key;
    talk->sides[0].tag = keep(talk, &at, first);
    talk->sides[1].tag = keep(talk, &at, second);
    HASH_ADD(hh, monitor->talks, key, sizeof talk->key, talk);
    if (talk->lost) {
        mem_free(talk);
        monitor->failure = ERR_MEMORY;
        return NULL;
    }
    monitor->counts.talks++;
    return talk;
}

struct talk *talk_of(struct monitor *monitor, const struct seen *seen, bool make, int *out_side)
{
    struct view from_tag = sip_msg_from_tag(seen->msg), to_tag = sip_msg_to_tag(seen->msg);
    bool request = sip_msg_is_request(seen->msg);
    struct talk *talk;
    if (from_tag.len == 0 || to_tag.len == 0)
        return NULL;
    uint64_t key = key_of(seen, from_tag, to_tag);
    HASH_FIND(hh, monitor->talks, &key, sizeof key, talk);
    if (talk == NULL && make)
        talk = talk_make(monitor, key, from_tag, to_tag);
    if (talk == NULL || !talk_unpack(monitor, talk))
        return NULL;
    bool first = view_equal(talk->sides[0].tag, from_tag);
    *out_side = request ? !first : first;
    age_touch(&monitor->talk_ages, &talk->age, monitor->elapsed_us);
    return talk;
}

void talk_ages_init(struct ages *ages)
{
    ages->kept_us[AGE_FRESH] = FRESH_S * US_PER_S;
    ages->kept_us[AGE_ENDED] = ENDED_S * US_PER_S;
    ages->kept_us[AGE_WAITING] = WAITING_S * US_PER_S;
}

void talks_sweep(struct monitor *monitor)
{
    for (struct age *age; (age = ages_due(&monitor->talk_ages, monitor->elapsed_us)) != NULL;)
        if (age->queue == AGE_FRESH)
            talk_pack(monitor, (struct talk *)age);
        else
            talk_free(monitor, (struct talk *)age);
}

void talks_drop(struct monitor *monitor)
{
    while (monitor->talks != NULL)
        talk_free(monitor, monitor->talks);
}
