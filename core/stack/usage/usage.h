/* What the files of this folder share. Nobody outside includes this; what the stack needs of it is
 * the table of core/stack/usages.h.
 */
#pragma once
#include "core/dialog/registration.h"
#include "core/stack/usage/events.h"
#include "core/stack/usages.h"
#include "core/stack/sending.h"

/* span.c: a time that was granted from now on. It is refreshed 64*T1 before it is over, or at half
 * of it where that is later: a refresh that fails has done so while there is still something to
 * refresh (RFC 6665 §4.1.2.2). */
struct span {
    uint64_t until_us, refresh_us; /* instants */
};
struct span span_of(const struct sip_stack *stack, uint64_t left_s);

/* register.c */
/* One REGISTER of it, in what is left of s. Errors as sip_request_send. */
enum err reg_send(struct sip_stack *stack, struct sip_reg *reg, uint32_t expires_s,
                  struct sending *s) NODISCARD;
void regs_drop(struct sip_stack *stack);
bool reg_is_busy(const struct sip_stack *stack, const struct sip_reg *reg);

/* registered.c. A final response to a REGISTER; or none: msg is NULL, and status our own. */
void reg_response(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                  uint16_t status);
void reg_again(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request);
bool reg_fire(struct sip_stack *stack, struct sip_timer *timer);

/* gruus.c: what a Contact of ours in a 200 says of us; and that it holds no more */
void gruus_learn(struct sip_stack *stack, struct sip_reg *reg, const struct sip_name_addr *contact);
/* Our Contact from now on, as long as this registration lasts. */
enum err known_as(struct sip_stack *stack, const struct sip_reg *reg,
                  struct view contact) NODISCARD;
void gruus_drop(struct sip_stack *stack, struct sip_reg *reg);

/* outbound.c: flows of registrations, RFC 5626 */
bool outbound_wanted(struct sip_stack *stack, const struct sip_reg *reg); /* it has a reg-id */
void outbound_granted(struct sip_stack *stack, struct sip_reg *reg, struct sip_msg *msg);
void outbound_refused(struct sip_stack *stack, struct sip_reg *reg, struct sip_msg *msg,
                      uint16_t status);                           /* msg NULL: no answer */
void outbound_keep(struct sip_stack *stack, struct sip_reg *reg); /* its timer */
void outbound_lost(struct sip_stack *stack, struct handle flow);
void outbound_stop(struct sip_stack *stack, struct sip_reg *reg);

/* subs.c */
/* With no dialog so far. LIMIT, MEMORY. */
enum err sub_create(struct sip_stack *stack, bool notifier, struct sip_sub **out) NODISCARD;
enum err sub_dialog_create(struct sip_sub *sub) NODISCARD; /* one of its own */
/* An event (enum sub_event): moves, and tells who has to know. */
void sub_step(struct sip_stack *stack, struct sip_sub *sub, uint8_t on);
/* How it has ended, enum sip_sub_ended; the first one counts. */
void sub_end(struct sip_sub *sub, uint8_t ended, uint16_t status);
bool sub_fire(struct sip_stack *stack, struct sip_timer *timer);
/* At once, and its dialog with the last usage of that. */
void sub_free(struct sip_stack *stack, struct sip_sub *sub);
void sub_doom(struct sip_stack *stack, struct sip_sub *sub); /* frees it at the end of the turn */
void subs_reap(struct sip_stack *stack);
void subs_drop(struct sip_stack *stack);
/* A response to SUBSCRIBE, NOTIFY or REFER; or none: msg is NULL, and status our own. */
void sub_response(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                  uint16_t status);

/* sub_rows.c: rows of ours, where the user gives none of that name */
struct sip_row row_number(struct sip_stack *stack, struct view name, uint32_t value);
struct sip_row row_event(struct sip_stack *stack, const struct sip_sub *sub);
enum err rows_add(struct sip_stack *stack, struct sip_request_options *request,
                  const struct sip_row *ours, size_t count) NODISCARD; /* MEMORY */
uint32_t rows_seconds(const struct sip_row *rows, size_t count, struct view name,
                      uint32_t otherwise_s); /* of the user's row */

/* publish.c: as those of registrations */
void pub_response(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *msg,
                  uint16_t status);
void pub_again(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request);
bool pub_fire(struct sip_stack *stack, struct sip_timer *timer);
void pubs_reap(struct sip_stack *stack);
void pubs_drop(struct sip_stack *stack);

/* subscriber.c */
/* usages.h: begin */
enum err subscriber_begin(struct sip_stack *stack, struct sending *s) NODISCARD;
void subscriber_response(struct sip_stack *stack, struct sip_sub *sub, struct sip_msg *msg,
                         uint16_t status);
void subscriber_again(struct sip_stack *stack, const struct sip_tx *tx,
                      struct sip_msg *request); /* its SUBSCRIBE or REFER is sent once more */
void subscriber_silent(struct sip_stack *stack, struct sip_sub *sub); /* Timer N */
void subscriber_due(struct sip_stack *stack, struct sip_sub *sub);    /* to refresh, or over */
/* So much of it is left, as a NOTIFY or 2xx has said. */
void subscriber_time(struct sip_stack *stack, struct sip_sub *sub, uint64_t left_s);

/* attempts.c: subscribers whose first NOTIFY has not come, or may come once more by a fork */
enum err attempt_add(struct sip_stack *stack, struct sip_sub *sub) NODISCARD;
void attempt_remove(struct sip_stack *stack, struct sip_sub *sub);
/* Whose the NOTIFY is, by Call-ID, our tag and its event; NULL: nobody's. */
struct sip_sub *attempt_find(const struct sip_stack *stack, struct sip_msg *notify);
/* Another notifier's; NULL: no memory, which the layer knows. */
struct sip_sub *attempt_fork(struct sip_stack *stack, struct sip_sub *first);

/* notify_in.c: dialog may be NULL */
void notify_receive(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct sip_dialog *dialog);

/* notifier.c: dialog may be NULL */
void notifier_asked(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                    struct sip_dialog *dialog);
/* What the 2xx to this request grants; false: it is no SUBSCRIBE of ours. */
bool notifier_grants(struct sip_stack *stack, const struct sip_tx *tx, struct sip_msg *request,
                     const struct sip_response_options *options, uint32_t *out_s);
void notifier_responded(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *request,
                        const struct sip_response_options *options);
enum err notifier_tag_set(struct sip_stack *stack, struct sip_tx *tx, struct view tag) NODISCARD;

/* notify_out.c: a NOTIFY is due; the time is over; a NOTIFY has its answer (none: it has not) */
void notifier_owed(struct sip_stack *stack, struct sip_sub *sub);
void notifier_over(struct sip_stack *stack, struct sip_sub *sub);
void notifier_response(struct sip_stack *stack, struct sip_sub *sub, uint16_t status, bool none);
