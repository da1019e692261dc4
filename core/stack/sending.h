/* A request of ours on its way out: planned, written, sent.
 *
 *     struct sending s = {.plan = {.options = &options}};
 *     enum err err = sending_send(stack, &s);
 */
#pragma once
#include "core/stack/writing.h"

/* plan.c */
struct sending { /* a request on its way out, with the identifiers that were made for it */
    struct request_plan plan;
    struct id branch, tag, call_id;
    struct sip_call *call; /* in its dialog, or the one that it makes; NULL: neither */
    struct sip_sub *sub;   /* likewise */
    const struct sip_subscribe_options *asks; /* it makes a subscription; NULL: it does not */
    uint32_t spaces; /* of the keyring: whose credentials it brings along, bits */
    uint32_t account;
    struct sip_hop small;    /* where it would go if it were small */
    bool by_size;            /* it goes elsewhere for its size */
    struct sip_msg *adopted; /* itself, where the user's rows say who we are; NULL: they do not */
    bool own; /* of the stack's own will: nobody has its handle, nobody hears of its end */
    struct sip_tx *tx;
};
/* Fills in what options leave open, RFC 3261 §8.1.1, §12.2.1.1. Errors as sip_request_send. */
enum err plan_request(struct sip_stack *stack, struct sending *s) NODISCARD;
/* The same of one in this dialog, but for its number, branch and method. */
enum err plan_in_dialog(struct sip_stack *stack, const struct sip_dialog *dialog,
                        struct request_plan *plan) NODISCARD;
struct dialog_ids plan_ids(const struct request_plan *plan); /* of the dialog that it would make */
/* The user's rows may say otherwise who we are: then what was written counts. MEMORY. */
enum err plan_adopt(struct sending *s, struct blob *blob) NODISCARD;

/* request_out.c */
/* Plans, writes and sends it, with s->plan.options; s->tx is its transaction. Errors as
 * sip_request_send. */
enum err sending_send(struct sip_stack *stack, struct sending *s) NODISCARD;
/* To TCP where the message is too long for UDP, RFC 3261 §18.1.1, and we have an address for that.
 */
void hop_by_size(struct sip_stack *stack, size_t len, struct sip_hop *hop);
/* Its target is one of a name's: the lookup is its own from now on; none: nothing happens. */
void request_located(struct sip_stack *stack, struct sip_tx *tx, struct handle lookup);
/* Of the stack's own will, in a call: whatever its state forbids. The options lack the call. */
enum err request_of_stack(struct sip_stack *stack, struct sip_call *call,
                          struct sip_request_options *options) NODISCARD;
