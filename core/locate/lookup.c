#include "core/locate/lookup.h"

#include "core/locate/srv.h"

enum { HOPS_MAX = 8 };

static void fail(struct lookup *lookup, enum err err)
{
    if (lookup->failed == ERR_OK)
        lookup->failed = err;
}

static struct view text_keep(struct lookup *lookup, struct view text)
{
    struct view copy = arena_copy(&lookup->texts, text);
    if (copy.ptr == NULL)
        fail(lookup, ERR_MEMORY);
    return copy;
}

/* ---- questions ---- */

static void consume(struct lookup *lookup, struct want *want, const struct question *question);

/* Where it cannot be asked, nothing is found: its want is not open. */
static void ask(struct lookup *lookup, struct want *want, struct view name)
{
    struct question *question;
    enum err err = questions_ask(lookup->questions, lookup->now_us, name, want->type, &question);
    want->number = 0;
    if (err != ERR_OK) {
        if (err != ERR_SYNTAX)
            fail(lookup, err);
        consume(lookup, want, NULL);
    } else if (question->known) {
        consume(lookup, want, question);
    } else {
        want->number = question->number;
    }
}

static void want(struct lookup *lookup, uint16_t type, struct view name, size_t index)
{
    ASSERT(lookup->want_count < LOOKUP_WANTS_MAX);
    struct want *want = &lookup->wants[lookup->want_count++];
    *want = (struct want){.type = type, .index = (uint16_t)index};
    if (lookup->stage == STAGE_HOSTS)
        lookup->hosts[index].open++;
    ask(lookup, want, name);
}

/* ---- hosts ---- */

uint16_t locate_port(enum proto proto)
{
    static const uint16_t ports[] = {[PROTO_UDP] = 5060,
                                     [PROTO_TCP] = 5060,
                                     [PROTO_TLS] = 5061,
                                     [PROTO_WS] = 80,
                                     [PROTO_WSS] = 443};
    return ports[proto];
}

static void addr_add(struct lookup *lookup, struct host *host, struct addr addr)
{
    uint32_t have = addr.family == 6 ? lookup->ask.ip6 : lookup->ask.ip4;
    if ((have & 1u << host->proto) == 0 || host->addr_count == LOOKUP_ADDRS_MAX)
        return;
    addr.port = host->port;
    uint32_t place = host->addr_count++;
    for (; addr.family == 6 && place > host->ip6_count; place--)
        host->addrs[place] = host->addrs[place - 1];
    host->addrs[place] = addr;
    host->ip6_count += addr.family == 6;
}

/* Its addresses are asked for at once; a number, though none should stand in an SRV record, is one
 * already. */
static void host_add(struct lookup *lookup, struct view name, enum proto proto, uint16_t port)
{
    struct addr addr;
    size_t index = lookup->host_count++;
    struct host *host = &lookup->hosts[index];
    *host = (struct host){.name = name, .proto = proto, .port = port};
    if (addr_host_parse(name, &addr) == ERR_OK) {
        addr_add(lookup, host, addr);
        return;
    }
    if ((lookup->ask.ip6 & 1u << proto) != 0)
        want(lookup, DNS_AAAA, name, index);
    if ((lookup->ask.ip4 & 1u << proto) != 0)
        want(lookup, DNS_A, name, index);
}

static bool hosts_begin(struct lookup *lookup, size_t count)
{
    lookup->stage = STAGE_HOSTS;
    lookup->want_count = 0;
    lookup->hosts = arena_alloc(&lookup->texts, count * sizeof *lookup->hosts);
    if (lookup->hosts == NULL)
        fail(lookup, ERR_MEMORY);
    return lookup->hosts != NULL;
}

static void host_alone(struct lookup *lookup, enum proto proto)
{
    uint16_t port = lookup->ask.port != 0 ? lookup->ask.port : locate_port(proto);
    if (hosts_begin(lookup, 1))
        host_add(lookup, lookup->ask.host, proto, port);
}

static void hosts_of(struct lookup *lookup, const struct answers *answers, enum proto proto)
{
    size_t count = answers->count < LOOKUP_HOSTS_MAX ? answers->count : LOOKUP_HOSTS_MAX;
    if (!hosts_begin(lookup, count))
        return;
    for (size_t i = 0; i < count; i++)
        host_add(lookup, answers->records[i].name, proto, answers->records[i].port);
}

