/* A request that went by TCP for its size alone goes by UDP after all where nobody takes the
 * connection, RFC 3261 §18.1.1: there are elements that know no TCP. */
#include "core/stack/reason/reasons.h"

bool fallback_again(struct again *again)
{
    const struct sip_tx *tx = again->tx;
    if (again->response != NULL || again->status != 503 || (tx->again & SIP_AGAIN_BY_UDP) == 0 ||
        !layer_reliable(&again->stack->layer, &tx->hop))
        return false;
    again->keep_seq = true;
    return hop_from(again->stack, PROTO_UDP, &tx->hop.remote, &again->hop) == ERR_OK;
}
