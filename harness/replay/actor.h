/* A peer of the played party, simulated: the whole stack, told to do what the captured party did.
 *
 *     enum err err = actor_act(play, step);
 *     actor_hear(play, party, &tell);
 */
#pragma once
#include "harness/replay/play.h"

/* An agent that knows and takes what the captured party did. */
enum err actor_enter(struct play *play, uint16_t party, uint32_t *out_number) NODISCARD;
/* Sends the step's message. What the stack refuses is its error. */
enum err actor_act(struct play *play, const struct step *step) NODISCARD;
void actor_hear(struct play *play, uint16_t party, const struct tell *tell);
/* actor_rows.c: the captured message's rows for the stack, which makes identity, route and length
 * by itself. NULL: memory. */
struct sip_row *actor_rows(struct play *play, struct sip_msg *msg, size_t *out_count) NODISCARD;
/* The header value without its tag; absent where there is no such row. MEMORY. */
enum err actor_untagged(struct play *play, const struct sip_name_addr *value,
                        const struct sip_line *line, struct view *out) NODISCARD;
