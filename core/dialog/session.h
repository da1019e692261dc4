/* What the two sides of a dialog have described: the newest description of each, and where they are
 * with offer and answer. What a refused offer had replaced comes back (RFC 3261 §14.1).
 *
 *     struct sip_session session = {0};
 *     enum err err = sip_session_step(&session, OA_INVITE, true, text, &doing);
 *     sip_session_deinit(&session);
 */
#pragma once
#include "core/sdp/offer_answer.h"

struct sip_session {
    struct sip_offer_answer oa;
    struct blob *local, *remote;           /* the newest of each side; NULL: none */
    struct blob *kept_local, *kept_remote; /* as agreed before the open offer; NULL: nothing was */
};

/* One side sends a message with this description (absent: without one). out_doing: what it is, enum
 * sip_oa_doing. MEMORY: the step is done, the description not kept. */
enum err sip_session_step(struct sip_session *session, enum sip_oa_event on, bool ours,
                          struct view description, uint32_t *out_doing) NODISCARD;
/* Another leg of an INVITE of ours, as the first one was before any response. */
void sip_session_fork(struct sip_session *leg, const struct sip_session *first, bool offered);
void sip_session_deinit(struct sip_session *session);
