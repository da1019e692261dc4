/* A reliable 1xx until its PRACK is there: the UAS core sends it again by itself, on every
 * transport, with intervals from T1 that double and have no ceiling of T2 (RFC 3262 §3).
 *
 *     enum err err = reliable_create(layer, &first, &call->unacked);
 *     if (reliable_fire(layer, reliable))
 *         refuse();          64*T1 without PRACK
 *     reliable_take(layer, &call->unacked, rseq, cseq);
 */
#pragma once
#include "core/dialog/repeat.h"

struct sip_call;
struct sip_reliable {
    struct sip_reliable *next;
    struct sip_call *call;
    struct sip_repeat repeat; /* its owner: the INVITE's transaction */
    uint32_t rseq, cseq;      /* what RAck names: it, and the INVITE */
    bool described;           /* with a session description */
};

/* `first` has been sent already: the first copy is due T1 from now. MEMORY. */
enum err reliable_create(struct tx_layer *layer, const struct sip_reliable *first,
                         struct sip_reliable **list) NODISCARD;
/* Its timer is due: sends a copy, or gives true: nobody acknowledges it. */
bool reliable_fire(struct tx_layer *layer, struct sip_reliable *reliable);
/* Takes out of the list what a RAck names. False: there is no such one. */
bool reliable_take(struct tx_layer *layer, struct sip_reliable **list, uint32_t rseq,
                   uint32_t cseq);
/* The INVITE has its final response: no more copies, but a PRACK is still expected. */
void reliable_stop_all(struct tx_layer *layer, struct sip_reliable *list);
void reliable_drop_all(struct tx_layer *layer, struct sip_reliable **list);
struct sip_reliable *reliable_of_timer(struct sip_timer *timer);
