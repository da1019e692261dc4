/* The calls of wires that are still up when a scenario has ended, as far as the trace tells, and
 * their tidy-up: CANCEL, ACK, BYE, and an answer to whatever still comes.
 *
 *     wire_legs_find(agents);
 *     struct wire *open = wire_legs_tidy(agents);     what is left: wait for something to come
 */
#pragma once
#include "harness/agent/wire.h"

enum { WIRE_LEGS_MAX = 1000 };

struct wire_leg { /* one leg of an INVITE that a wire sent or was sent */
    struct wire_leg *next;
    struct wire *wire;
    struct sip_msg *invite;
    struct sip_msg *answer; /* caller: the newest response; callee: the one that the wire sent */
    struct addr remote;     /* where the other side is */
    uint32_t peer;          /* party; 0: not known */
    uint64_t began_us;      /* when the INVITE was sent */
    uint32_t seq;           /* CSeq number of the wire's newest request in it */
    uint16_t status;        /* of answer; 0: none */
    bool caller;
    bool acked;     /* the ACK was sent, or has come */
    bool cancelled; /* caller: CANCEL was sent */
    bool ending;    /* the tidy-up has sent a BYE to a device, whose answer is waited for */
    bool over;      /* a BYE was sent or has come, or a refusal was acknowledged */
};

void wire_legs_find(struct agents *agents); /* in the log of the scenario's messages */
/* Does what the states ask for, each once. A wire with a leg that something has to come for; NULL:
 * there is none. */
struct wire *wire_legs_tidy(struct agents *agents);
/* A message that came to a wire meanwhile. */
void wire_legs_receive(struct wire *wire, struct sip_msg *msg);
void wire_legs_drop(struct agents *agents);
