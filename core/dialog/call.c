#include "core/dialog/call.h"

#include "core/base/alloc.h"
#include "core/dialog/owned.h"

#include <stddef.h>

struct view call_state_text(uint8_t state)
{
    static const struct view texts[CALL_STATE_COUNT] = {
        [CALL_CALLING] = {"calling",    7 },
          [CALL_EARLY] = {"early",      5 },
        [CALL_ANSWERED] = {"answered",   8 },
          [CALL_CONFIRMED] = {"confirmed",  9 },
        [CALL_ENDING] = {"ending",     6 },
          [CALL_TERMINATED] = {"terminated", 10},
    };
    ASSERT(state < CALL_STATE_COUNT);
    return texts[state];
}

struct view call_event_text(uint8_t event)
{
    static const struct view texts[CALL_EVENT_COUNT] = {
        [GOT_1XX] = {"1xx",                      3 },
        [GOT_2XX] = {"2xx",                      3 },
        [GOT_FAILURE] = {"no answer",                9 },
        [ACK_SENT] = {"ACK sent",                 8 },
        [ASKS_AGAIN] = {"asked again",              11},
        [FORK_OVER] = {"another leg was answered", 24},
        [SENT_1XX] = {"1xx sent",                 8 },
        [SENT_2XX] = {"2xx sent",                 8 },
        [SENT_FAILURE] = {"300-699 sent",             12},
        [GOT_ACK] = {"ACK",                      3 },
        [NO_ACK] = {"no ACK",                   6 },
        [BYE_SENT] = {"BYE sent",                 8 },
        [BYE_DONE] = {"BYE answered",             12},
        [GOT_BYE] = {"BYE",                      3 },
    };
    ASSERT(event < CALL_EVENT_COUNT);
    return texts[event];
}

struct sip_call *call_of_dialog(struct sip_dialog *dialog)
{
    if (!dialog->of_call)
        return NULL;
    return (struct sip_call *)((char *)dialog - offsetof(struct sip_call, dialog));
}

struct sip_call *call_of_linger(struct sip_timer *timer)
{
    return (struct sip_call *)((char *)timer - offsetof(struct sip_call, linger));
}

static void refresh_drop(struct tx_layer *layer, struct sip_call *call)
{
    if (call->refresh == NULL)
        return;
    timer_stop(layer, &call->refresh->timer, call->handle);
    mem_free(call->refresh);
    call->refresh = NULL;
}

void call_deinit(struct tx_layer *layer, struct sip_call *call)
{
    timer_stop(layer, &call->linger, call->handle);
    answer_destroy(layer, call->answer);
    call->answer = NULL;
    reliable_drop_all(layer, &call->unacked);
    refresh_drop(layer, call);
    sip_session_deinit(&call->session);
    out_drop(&call->ack);
    owned_drop(NULL, &call->credentials);
    owned_drop(NULL, &call->packages);
    dialog_deinit(&call->dialog);
}
