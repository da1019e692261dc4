/* What a party owes to a real network, which the capture has no word of: requests are sent again
 * until somebody answers, copies are answered as the first one was, and who leaves early ends what
 * it has begun.
 *
 *     manners_sent(play, step);
 *     manners_came(play, msg);
 *     manners_run(play, now_us);
 *     manners_leave(play);
 */
#pragma once
#include "harness/replay/play.h"

void manners_sent(struct play *play, const struct step *step);
void manners_came(struct play *play, struct sip_msg *msg);
/* A copy of what came for the step: its answer once more. */
void manners_copied(struct play *play, const struct step *step);
uint64_t manners_due_us(const struct play *play); /* UINT64_MAX: nothing is to be repeated */
void manners_run(struct play *play, uint64_t now_us);
void manners_send(struct play *play, const struct way *way, struct blob *bytes);
/* The replay has failed: an INVITE of ours is cancelled or acknowledged, one of theirs refused, a
 * session ended. */
void manners_leave(struct play *play);
/* What still comes then: the refusal of what was cancelled gets its ACK, a
 * 2xx its BYE, too. */
void manners_farewell(struct play *play, struct sip_msg *came);
