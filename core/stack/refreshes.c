/* Session timers in calls, RFC 4028: what requests ask for, what a 2xx grants, the refreshes, and
 * the BYE of a session that nobody refreshed. */
#include "core/base/alloc.h"
#include "core/stack/sending.h"
#include "core/stack/session.h"

static bool refreshes(enum sip_method method)
{
    return method == SIP_INVITE || method == SIP_UPDATE;
}

static bool is_up(const struct sip_call *call)
{
    return call->state == CALL_ANSWERED || call->state == CALL_CONFIRMED;
}

static const struct sip_refresh_options *own_of(const struct sip_stack *stack,
                                                const struct sip_call *call)
{
    return call == NULL || call->refresh == NULL ? &stack->refresh : &call->refresh->own;
}

static struct sip_refresh *need(struct sip_stack *stack, struct sip_call *call)
{
    if (call->refresh != NULL)
        return call->refresh;
    call->refresh = mem_zalloc(sizeof *call->refresh);
    if (call->refresh == NULL) {
        layer_fail(&stack->layer, ERR_MEMORY);
        return NULL;
    }
    call->refresh->call = call;
    call->refresh->own = stack->refresh;
    call->refresh->timer.id = TIMER_SESSION;
    return call->refresh;
}

void refresh_configure(struct sip_stack *stack, struct sip_call *call,
                       const struct sip_refresh_options *own)
{
    struct sip_refresh *refresh = own == NULL ? NULL : need(stack, call);
    if (refresh != NULL)
        refresh->own = *own;
}

void refresh_fork(struct sip_stack *stack, struct sip_call *leg, const struct sip_call *first)
{
    if (first->refresh != NULL)
        refresh_configure(stack, leg, &first->refresh->own);
}

void refresh_stop(struct sip_stack *stack, struct sip_call *call)
{
    if (call->refresh != NULL)
        timer_stop(&stack->layer, &call->refresh->timer, call->handle);
}

static void run(struct sip_stack *stack, struct sip_refresh *refresh)
{
    struct sip_call *call = refresh->call;
    if (refresh->interval_s == 0 || !is_up(call)) {
        timer_stop(&stack->layer, &refresh->timer, call->handle);
        return;
    }
    refresh->since_us = stack->layer.now_us;
    refresh->last = !refresh->ours;
    timer_set(&stack->layer, &refresh->timer, call->handle,
              refresh->last ? refresh_end_us(refresh) : refresh_due_us(refresh));
}

/* §7.1, §7.4: what a request of ours asks for. */
struct refresh_wish refresh_wish(const struct sip_stack *stack, const struct sip_call *call,
                                 enum sip_method method, const struct sip_refresh_options *options)
{
    const struct sip_refresh *refresh = call == NULL ? NULL : call->refresh;
    struct refresh_wish wish = {0};
    if (!refreshes(method))
        return wish;
    if (refresh != NULL && refresh->interval_s != 0) {
        wish.min_se_s = refresh->min_se_s;
        wish.expires_s = refresh->interval_s;
        wish.refresher = refresh->ours ? SIP_REFRESHER_UAC : SIP_REFRESHER_UAS;
    } else if (call == NULL) {
        const struct sip_refresh_options *own = options == NULL ? &stack->refresh : options;
        wish.min_se_s = own->min_se_s;
        wish.expires_s = own->expires_s;
        wish.refresher = own->refresher;
    }
    if (wish.expires_s != 0 && wish.expires_s < wish.min_se_s)
        wish.expires_s = wish.min_se_s;
    return wish;
}

bool refresh_refuses(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                     struct sip_call *call)
{
    char room[UINT_TEXT_MAX];
    struct refresh_asked asked = refresh_read(msg);
    uint32_t least_s = refresh_refusal(own_of(stack, call), &asked);
    if (least_s == 0) {
        struct sip_refresh *refresh =
            call == NULL || asked.min_se_s == 0 ? NULL : need(stack, call);
        if (refresh != NULL && asked.min_se_s > refresh->min_se_s)
            refresh->min_se_s = asked.min_se_s;
        return false;
    }
    struct sip_row row = {.name = V("Min-SE"), .value = view_of_uint(least_s, room)};
    stack_answer(stack, tx, 422, &row, 1);
    return true;
}

struct refresh_terms refresh_terms(const struct sip_stack *stack, const struct sip_tx *tx,
                                   struct sip_msg *request, uint16_t status)
{
    const struct sip_call *call = call_find(stack, tx->call);
    if (call == NULL || status < 200 || status >= 300 || !refreshes((enum sip_method)tx->method) ||
        !sip_msg_is_request(request) || (tx->method == SIP_UPDATE && !is_up(call)))
        return (struct refresh_terms){0};
    struct refresh_asked asked = refresh_read(request);
    return refresh_grant(own_of(stack, call), call->refresh, &asked);
}

