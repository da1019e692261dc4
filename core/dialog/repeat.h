/* A response that the UAS core sends again by itself, on every transport, until it is acknowledged:
 * a 2xx to INVITE (answer.h), a reliable 1xx (reliable.h).
 *
 *     repeat_begin(layer, &answer->repeat, TIMER_2XX);
 *     if (repeat_fire(layer, &answer->repeat, layer->timers.t2_us))
 *         hang_up();          64*T1 without an acknowledgement
 *     repeat_end(layer, &answer->repeat);
 */
#pragma once
#include "core/transaction/timers.h"

struct sip_repeat {
    struct handle owner; /* for the trace */
    struct sip_out out;
    struct sip_hop hop;
    struct sip_timer timer;
    uint64_t until_us; /* when it is given up */
};

/* It has been sent already: the first copy is due T1 from now. References the bytes. */
void repeat_begin(struct tx_layer *layer, struct sip_repeat *repeat, uint8_t timer_id);
/* Its timer is due: sends a copy, and the next one twice as much later, `most_us` at most. True: it
 * is given up, and nothing was sent. */
bool repeat_fire(struct tx_layer *layer, struct sip_repeat *repeat, uint64_t most_us);
void repeat_stop(struct tx_layer *layer, struct sip_repeat *repeat); /* no more copies */
void repeat_end(struct tx_layer *layer, struct sip_repeat *repeat);  /* nor is it kept */
