#include "core/stack/pump_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct addr pump_addr(const char *text)
{
    struct addr addr;
    assert_int_equal(addr_parse(view_of(text), &addr), ERR_OK);
    return addr;
}

void pump_begin(struct pump *pump)
{
    memset(pump, 0, sizeof *pump);
    pump->latency_us = US_PER_MS;
}

void pump_forget(struct pump *pump)
{
    for (size_t i = 0; i < pump->sent_count; i++)
        blob_unref(pump->sent[i].bytes);
    pump->sent_count = 0;
}

void pump_forget_tells(struct pump *pump)
{
    for (size_t i = 0; i < pump->tell_count; i++)
        if (pump->tells[i].msg != NULL)
            sip_msg_unref(pump->tells[i].msg);
    pump->tell_count = 0;
}

void pump_end(struct pump *pump)
{
    for (int i = 0; i < pump->count; i++)
        sip_stack_destroy(pump->stacks[i]);
    pump_forget(pump);
    pump_forget_tells(pump);
    zone_deinit(&pump->zone);
    sip_msg_pool_drop();
}

struct sip_stack *pump_add(struct pump *pump, const char *name,
                           const struct sip_stack_options *options)
{
    static const char *const addrs[PUMP_STACKS] = {"192.0.2.1:5060", "192.0.2.2:5060",
                                                   "192.0.2.3:5060", "192.0.2.4:5060"};
    struct sip_stack_options given = options == NULL ? (struct sip_stack_options){0} : *options;
    int index = pump->count++;
    given.party = (uint32_t)index + 1;
    given.order = &pump->order;
    given.name = view_of(name);
    given.ids = rng_stream((struct rng){7}, given.name);
    pump->addrs[index] = pump_addr(addrs[index]);
    assert_int_equal(sip_stack_create(&given, &pump->stacks[index]), ERR_OK);
    struct handle link = {.index = (uint32_t)index, .gen = 1};
    assert_int_equal(sip_stack_bound(pump->stacks[index], link, PROTO_UDP, &pump->addrs[index]),
                     ERR_OK);
    return pump->stacks[index];
}

static int stack_at(const struct pump *pump, const struct addr *addr)
{
    for (int i = 0; i < pump->count; i++)
        if (addr_equal(&pump->addrs[i], addr))
            return i;
    return -1;
}

static void label_of(struct blob *bytes, char *room)
{
    struct sip_msg *msg;
    memcpy(room, "not SIP", 8);
    if (sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg) != ERR_OK)
        return;
    sip_msg_label(msg, room, SIP_LABEL_MAX);
    sip_msg_unref(msg);
}

static void note_sent(struct pump *pump, int from, struct effect *effect)
{
    assert_true(pump->sent_count < PUMP_SENT);
    struct pump_sent *sent = &pump->sent[pump->sent_count++];
    *sent = (struct pump_sent){.at_us = pump->now_us,
                               .copy_of = effect->copy_of,
                               .copy_key = effect->copy_key,
                               .from = from,
                               .to = stack_at(pump, &effect->remote),
                               .remote = effect->remote,
                               .bytes = effect->bytes};
    label_of(sent->bytes, sent->label);
    sent->lost = sent->to < 0 || (pump->lose != NULL && pump->lose(pump->ctx, pump, sent));
}

static void note_tell(struct pump *pump, int stack, const struct tell *tell)
{
    assert_true(pump->tell_count < PUMP_TELLS);
    struct pump_tell *told = &pump->tells[pump->tell_count++];
    *told = (struct pump_tell){.at_us = pump->now_us, .stack = stack, .tell = *tell};
    if (tell->msg != NULL) {
        told->msg = sip_msg_ref(tell->msg);
        sip_msg_label(tell->msg, told->label, sizeof told->label);
    }
    if (pump->act != NULL)
        pump->act(pump->ctx, pump, told);
}

static void answer(struct pump *pump, int stack, const struct effect *question)
{
    static struct zone_reply reply;
    zone_ask(&pump->zone, question->name, question->type, &reply);
    struct packet packet = {
        .kind = PACKET_ANSWER,
        .query = question->query,
        .rcode = reply.rcode,
        .records = reply.records,
        .record_count = reply.rcode == DNS_OK ? reply.record_count : 0,
    };
    enum err err = sip_stack_receive(pump->stacks[stack], pump->now_us, &packet);
    pump->failed = pump->failed == ERR_OK ? err : pump->failed;
}

void pump_drain(struct pump *pump)
{
    struct effect effect;
    for (int i = 0; i < pump->count; i++) {
        while (sip_stack_next(pump->stacks[i], &effect)) {
            if (effect.kind == TELL)
                note_tell(pump, i, &effect.tell);
            else if (effect.kind == DO_QUERY)
                answer(pump, i, &effect);
            else
                note_sent(pump, i, &effect);
        }
        sip_stack_reap(pump->stacks[i]);
    }
}

static void deliver(struct pump *pump, struct pump_sent *sent)
{
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {.index = (uint32_t)sent->to, .gen = 1},
        .proto = PROTO_UDP,
        .local = pump->addrs[sent->to],
        .remote = pump->addrs[sent->from],
        .bytes = sent->bytes
    };
    sent->arrived = true;
    enum err err = sip_stack_receive(pump->stacks[sent->to], pump->now_us, &packet);
    pump->failed = pump->failed == ERR_OK ? err : pump->failed;
}

