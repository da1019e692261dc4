#include "harness/agent/canned.h"
#include "harness/agent/agents.h"
#include "harness/agent/builtin_ring.h"
#include "harness/agent/session.h"

enum canned_step { CANNED_RING, CANNED_ANSWER, CANNED_BYE, CANNED_AGAIN, CANNED_OVER };
enum { AGAIN_US = 60 * US_PER_S };

struct canned {            /* one call that behaves by itself */
    struct heap_node node; /* first: the heap gives it back */
    struct agents *agents;
    struct handle call, tx;
    struct automatic plan;
    uint64_t began_us; /* when the INVITE came; later: when it was answered */
    enum canned_step step;
};

static void canned_end(struct canned *canned)
{
    heap_stop(&canned->agents->timers, &canned->node);
    mem_free(canned);
}

static void canned_wait(struct canned *canned, enum canned_step step, uint64_t delay_us)
{
    struct agents *agents = canned->agents;
    struct order *order = world_order(agents->scene->world);
    uint64_t now_us = scene_now(agents->scene);
    uint64_t at_us = canned->began_us + delay_us;

    canned->step = step;
    if (delay_us == NEVER) {
        canned_end(canned);
        return;
    }
    enum err err = heap_set(&agents->timers, &canned->node,
                            order_next(order, at_us < now_us ? now_us : at_us));
    if (err == ERR_OK)
        return;
    agents_broke(agents, err);
    canned_end(canned);
}

static void after_ring(struct canned *canned)
{
    if (canned->plan.reject != 0 && canned->plan.answer_us == NEVER)
        canned_wait(canned, CANNED_ANSWER, 0);
    else
        canned_wait(canned, CANNED_ANSWER, canned->plan.answer_us);
}

static struct canned *canned_create(struct call *call, struct transaction *tx)
{
    struct agents *agents = call->agent->party.agents;
    struct canned *canned = mem_zalloc(sizeof *canned);

    if (canned == NULL) {
        agents_broke(agents, ERR_MEMORY);
        return NULL;
    }
    *canned = (struct canned){.agents = agents,
                              .call = call->handle,
                              .tx = tx->handle,
                              .plan = call->agent->automatic,
                              .began_us = scene_now(agents->scene)};
    return canned;
}

void canned_begin(struct call *call, struct transaction *tx)
{
    const struct automatic *plan = &call->agent->automatic;

    if (!plan->on)
        return;
    struct canned *canned = canned_create(call, tx);
    if (canned == NULL)
        return;
    tx->by_agent = true;
    if (plan->ring_us != NEVER)
        canned_wait(canned, CANNED_RING, plan->ring_us);
    else
        after_ring(canned);
}

void canned_rings(struct call *call, struct transaction *tx)
{
    struct sip_msg *msg = post_msg(&call->agent->party.agents->post, tx->request);
    const struct sip_number *expires = msg == NULL ? NULL : sip_msg_get(msg, SIP_HEADER_EXPIRES, 0);
    struct canned *again = canned_create(call, tx);

    if (again != NULL)
        canned_wait(again, CANNED_AGAIN, AGAIN_US);
    if (expires == NULL || expires->value == 0)
        return;
    struct canned *over = canned_create(call, tx);
    if (over != NULL)
        canned_wait(over, CANNED_OVER, (uint64_t)expires->value * US_PER_S);
}

static enum err canned_respond(struct call *call, struct transaction *tx, uint16_t status)
{
    struct sip_response_options options = {.status = status};
    struct buf sdp = {0};
    enum err err = ERR_OK;

    if (status >= 200 && status < 300)
        err = session_answer(call, &sdp);
    if (err == ERR_OK) {
        options.body = buf_view(&sdp);
        err = transaction_respond(tx, &options);
    }
    buf_deinit(&sdp);
    return err;
}

/* RFC 3261 §15: no callee hangs up between his 200 and the ACK. */
static void canned_hang_up(struct canned *canned, struct call *call, enum err *err)
{
    struct sip_request_options bye = {.method = V("BYE"), .call = call->stack};
    struct request *sent;

    if (call->state != SIP_CALL_CONFIRMED) {
        heap_stop(&canned->agents->timers, &canned->node);
        call->hangs_up = canned;
        return;
    }
    *err = request_send(call->agent, &bye, &sent, NULL);
    canned_end(canned);
}

void canned_moved(struct call *call)
{
    struct canned *canned = call->hangs_up;

    if (canned == NULL || call->state < SIP_CALL_CONFIRMED)
        return;
    call->hangs_up = NULL;
    if (call->state == SIP_CALL_CONFIRMED)
        canned_wait(canned, CANNED_BYE, 0);
    else
        mem_free(canned);
}

void canned_drop(struct call *call)
{
    mem_free(call->hangs_up);
    call->hangs_up = NULL;
}

static bool is_open(const struct call *call, const struct transaction *tx)
{
    return tx != NULL && tx->status < 200 && call->state < SIP_CALL_CONFIRMED;
}

static enum err canned_again(struct canned *canned, struct call *call, struct transaction *tx)
{
    if (!is_open(call, tx)) {
        canned_end(canned);
        return ERR_OK;
    }
    enum err err = builtin_ring(call, 180);
    canned->began_us = scene_now(canned->agents->scene);
    canned_wait(canned, CANNED_AGAIN, AGAIN_US);
    return err;
}

static enum err canned_over(struct canned *canned, struct call *call, struct transaction *tx)
{
    enum err err = is_open(call, tx) ? canned_respond(call, tx, 487) : ERR_OK;

    canned_end(canned);
    return err;
}

/* A call that has ended meanwhile (CANCEL) is left alone: ERR_STATE is no news. */
static void canned_step(struct canned *canned, struct call *call, struct transaction *tx)
{
    uint16_t reject = canned->plan.reject;
    enum err err = ERR_OK;

    switch (canned->step) {
    case CANNED_RING:
        if (tx != NULL)
            err = canned_respond(call, tx, 180);
        after_ring(canned);
        break;
    case CANNED_ANSWER:
        if (tx != NULL)
            err = canned_respond(call, tx, reject != 0 ? reject : 200);
        canned->began_us = scene_now(canned->agents->scene);
        if (reject != 0)
            canned_end(canned);
        else
            canned_wait(canned, CANNED_BYE, canned->plan.bye_us);
        break;
    case CANNED_BYE:
        canned_hang_up(canned, call, &err);
        break;
    case CANNED_AGAIN:
        err = canned_again(canned, call, tx);
        break;
    case CANNED_OVER:
        err = canned_over(canned, call, tx);
        break;
    }
    if (err != ERR_OK && err != ERR_STATE && err != ERR_GONE)
        agents_broke(call->agent->party.agents, err);
}

struct moment agents_deadline(const struct agents *agents)
{
    const struct heap_node *first = heap_first(&agents->timers);

    return first == NULL ? moment_never : first->at;
}

bool agents_expire(struct agents *agents, uint64_t now_us)
{
    bool any = false;

    for (struct heap_node *node; (node = heap_first(&agents->timers)) != NULL;) {
        struct canned *canned = (struct canned *)node;
        struct call *call = agents_call(agents, canned->call);
        if (node->at.at_us > now_us)
            break;
        any = true;
        if (call == NULL || call->state == SIP_CALL_TERMINATED || !call->agent->party.up)
            canned_end(canned);
        else
            canned_step(canned, call, agents_transaction(agents, canned->tx));
    }
    return any;
}

void canned_clear(struct agents *agents)
{
    for (struct heap_node *node; (node = heap_first(&agents->timers)) != NULL;)
        canned_end((struct canned *)node);
}
