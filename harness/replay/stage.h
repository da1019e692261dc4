/* Who of a call is in the world, and where: the played party as a wire, and each of its peers as an
 * agent; or the device that stands for all of these.
 *
 *     enum err err = stage_open(&play);
 *     stage_close(&play);
 */
#pragma once
#include "harness/replay/play.h"

/* play has options, call, plan, arena. MEMORY; else play.reason says what the environment or the
 * call does not allow. */
enum err stage_open(struct play *play, const struct world_user *user) NODISCARD;
void stage_close(struct play *play);
/* The party of the world, as the call numbers it; CALL_NONE: none of them. */
uint16_t stage_party(const struct play *play, uint32_t number);
