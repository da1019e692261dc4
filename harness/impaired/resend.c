#include "harness/impaired/resend.h"

#include "harness/agent/agents.h"
#include "harness/flow/log.h"

enum { RESENDS_MOST = 16 }; /* of one message; then it is given up, as Timer F would */

struct sent {               /* by a wire */
    uint64_t seq, copy_key; /* seq: of its first transmission */
    struct addr remote;
    uint32_t wire, times; /* sent again so often */
};

struct again {             /* due to be sent again */
    struct heap_node node; /* first: the heap gives it back */
    uint64_t seq;          /* of struct sent */
    uint64_t unless;       /* this has come meanwhile (seq of the first transmission); 0: none */
    uint32_t came;         /* how often it had come by then */
};

struct resend {
    struct sent *sent; /* as it was sent, copies too */
    uint32_t count, size;
    struct heap timers;
};

static struct sent *sent_find(struct resend *resend, uint64_t seq)
{
    for (uint32_t i = resend->count; i > 0; i--)
        if (resend->sent[i - 1].seq == seq)
            return &resend->sent[i - 1];
    return NULL;
}

void resend_sent(struct scene *scene, uint32_t wire, const struct addr *remote, uint64_t copy_key,
                 uint64_t out_seq)
{
    struct resend *resend = scene->resend;

    if (resend == NULL || out_seq == 0)
        return;
    struct sent *sent = mem_room(resend->sent, sizeof *sent, resend->count, &resend->size, 16);
    if (sent == NULL) {
        agents_broke(scene->agents, ERR_MEMORY);
        return;
    }
    struct passage passage = log_passage(scene->log, out_seq);
    resend->sent = sent;
    resend->sent[resend->count++] =
        (struct sent){.seq = passage.copy_of != 0 ? passage.copy_of : out_seq,
                      .copy_key = copy_key,
                      .remote = *remote,
                      .wire = wire};
}

/* Sends it again at this instant, unless that has arrived by then. */
static void again_at(struct scene *scene, uint64_t at_us, uint64_t seq, uint64_t unless)
{
    struct again *again = mem_zalloc(sizeof *again);
    enum err err = again == NULL ? ERR_MEMORY : ERR_OK;

    if (err == ERR_OK) {
        again->seq = seq;
        again->unless = unless;
        again->came = unless == 0 ? 0 : log_arrivals(scene->log, unless);
        err = heap_set(&scene->resend->timers, &again->node,
                       order_next(world_order(scene->world), at_us));
    }
    if (err == ERR_OK)
        return;
    mem_free(again);
    agents_broke(scene->agents, err);
}

static void again_later(struct scene *scene, uint64_t seq, uint64_t unless)
{
    again_at(scene, scene_now(scene) + sip_timers_default.t1_us, seq, unless);
}

static bool same_branch(struct sip_msg *one, struct sip_msg *other)
{
    const struct sip_via *a = sip_msg_via(one, 0), *b = sip_msg_via(other, 0);
    const struct sip_cseq *first = sip_msg_cseq(one), *second = sip_msg_cseq(other);

    return a != NULL && b != NULL && view_equal(a->branch, b->branch) && first != NULL &&
           second != NULL && first->number == second->number &&
           view_equal(first->method_name, second->method_name);
}

/* Of one INVITE and one callee. */
static bool same_answer(struct sip_msg *one, struct sip_msg *other)
{
    const struct sip_cseq *a = sip_msg_cseq(one), *b = sip_msg_cseq(other);

    return a != NULL && b != NULL && a->number == b->number &&
           view_equal(sip_msg_call_id(one), sip_msg_call_id(other)) &&
           view_equal(sip_msg_to_tag(one), sip_msg_to_tag(other));
}

static bool is_final(struct sip_msg *msg)
{
    const struct sip_cseq *cseq = sip_msg_cseq(msg);

    return sip_msg_status(msg) >= 200 && cseq != NULL && cseq->method == SIP_INVITE;
}

/* RFC 3261 §17.1.3: the request that this is a response to. */
static bool is_request_of(struct sip_msg *sent, struct sip_msg *response)
{
    return sip_msg_status(sent) == 0 && same_branch(sent, response);
}

