/* Who is not to be blamed, and for what: whoever a script has told to misbehave, and everybody
 * where a message did not arrive as it was sent.
 *
 *     enum err err = told_note(&told, agents, event, bytes, msg);
 *     if (!told_so(&told, agents, &finding))
 *         blame();
 */
#pragma once
#include "harness/monitor/monitor.h"
#include "harness/watch/keyset.h"

struct agents;

struct told {              /* zeroed: nobody */
    struct keyset hands;   /* of a party in a Call-ID: a script has a hand in what it says there */
    struct keyset handed;  /* likewise: it hands on what a script or a device has made */
    struct keyset strange; /* Call-IDs in which a script said something to a device */
    struct keyset garbled; /* Call-IDs */
    struct keyset refused; /* parties: they tried a stream, and were refused */
};

/* What a message event shows of this. MEMORY. */
enum err told_note(struct told *told, const struct agents *agents, const struct trace_event *event,
                   const struct blob *bytes, struct sip_msg *msg) NODISCARD;
enum err told_flow(struct told *told, uint32_t party, const struct flow_news *news) NODISCARD;
/* The device that sipwright plays: it is judged as any other, by what it sends. */
bool told_plays(const struct agents *agents, uint32_t number);
/* A script made it what it is, and no mutant: the device that sipwright plays is judged by that. */
bool told_intended(const struct agents *agents, const struct trace_wire *wire);
bool told_so(const struct told *told, const struct agents *agents, const struct finding *finding);
void told_deinit(struct told *told);