/* The next thing to happen by then: a datagram that arrives (first at one instant) or a timer. */
static bool step(struct pump *pump, uint64_t until_us)
{
    struct pump_sent *next = NULL;
    struct moment due = moment_never;
    int fires = -1;
    for (size_t i = 0; i < pump->sent_count && next == NULL; i++)
        if (!pump->sent[i].lost && !pump->sent[i].arrived)
            next = &pump->sent[i];
    for (int i = 0; i < pump->count; i++) {
        struct moment deadline = sip_stack_deadline(pump->stacks[i]);
        if (moment_before(deadline, due)) {
            due = deadline;
            fires = i;
        }
    }
    uint64_t arrives_us = next == NULL ? NEVER : next->at_us + pump->latency_us;
    uint64_t at_us = arrives_us <= due.at_us ? arrives_us : due.at_us;
    if (at_us > until_us)
        return false;
    pump->now_us = at_us > pump->now_us ? at_us : pump->now_us;
    if (arrives_us <= due.at_us)
        deliver(pump, next);
    else
        sip_stack_expire(pump->stacks[fires], pump->now_us);
    return true;
}

void pump_run(struct pump *pump, uint64_t until_us)
{
    pump_drain(pump);
    while (step(pump, until_us))
        pump_drain(pump);
    pump->now_us = until_us > pump->now_us ? until_us : pump->now_us;
}

void pump_inject(struct pump *pump, int to, const char *from_addr, const char *text)
{
    struct blob *bytes = blob_create(view_of(text));
    struct packet packet = {
        .kind = PACKET_DATAGRAM,
        .link = {.index = (uint32_t)to, .gen = 1},
        .proto = PROTO_UDP,
        .local = pump->addrs[to],
        .remote = pump_addr(from_addr),
        .bytes = bytes
    };
    enum err err = sip_stack_receive(pump->stacks[to], pump->now_us, &packet);
    pump->failed = pump->failed == ERR_OK ? err : pump->failed;
    blob_unref(bytes);
    pump_drain(pump);
}

const char *pump_labels(struct pump *pump, int from, char *room, size_t len)
{
    struct buf buf = {0};
    for (size_t i = 0; i < pump->sent_count; i++) {
        if (from >= 0 && pump->sent[i].from != from)
            continue;
        buf_printf(&buf, "%s%s", buf.len == 0 ? "" : ", ", pump->sent[i].label);
    }
    assert_true(buf.len < len);
    memcpy(room, buf.len == 0 ? "" : buf.ptr, buf.len);
    room[buf.len] = '\0';
    buf_deinit(&buf);
    return room;
}

struct pump_sent *pump_find(struct pump *pump, const char *label, size_t n)
{
    for (size_t i = 0; i < pump->sent_count; i++)
        if (strcmp(pump->sent[i].label, label) == 0 && n-- == 0)
            return &pump->sent[i];
    return NULL;
}

size_t pump_times(struct pump *pump, const char *label, uint64_t *out, size_t most)
{
    size_t count = 0;
    for (size_t i = 0; i < pump->sent_count; i++) {
        if (strcmp(pump->sent[i].label, label) != 0)
            continue;
        assert_true(count < most);
        out[count++] = pump->sent[i].at_us;
    }
    return count;
}

static bool fits(const struct pump_tell *told, int stack, enum sip_tell what, const char *label)
{
    return told->stack == stack && told->tell.what == what &&
           (label == NULL || strcmp(told->label, label) == 0);
}

struct pump_tell *pump_take(struct pump *pump, int stack, enum sip_tell what, const char *label)
{
    for (size_t i = 0; i < pump->tell_count; i++) {
        struct pump_tell *told = &pump->tells[i];
        if (told->taken || !fits(told, stack, what, label))
            continue;
        told->taken = true;
        return told;
    }
    fail_msg("stack %d was not told %d %s", stack, (int)what, label == NULL ? "" : label);
    return NULL;
}

size_t pump_tell_count(struct pump *pump, int stack, enum sip_tell what, const char *label)
{
    size_t count = 0;
    for (size_t i = 0; i < pump->tell_count; i++)
        count += fits(&pump->tells[i], stack, what, label);
    return count;
}

struct handle pump_invite(struct pump *pump, int from, const char *uri, struct handle *out_call)
{
    struct sip_request_options options = {
        .method = V("INVITE"), .uri = view_of(uri), .body = V("v=0\r\n")};
    struct handle request;
    assert_int_equal(
        sip_request_send(pump->stacks[from], pump->now_us, &options, &request, out_call), ERR_OK);
    return request;
}

struct handle pump_request(struct pump *pump, int from, const char *method, const char *uri,
                           struct handle call)
{
    struct sip_request_options options = {
        .method = view_of(method), .uri = view_of(uri), .call = call};
    struct handle request;
    assert_int_equal(sip_request_send(pump->stacks[from], pump->now_us, &options, &request, NULL),
                     ERR_OK);
    return request;
}

void pump_respond(struct pump *pump, int stack, struct handle transaction, uint16_t status)
{
    struct sip_response_options options = {.status = status};
    assert_int_equal(sip_respond(pump->stacks[stack], pump->now_us, transaction, &options), ERR_OK);
}

enum sip_call_state pump_state(struct pump *pump, int stack, struct handle call)
{
    struct sip_call_info info;
    if (sip_call_info(pump->stacks[stack], call, &info) != ERR_OK)
        return SIP_CALL_TERMINATED;
    return info.state;
}