/* §13.3.1.4: a 2xx is said again by the callee, however many proxies there are between. */
static bool is_answer_of(struct sip_msg *sent, struct sip_msg *response)
{
    return is_final(sent) && is_final(response) && same_answer(sent, response);
}

/* §13.3.1.4, §17.2.1: the final response that this ACK is of. */
static bool is_answer_of_ack(struct sip_msg *sent, struct sip_msg *ack)
{
    return is_final(sent) && same_answer(sent, ack);
}

/* §13.2.2.4, §17.1.1.2: the ACK of this final response. */
static bool is_ack_of(struct sip_msg *sent, struct sip_msg *response)
{
    return sip_msg_status(sent) == 0 && sip_msg_method(sent) == SIP_ACK &&
           same_answer(sent, response);
}

/* The last that this wire (0: any) has sent and that fits; NULL: nothing. */
static const struct sent *sent_that(struct scene *scene, uint32_t wire, struct sip_msg *msg,
                                    bool (*fits)(struct sip_msg *sent, struct sip_msg *msg))
{
    const struct resend *resend = scene->resend;

    for (uint32_t i = resend->count; i > 0; i--) {
        const struct sent *sent = &resend->sent[i - 1];
        size_t index = log_find(scene->log, sent->seq);
        struct sip_msg *own =
            index == log_count(scene->log) ? NULL : log_message(scene->log, index);
        if ((wire == 0 || sent->wire == wire) && own != NULL && fits(own, msg))
            return sent;
    }
    return NULL;
}

static const struct sent *sent_last(const struct resend *resend, uint32_t wire)
{
    for (uint32_t i = resend->count; i > 0; i--)
        if (resend->sent[i - 1].wire == wire)
            return &resend->sent[i - 1];
    return NULL;
}

/* What is said again when this does not come; NULL: whoever sent it repeats it. */
static const struct sent *cause_of(struct scene *scene, uint32_t wire, struct sip_msg *lost,
                                   bool had_come)
{
    if (sip_msg_status(lost) == 0)
        return sip_msg_method(lost) == SIP_ACK ? sent_that(scene, wire, lost, is_answer_of_ack)
                                               : NULL;
    const struct sent *cause = sent_that(scene, 0, lost, is_answer_of);
    if (cause == NULL && had_come)
        return NULL; /* what is said again by a timer */
    if (cause == NULL)
        cause = sent_that(scene, wire, lost, is_request_of);
    if (cause == NULL)
        cause = sent_that(scene, 0, lost, is_request_of);          /* of another one, by maddr */
    return cause != NULL ? cause : sent_last(scene->resend, wire); /* of what is no request */
}

static bool is_wire(const struct scene *scene, uint32_t number)
{
    const struct party *party = agents_party(scene->agents, number);

    return party != NULL && party->kind == PARTY_WIRE;
}

static void lost(struct scene *scene, const struct trace_wire *wire, struct sip_msg *msg)
{
    uint64_t first = wire->copy_of != 0 ? wire->copy_of : wire->was_out;

    if (is_wire(scene, wire->from)) /* inside of its world_send: not yet in sent */
        again_later(scene, first, 0);
    const struct sent *cause =
        is_wire(scene, wire->to) && msg != NULL
            ? cause_of(scene, wire->to, msg, log_arrivals(scene->log, first) > 0)
            : NULL;
    if (cause != NULL)
        again_later(scene, cause->seq, first);
}

/* A response that was acknowledged has come once more: that ACK was lost on its way. */
static void came(struct scene *scene, const struct trace_wire *wire, struct sip_msg *msg)
{
    if (wire->copy_of == 0 || msg == NULL || !is_wire(scene, wire->to) || !is_final(msg))
        return;
    const struct sent *ack = sent_that(scene, wire->to, msg, is_ack_of);
    if (ack != NULL)
        again_at(scene, scene_now(scene), ack->seq, 0);
}

static void resend_seen(struct scene *scene, const struct trace_event *event, struct blob *bytes,
                        struct sip_msg *msg)
{
    const struct trace_wire *wire = &event->u.wire;

