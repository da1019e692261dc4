/* What a wire does on a network that the run has made bad (--link): a wire has no stack, and so
 * nobody who sends again what was lost. There it is done for it, T1 later, as its own message: what
 * it had sent, and the request or final response whose answer was lost.
 *
 *     resend_sent(scene, wire, &remote, copy_key, seq);
 */
#pragma once
#include "harness/scene/part.h"

/* A wire has sent this: the OUT event's number, and with what key it is sent again as a copy. */
void resend_sent(struct scene *scene, uint32_t wire, const struct addr *remote, uint64_t copy_key,
                 uint64_t out_seq);
/* Until when the script waits for the wire's last message to arrive, which may have to be sent
 * again. 0: it need not wait. */
uint64_t resend_until_us(const struct scene *scene, uint32_t wire);
/* That network has lost something for this party which nobody sends again (a 180): who waits for it
 * cannot know. */
bool resend_lost_for(const struct scene *scene, uint32_t party);
extern const struct scene_part resend_part;
