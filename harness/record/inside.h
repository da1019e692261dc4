/* What the files of this folder share.
 *
 *     struct step *step = outline_step(outline, sleep_ms, V("call"), V("alice"));
 */
#pragma once
#include "harness/record/outline.h"

enum {
    WAIT_LEAST_MS = 50, /* what a flow's times allow: shorter ones are not waited for */
    WAIT_ROUND_MS = 10,
    WAIT_MOST_MS = 86400000 /* a day: the clock of the capture was set */
};

void outline_note(struct outline *outline, struct view note);
struct step *outline_step(struct outline *outline, uint64_t sleep_ms, struct view bind,
                          struct view on);
struct view actor_name(const struct outline *outline, uint16_t party);
/* Since the message before it, as a scenario would wait: a multiple of 10 ms, and 0 where it is not
 * worth it. What the simulated network adds to a wait (its handshakes, 8 ms at most) is rounded
 * away, so that a recorded scenario is recorded again with the same waits. */
uint32_t gap_ms(const struct call *call, uint32_t message);
/* The message as a pattern: "INVITE", "200 INVITE", "*" where nothing else says it. */
struct view message_pattern(struct outline *outline, const struct sip_msg *msg);

/* Parties' names as Lua identifiers; who is at the device's address (family 0: nobody) is t.dut. */
void actors_name(struct outline *outline, const struct addr *device);
/* The options `transport` and `ipv6`, where they are not the default. */
void actor_transport(struct outline *outline, uint16_t party);
/* Each party an agent that does what one does, as far as that explains all of it. ERR_SYNTAX: it
 * does not, and `why` has the message. */
enum err agents_outline(struct outline *outline, const struct outline_options *options,
                        struct buf *why) NODISCARD;
/* Each party a wire, each message its bytes. */
enum err wires_outline(struct outline *outline) NODISCARD;
/* The flow's line of each message, with what its time is by gap_ms; who has explained it better
 * says so afterwards. */
void lines_make(struct outline *outline, bool by_wires);