    (void)bytes;
    if (scene->resend == NULL || event->kind != TRACE_MESSAGE)
        return;
    if (wire->side == SIDE_SEEN && wire->fate == FATE_LOST)
        lost(scene, wire, msg);
    else if (wire->side == SIDE_IN)
        came(scene, wire, msg);
}

bool resend_lost_for(const struct scene *scene, uint32_t party)
{
    const struct log *log = scene->log;

    if (scene->resend == NULL)
        return false;
    for (size_t i = log_first(log); i < log_count(log); i++) {
        const struct log_entry *entry = log_at(log, i);
        uint64_t first = entry->copy_of != 0 ? entry->copy_of : entry->seq;
        if (entry->to == party && entry->lost && log_arrivals(log, first) == 0)
            return true;
    }
    return false;
}

enum { GONE_IN_T1 = 8 }; /* then whatever it sent is taken for gone */

/* Its last transmission; NULL: none. */
static const struct log_entry *newest_of(const struct log *log, uint64_t seq)
{
    for (size_t i = log_count(log); i > log_first(log); i--) {
        const struct log_entry *entry = log_at(log, i - 1);
        if (entry->seq == seq || entry->copy_of == seq)
            return entry;
    }
    return NULL;
}

uint64_t resend_until_us(const struct scene *scene, uint32_t wire)
{
    const struct sent *last =
        scene->resend == NULL || scene->clock.real ? NULL : sent_last(scene->resend, wire);
    const struct log_entry *entry = last == NULL ? NULL : newest_of(scene->log, last->seq);
    if (entry == NULL || entry->arrivals > 0 || entry->fate == FATE_REFUSED)
        return 0;
    return entry->sent_us + GONE_IN_T1 * sip_timers_default.t1_us;
}

static struct moment resend_deadline(const struct scene *scene)
{
    const struct heap_node *first =
        scene->resend == NULL ? NULL : heap_first(&scene->resend->timers);

    return first == NULL ? moment_never : first->at;
}

static void send_again(struct scene *scene, const struct again *again)
{
    struct sent *sent = sent_find(scene->resend, again->seq);
    size_t index = log_find(scene->log, again->seq);
    const struct party *party = sent == NULL ? NULL : agents_party(scene->agents, sent->wire);

    if (party == NULL || !party->up || index == log_count(scene->log) ||
        sent->times == RESENDS_MOST ||
        (again->unless != 0 && log_arrivals(scene->log, again->unless) > again->came))
        return;
    sent->times++;
    world_send(scene->world, sent->wire, party->link, &sent->remote,
               log_at(scene->log, index)->bytes, sent->copy_key);
}

static void again_drop(struct scene *scene, struct again *again)
{
    heap_stop(&scene->resend->timers, &again->node);
    mem_free(again);
}

static bool resend_expire(struct scene *scene, uint64_t now_us)
{
    bool any = false;
    struct heap_node *node;

    while (scene->resend != NULL && (node = heap_first(&scene->resend->timers)) != NULL &&
           node->at.at_us <= now_us) {
        struct again *again = (struct again *)node;
        send_again(scene, again);
        again_drop(scene, again);
        any = true;
    }
    return any;
}

static enum err resend_create(struct scene *scene)
{
    if (scene->link == NULL)
        return ERR_OK;
    scene->resend = mem_zalloc(sizeof *scene->resend);
    if (scene->resend == NULL)
        return ERR_MEMORY;
    world_link(scene->world, 0, 0, scene->link);
    return ERR_OK;
}

static void resend_destroy(struct scene *scene)
{
    struct heap_node *node;

    if (scene->resend == NULL)
        return;
    while ((node = heap_first(&scene->resend->timers)) != NULL)
        again_drop(scene, (struct again *)node);
    heap_deinit(&scene->resend->timers);
    mem_free(scene->resend->sent);
    mem_free(scene->resend);
    scene->resend = NULL;
}

const struct scene_part resend_part = {.name = "resend",
                                       .create = resend_create,
                                       .destroy = resend_destroy,
                                       .seen = resend_seen,
                                       .deadline = resend_deadline,
                                       .expire = resend_expire};
