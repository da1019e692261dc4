/* Usages beside the call (RFC 5057 §4.1): subscriptions, registrations, publications. Each lives by
 * requests of its own and outlives them; it stands in usage/, and what the stack knows of it is
 * here.
 *
 *     usages_response(stack, tx, msg, status);
 *     usages_reap(stack);
 *
 * Another kind is a row of the table in usage/table.c and a handle in struct sip_tx.
 */
#pragma once
#include "core/stack/self.h"

/* What each kind does; it looks itself whether a transaction or timer is one of its own. */
struct usage {
    /* A response has come, and its user has been told; or none will: msg NULL, the status ours. */
    void (*response)(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                     uint16_t status);
    /* The request goes on as this transaction: again.h. */
    void (*again)(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request);
    bool (*fire)(struct sip_stack *stack, struct sip_timer *timer); /* false: not its timer */
    void (*reap)(struct sip_stack *stack);                          /* NULL: nothing is marked */
    void (*drop)(struct sip_stack *stack);
    void (*flow_lost)(struct sip_stack *stack, struct handle flow); /* NULL: it counts on none */
};
enum { USAGE_COUNT = 3 };
extern const struct usage stack_usages[USAGE_COUNT];

struct sending;
/* What subscriptions do besides: they alone live in dialogs, and are made by others' requests. */
struct subscriptions {
    /* A request that makes one (sending.asks) is written: makes it, as s->sub. */
    enum err (*begin)(struct sip_stack *stack, struct sending *s);
    void (*undo)(struct sip_stack *stack, struct sending *s); /* it did not go out after all */
    /* A SUBSCRIBE, REFER or NOTIFY came. dialog: the one that it is in, or NULL. */
    void (*asked)(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                  struct sip_dialog *dialog);
    /* The user's own tag in a response that makes the dialog. */
    enum err (*tag_set)(struct sip_stack *stack, struct sip_tx *tx, struct view tag);
    /* What the 2xx to this request grants; false: it is no SUBSCRIBE to us. */
    bool (*grants)(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request,
                   const struct sip_response_options *options, uint32_t *out_s);
    /* The response to a request that has asked is out. */
    void (*responded)(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *request,
                      const struct sip_response_options *options);
};
extern const struct subscriptions stack_subscriptions;

/* Each asks all kinds, in the order of the table. */
void usages_response(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                     uint16_t status);
void usages_again(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request);
void usages_fire(struct sip_stack *stack, struct sip_timer *timer);
void usages_flow_lost(struct sip_stack *stack, struct handle flow); /* a connection has ended */
void usages_reap(struct sip_stack *stack); /* what has ended, at the end of the turn */
void usages_drop(struct sip_stack *stack); /* all of them, and their tables */
