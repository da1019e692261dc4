#include "core/dialog/subscription.h"

#include "core/dialog/owned.h"
#include "core/dialog/sub_sides.h"

const struct sub_row *sub_row_find(bool notifier, uint8_t at, uint8_t on)
{
    const struct sub_side *side = notifier ? &sub_notifier : &sub_subscriber;
    for (size_t i = 0; i < side->row_count; i++)
        if (side->rows[i].at == at && side->rows[i].on == on)
            return &side->rows[i];
    return NULL;
}

struct view sub_state_text(bool notifier, uint8_t state)
{
    static const struct view texts[SUB_STATE_COUNT] = {
        [SUB_WAIT] = {"notify_wait", 11},
        [SUB_PENDING] = {"pending",     7 },
        [SUB_ACTIVE] = {"active",      6 },
        [SUB_TERMINATED] = {"terminated",  10},
    };
    ASSERT(state < SUB_STATE_COUNT);
    return notifier && state == SUB_WAIT ? V("resp_wait") : texts[state];
}

struct view sub_event_text(uint8_t event)
{
    static const struct view texts[SUB_EVENT_COUNT] = {
        [SUB_GOT_PENDING] = {"NOTIFY pending",         14},
        [SUB_GOT_ACTIVE] = {"NOTIFY active",          13},
        [SUB_GOT_TERMINATED] = {"NOTIFY terminated",      17},
        [SUB_NO_NOTIFY] = {"no NOTIFY",              9 },
        [SUB_SENT_PENDING] = {"NOTIFY pending sent",    19},
        [SUB_SENT_ACTIVE] = {"NOTIFY active sent",     18},
        [SUB_SENT_TERMINATED] = {"NOTIFY terminated sent", 22},
        [SUB_REFUSED] = {"refused",                7 },
        [SUB_LOST] = {"lost",                   4 },
        [SUB_EXPIRED] = {"expired",                7 },
    };
    ASSERT(event < SUB_EVENT_COUNT);
    return texts[event];
}

struct view sub_event_id(const struct sip_token_params *event)
{
    struct view id;
    if (!sip_param_find(&event->params, V("id"), &id))
        return (struct view){0};
    return id.ptr != NULL ? id : V("");
}

bool sub_event_fits(const struct sip_sub *sub, const struct sip_token_params *event)
{
    struct view id = sub_event_id(event);
    uint64_t number;
    if (!view_equal(sub->event, event->token))
        return false;
    if (!sub->refer)
        return (id.ptr == NULL) == (sub->id.ptr == NULL) && view_equal(id, sub->id);
    if (id.ptr == NULL)
        return sub->first;
    return view_to_uint(id, UINT32_MAX, &number) && number == sub->seq;
}

void sub_join(struct sip_sub *sub, struct sip_dialog *dialog)
{
    struct sip_sub **at = &dialog->subs;
    while (*at != NULL)
        at = &(*at)->next;
    *at = sub;
    sub->next = NULL;
    sub->dialog = dialog;
}

void sub_leave(struct sip_sub *sub)
{
    struct sip_sub **at = &sub->dialog->subs;
    while (*at != sub)
        at = &(*at)->next;
    *at = sub->next;
    sub->next = NULL;
    sub->dialog = NULL;
}

void sub_deinit(struct tx_layer *layer, struct sip_sub *sub)
{
    timer_stop(layer, &sub->notify, sub->handle);
    timer_stop(layer, &sub->expire, sub->handle);
    owned_drop(NULL, &sub->event);
    owned_drop(NULL, &sub->id);
    owned_drop(NULL, &sub->body);
    owned_drop(NULL, &sub->type);
    owned_drop(NULL, &sub->reason);
    rows_drop(&sub->rows);
}

bool sub_status_fatal(uint16_t status)
{
    switch (status) {
    case 404:
    case 405:
    case 410:
    case 416:
    case 489:
    case 501:
    case 604:
        return true;
    default:
        return status >= 480 && status <= 485;
    }
}

bool dialog_status_fatal(uint16_t status)
{
    switch (status) {
    case 404:
    case 410:
    case 416:
    case 502:
    case 604:
        return true;
    default:
        return status >= 482 && status <= 485;
    }
}
