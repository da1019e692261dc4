/* Two offers that crossed, RFC 3261 §14.1 and RFC 3311 §5.3: whoever got the 491 asks once more, a
 * while later. */
#include "core/stack/reason/reasons.h"

bool glare_again(struct again *again)
{
    bool asks = again->tx->method == SIP_INVITE || again->tx->method == SIP_UPDATE;
    if (again->status != 491 || again->response == NULL || !asks || again->tx->initial ||
        (again->tx->again & SIP_AGAIN_RETRY) == 0)
        return false;
    return sip_glare_wait(again->stack, again->tx->call, &again->delay_us) == ERR_OK;
}
