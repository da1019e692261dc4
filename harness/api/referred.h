/* What a Refer-To asks for: RFC 3515 §2.4.3.
 *
 *     referred_read(L, sub, &referred);
 *     return referred_send(L, sub, &referred, 2);
 */
#pragma once
#include "harness/agent/refer.h"
#include "harness/api/aim.h"

struct referred {
    struct refer refer; /* its texts are in the arena of the agents */
    struct aim aim;
};

void referred_read(lua_State *L, const struct subscription *sub, struct referred *out); /* raises */
/* Another method than INVITE: its client transaction, pushed. */
int referred_send(lua_State *L, struct subscription *sub, const struct referred *referred,
                  int opts_index);
