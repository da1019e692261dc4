/* What the device that we play does beside taking calls, as `needs` asks for it by name.
 *
 *     uint32_t able = builtin_able(needs, need_count);
 *     if ((able & ABLE_100REL) != 0)
 *         options.reliable = true;
 */
#pragma once
#include "harness/agent/agent.h"
#include "harness/scene/scene.h"

enum builtin_able {
    ABLE_100REL = 1 << 0, /* what it says before the answer is reliable, where the caller can */
    ABLE_TIMER = 1 << 1,  /* its own calls ask for a session timer */
    ABLE_TLS = 1 << 2,    /* listens there, too */
    ABLE_REFER = 1 << 3   /* does what a REFER asks for, and says what becomes of it */
};

bool builtin_able_known(struct view capability);
uint32_t builtin_able(const struct view *needs, size_t need_count);
/* What its stack has to be told of that. */
void builtin_able_options(uint32_t able, struct agent_options *out);
/* Where it listens. */
void builtin_able_places(uint32_t able, const struct scene_way *way, struct party_options *out);