/* What the user's own row says is what the other side goes by. */
static void read_back(struct sip_stack *stack, struct blob *bytes, struct refresh_terms *terms)
{
    struct sip_msg *msg;
    enum err err = sip_msg_parse(bytes, SIP_FRAMING_DATAGRAM, &msg);
    layer_fail(&stack->layer, err == ERR_MEMORY ? err : ERR_OK);
    if (err != ERR_OK)
        return;
    sip_msg_check(msg);
    layer_fail(&stack->layer, sip_msg_is_whole(msg) ? ERR_OK : ERR_MEMORY);
    struct refresh_asked said = refresh_read(msg);
    terms->interval_s = said.interval_s;
    terms->refresher = said.refresher;
    sip_msg_unref(msg);
}

void refresh_granted(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *request,
                     const struct sip_response_options *options, struct refresh_terms terms,
                     struct blob *bytes)
{
    struct sip_call *call = call_find(stack, tx->call);
    if (call == NULL || !refreshes((enum sip_method)tx->method) || options->status < 200 ||
        options->status >= 300)
        return;
    if (sip_row_find(options->rows, options->row_count, SIP_HEADER_SESSION_EXPIRES) != NULL)
        read_back(stack, bytes, &terms);
    if (terms.interval_s == 0 && call->refresh == NULL)
        return;
    struct sip_refresh *refresh = need(stack, call);
    if (refresh == NULL)
        return;
    refresh->interval_s = terms.interval_s;
    refresh->ours = terms.refresher == SIP_REFRESHER_UAS;
    refresh->updates |= sip_msg_lists(request, SIP_HEADER_ALLOW, V("UPDATE"));
    run(stack, refresh);
}

void refresh_came(struct sip_stack *stack, struct sip_call *call, struct sip_msg *msg)
{
    struct refresh_asked answer = refresh_read(msg);
    bool wanted = call->refresh != NULL || stack->refresh.expires_s != 0;
    if (sip_msg_method(msg) == SIP_UPDATE && !is_up(call))
        return;
    struct sip_refresh *refresh = answer.given || wanted ? need(stack, call) : NULL;
    if (refresh == NULL)
        return;
    refresh->updates |= sip_msg_lists(msg, SIP_HEADER_ALLOW, V("UPDATE"));
    refresh_accept(refresh, &answer);
    run(stack, refresh);
}

/* §7.4: the largest Min-SE of all 422 in the dialog. */
void refresh_refused(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg)
{
    struct sip_call *call = call_find(stack, tx->call);
    struct refresh_asked said = refresh_read(msg);
    if (call == NULL || tx->initial || said.min_se_s == 0)
        return;
    struct sip_refresh *refresh = need(stack, call);
    if (refresh != NULL && said.min_se_s > refresh->min_se_s)
        refresh->min_se_s = said.min_se_s;
}

/* §7.4: UPDATE without an offer, or a re-INVITE with the last one, whose o= line says that nothing
 * has changed. */
static void send(struct sip_stack *stack, struct sip_refresh *refresh)
{
    struct sip_call *call = refresh->call;
    bool update = refresh->own.by == SIP_REFRESH_BY_UPDATE ||
                  (refresh->own.by == SIP_REFRESH_BY_EITHER && refresh->updates);
    struct sip_request_options options = {.method = update ? V("UPDATE") : V("INVITE"),
                                          .again = SIP_AGAIN_RETRY};
    if (!update)
        options.body = blob_view(call->session.local);
    enum err err = request_of_stack(stack, call, &options);
    layer_fail(&stack->layer, err == ERR_MEMORY || err == ERR_LIMIT ? err : ERR_OK);
}

/* One INVITE at a time (RFC 3261 §14.1), and one offer. */
static bool is_busy(const struct sip_call *call)
{
    return call->state != CALL_CONFIRMED || !handle_none(call->invite) || call->answer != NULL ||
           call->session.oa.state != OA_FREE;
}

/* What is under way refreshes the session as well, or else there is still time. */
static void refresh_now(struct sip_stack *stack, struct sip_refresh *refresh)
{
    uint64_t again_us = timer_sum(stack->layer.now_us, 2 * US_PER_S);
    bool busy = is_busy(refresh->call) && again_us < refresh_end_us(refresh);
    refresh->last = !busy;
    timer_set(&stack->layer, &refresh->timer, refresh->call->handle,
              busy ? again_us : refresh_end_us(refresh));
    if (!busy && !refresh->own.idle && (stack->layer.mutants & SIP_MUTANT_NO_REFRESH) == 0)
        send(stack, refresh);
}

void refresh_fire(struct sip_stack *stack, struct sip_refresh *refresh)
{
    struct sip_call *call = refresh->call;
    timer_fired(&stack->layer, &refresh->timer, call->handle);
    if (!refresh->last) {
        refresh_now(stack, refresh);
        return;
    }
    if ((stack->layer.mutants & SIP_MUTANT_NO_EXPIRY) != 0)
        return;
    call_end(call, SIP_ENDED_TIMEOUT, 408);
    call_bye(stack, call);
}
