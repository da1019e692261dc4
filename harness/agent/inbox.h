/* What came and was not taken yet, in order of arrival, and who waits for more.
 *
 *     inbox_add(&call->inbox, mail);
 *     sched_wake(sched, &call->inbox.waiters);
 *     struct mail *mail = inbox_take(post, &call->inbox, wanted, ctx);
 */
#pragma once
#include "harness/agent/mail.h"
#include "harness/lua/sched.h"

struct inbox { /* zeroed: empty, of the list MAIL_INBOX */
    struct mail *first, *last;
    struct wait_queue waiters;
    uint8_t list; /* enum mail_list */
};

void inbox_add(struct inbox *inbox, struct mail *mail);
/* The first mail behind `after` (NULL: the first of all) that nobody has taken. */
struct mail *inbox_next(struct post *post, struct inbox *inbox, struct mail *after);
/* Out of this list; marked as taken, so that it is in no other either. The caller has it now and
 * gives it back by mail_unlisted. */
void inbox_take(struct post *post, struct inbox *inbox, struct mail *mail);
/* Forgets the mails before this one; NULL: all. Those of another list stay there. */
void inbox_pass(struct post *post, struct inbox *inbox, struct mail *until);
/* Forgets those that had come by the time of `seq`. */
void inbox_pass_seq(struct post *post, struct inbox *inbox, uint64_t seq);
