/* The next target of a name, where this one has failed: RFC 3263 §4.3. */
#include "core/stack/reason/reasons.h"
#include "core/stack/sending.h"

/* "a 503 error response or a transport failure of some sort …, or … the transaction layer times out
 * without ever having received any response, provisional or final". */
static bool has_failed(const struct again *again)
{
    bool silent = again->response == NULL && again->status == 408 && again->tx->status == 0;
    return again->status == 503 || silent;
}

/* "a new request, which is identical to the previous, but has a different value of the Via branch"
 */
bool failover_again(struct again *again)
{
    struct sip_stack *stack = again->stack;
    struct handle lookup = again->tx->lookup;
    if (handle_none(lookup) || !has_failed(again))
        return false;
    enum located located = hop_take(stack, lookup, &again->hop);
    if (located == LOCATE_NONE)
        return false;
    if (located == LOCATE_WAITS)
        again->hop = (struct sip_hop){.bound = again->tx->hop.bound};
    else
        hop_by_size(stack, sip_msg_blob(again->request)->len, &again->hop);
    again->tx->lookup = (struct handle){0};
    again->lookup = lookup;
    again->keep_seq = true;
    return true;
}
