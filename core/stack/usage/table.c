#include "core/stack/usage/usage.h"

const struct usage stack_usages[USAGE_COUNT] = {
    {sub_response, subscriber_again, sub_fire, subs_reap, subs_drop, NULL         },
    {reg_response, reg_again,        reg_fire, NULL,      regs_drop, outbound_lost},
    {pub_response, pub_again,        pub_fire, pubs_reap, pubs_drop, NULL         },
};

static void undo(struct sip_stack *stack, struct sending *s)
{
    sub_free(stack, s->sub);
}

static void asked(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                  struct sip_dialog *dialog)
{
    if (sip_msg_method(msg) == SIP_NOTIFY)
        notify_receive(stack, tx, msg, dialog);
    else
        notifier_asked(stack, tx, msg, dialog);
}

const struct subscriptions stack_subscriptions = {
    .begin = subscriber_begin,
    .undo = undo,
    .asked = asked,
    .tag_set = notifier_tag_set,
    .grants = notifier_grants,
    .responded = notifier_responded,
};