/* ---- SRV ---- */

static uint32_t protos(const struct lookup *lookup)
{
    return lookup->ask.ip4 | lookup->ask.ip6;
}

static bool is_refused(const struct lookup *lookup, enum proto proto)
{
    for (size_t i = 0; i < lookup->service_count; i++)
        if (lookup->services[i].proto == proto && lookup->answers[i].refused)
            return true;
    return false;
}

/* RFC 3263 §4.2: "If no SRV records were found, the client performs an A or AAAA record lookup". A
 * transport whose SRV says "." is decidedly not there, RFC 2782. */
static void without_srv(struct lookup *lookup)
{
    enum proto proto = lookup->ask.proto;
    if (is_refused(lookup, proto) && !lookup->ask.named && !lookup->ask.secure)
        proto = proto == PROTO_UDP ? PROTO_TCP : PROTO_UDP;
    if (is_refused(lookup, proto) || (protos(lookup) & 1u << proto) == 0)
        lookup->stage = STAGE_HOSTS; /* of which there are none */
    else
        host_alone(lookup, proto);
}

/* The first transport in our order that has any. */
static void srv_step(struct lookup *lookup)
{
    for (size_t i = 0; i < lookup->service_count; i++) {
        const struct answers *answers = &lookup->answers[i];
        if (!answers->known)
            return;
        if (answers->count == 0)
            continue;
        hosts_of(lookup, answers, lookup->services[i].proto);
        return;
    }
    without_srv(lookup);
}

static void srv_begin(struct lookup *lookup)
{
    lookup->stage = STAGE_SRV;
    lookup->want_count = 0;
    for (size_t i = 0; i < lookup->service_count; i++)
        want(lookup, DNS_SRV, lookup->services[i].name, i);
    srv_step(lookup);
}

static bool is_dot(const struct dns_record *record)
{
    return record->name.len == 0 || view_equal(record->name, V("."));
}

static void srv_take(struct lookup *lookup, struct answers *answers,
                     const struct question *question)
{
    size_t count = question == NULL ? 0 : question->record_count;
    answers->known = true;
    if (count == 0)
        return;
    answers->records = arena_alloc(&lookup->texts, count * sizeof *answers->records);
    if (answers->records == NULL) {
        fail(lookup, ERR_MEMORY);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        struct dns_record *record = &answers->records[answers->count];
        *record = question->records[i];
        if (is_dot(record))
            continue;
        record->name = text_keep(lookup, record->name);
        answers->count += record->name.ptr != NULL;
    }
    answers->refused = answers->count == 0;
    if (count > 0)
        srv_sort(answers->records, answers->count, lookup->rng, question->name, lookup->number);
}

static void service_add(struct lookup *lookup, enum proto proto, struct view prefix)
{
    struct buf buf = {0};
    buf_add(&buf, prefix);
    buf_add(&buf, lookup->ask.host);
    fail(lookup, buf.failed);
    struct view name = buf.failed == ERR_OK ? text_keep(lookup, buf_view(&buf)) : (struct view){0};
    buf_deinit(&buf);
    if (name.ptr != NULL)
        lookup->services[lookup->service_count++] = (struct service){proto, name};
}

/* RFC 3263 §4.1: "_sips" where TLS is wanted. No such names are registered for WebSocket, RFC 7118:
 * there only NAPTR can lead to SRV. */
static void service_of(struct lookup *lookup, enum proto proto)
{
    if ((protos(lookup) & 1u << proto) == 0)
        return;
    if (proto == PROTO_UDP)
        service_add(lookup, proto, V("_sip._udp."));
    else if (proto == PROTO_TCP)
        service_add(lookup, proto, V("_sip._tcp."));
    else if (proto == PROTO_TLS)
        service_add(lookup, proto, V("_sips._tcp."));
}

static void services_usual(struct lookup *lookup)
{
    enum proto rather = lookup->ask.proto;
    service_of(lookup, rather);
    if (lookup->ask.named || lookup->ask.secure)
        return;
    for (enum proto proto = PROTO_UDP; proto <= PROTO_TCP; proto++)
        if (proto != rather)
            service_of(lookup, proto);
}

/* ---- NAPTR ---- */

