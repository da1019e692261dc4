/* A 2xx to INVITE until its ACK is there: the UAS core sends it again by itself, on every
 * transport, with the intervals of Timer G (RFC 3261 §13.3.1.4 as changed by RFC 6026 §8.1).
 *
 *     enum err err = answer_create(layer, &first, &answer);
 *     if (answer_fire(layer, answer))
 *         hang_up();          64*T1 without ACK
 *     answer_destroy(layer, answer);
 */
#pragma once
#include "core/dialog/repeat.h"

struct sip_call;
struct sip_answer {
    struct sip_call *call;
    struct sip_repeat repeat;
    uint32_t seq; /* CSeq number of the INVITE: its ACK has the same */
};

/* `first` has been sent already: the first copy is due T1 from now. MEMORY. */
enum err answer_create(struct tx_layer *layer, const struct sip_answer *first,
                       struct sip_answer **out) NODISCARD;
/* Its timer is due: sends a copy, or gives true: nobody ACKs. */
bool answer_fire(struct tx_layer *layer, struct sip_answer *answer);
void answer_destroy(struct tx_layer *layer, struct sip_answer *answer); /* NULL is fine */
struct sip_answer *answer_of_timer(struct sip_timer *timer);
