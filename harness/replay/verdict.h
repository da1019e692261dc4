/* The first divergence, in a sentence that stands alone, and where reports mark it.
 *
 *     play_missed(play, step);
 *     play_differs(play, expected, came, seq);
 */
#pragma once
#include "harness/replay/play.h"

/* What the capture has next never came. */
void verdict_missed(struct play *play, const struct step *step);
/* A message of ours could not be delivered: the environment's fault where nothing ever came back.
 */
void verdict_unreachable(struct play *play, enum net_error error);
/* Something else came (event seq of the trace); step: what was expected, NULL: nothing more. */
void verdict_differs(struct play *play, const struct step *step, struct sip_msg *came,
                     uint16_t party, uint64_t seq);
/* It came, with another header. */
void verdict_header(struct play *play, const struct step *step, struct view expected,
                    struct view actual, uint64_t seq);
/* The stack would not do what the captured party did. */
void verdict_refused(struct play *play, const struct step *step, enum err err);
/* No difference: something that keeps the call from being judged. */
void verdict_set(struct play *play, enum verdict verdict, struct view sentence);