static void naptr_take(struct lookup *lookup, const struct question *question)
{
    size_t count = question == NULL
                       ? 0
                       : naptr_select(question->records, question->record_count, protos(lookup),
                                      lookup->ask.secure, lookup->services);
    for (size_t i = 0; i < count; i++) {
        lookup->services[i].name = text_keep(lookup, lookup->services[i].name);
        if (lookup->services[i].name.ptr == NULL)
            count = i;
    }
    lookup->service_count = count;
    if (count == 0)
        services_usual(lookup);
}

/* ---- the whole ---- */

static void addrs_take(struct lookup *lookup, struct host *host, const struct question *question)
{
    host->open--;
    for (size_t i = 0; question != NULL && i < question->record_count; i++) {
        struct addr addr = {.family = question->type == DNS_AAAA ? 6 : 4};
        memcpy(addr.ip, question->records[i].ip, addr.family == 6 ? 16 : 4);
        addr_add(lookup, host, addr);
    }
}

/* question NULL: nothing was found. */
static void consume(struct lookup *lookup, struct want *want, const struct question *question)
{
    if (question != NULL && question->alias.len > 0) {
        struct view alias = text_keep(lookup, question->alias);
        if (want->hops++ < HOPS_MAX && alias.ptr != NULL) {
            ask(lookup, want, alias);
            return;
        }
        question = NULL;
    }
    want->number = 0;
    if (want->type == DNS_NAPTR)
        naptr_take(lookup, question);
    else if (want->type == DNS_SRV)
        srv_take(lookup, &lookup->answers[want->index], question);
    else
        addrs_take(lookup, &lookup->hosts[want->index], question);
}

static bool all_answered(const struct lookup *lookup)
{
    for (uint32_t i = 0; i < lookup->want_count; i++)
        if (lookup->wants[i].number != 0)
            return false;
    return true;
}

static void step(struct lookup *lookup)
{
    if (lookup->stage == STAGE_NAPTR && all_answered(lookup))
        srv_begin(lookup);
    else if (lookup->stage == STAGE_SRV)
        srv_step(lookup);
}

void lookup_answered(struct lookup *lookup, const struct question *question)
{
    bool mine = false;
    for (uint32_t i = 0; i < lookup->want_count; i++) {
        struct want *want = &lookup->wants[i];
        if (want->number != question->number)
            continue;
        mine = true;
        consume(lookup, want, question);
    }
    if (mine)
        step(lookup);
}

/* RFC 3263 §4.1 and §4.2: which question comes first, if any. */
enum err lookup_start(struct lookup *lookup)
{
    struct addr addr;
    const struct locate_ask *ask = &lookup->ask;
    bool numeric = addr_host_parse(ask->host, &addr) == ERR_OK;
    bool spoken = (protos(lookup) & 1u << ask->proto) != 0;
    bool direct = numeric || ask->port != 0;
    if (!spoken && (ask->named || direct || ask->secure))
        return ERR_ABSENT;
    if (direct) {
        host_alone(lookup, ask->proto);
    } else if (ask->named) {
        services_usual(lookup);
        srv_begin(lookup);
    } else {
        lookup->stage = STAGE_NAPTR;
        want(lookup, DNS_NAPTR, ask->host, 0);
        step(lookup);
    }
    return lookup->failed;
}

static const struct host *host_now(struct lookup *lookup)
{
    for (; lookup->host_index < lookup->host_count; lookup->host_index++) {
        const struct host *host = &lookup->hosts[lookup->host_index];
        if (host->open > 0 || lookup->addr_index < host->addr_count)
            return host;
        lookup->addr_index = 0;
    }
    return NULL;
}

bool lookup_waits(const struct lookup *lookup)
{
    if (lookup->stage != STAGE_HOSTS)
        return true;
    for (uint32_t i = lookup->host_index; i < lookup->host_count; i++) {
        const struct host *host = &lookup->hosts[i];
        uint32_t taken = i == lookup->host_index ? lookup->addr_index : 0;
        if (host->open > 0 || taken < host->addr_count)
            return host->open > 0;
    }
    return false;
}

enum located lookup_take(struct lookup *lookup, struct locate_target *out)
{
    if (lookup_waits(lookup))
        return LOCATE_WAITS;
    const struct host *host = host_now(lookup);
    if (host == NULL)
        return LOCATE_NONE;
    *out = (struct locate_target){
        .proto = host->proto, .addr = host->addrs[lookup->addr_index++], .name = lookup->ask.name};
    return LOCATED;
}
