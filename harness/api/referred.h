/* What a Refer-To asks for: RFC 3515 §2.4.3, by the rules for requests that are made of a URI,
 * RFC 3261 §19.1.5.
 *
 *     referred_read(L, sub, &referred);
 *     return referred_send(L, sub, &referred, 2);
 */
#pragma once
#include "harness/agent/subscription.h"
#include "harness/api/aim.h"

struct more_rows {
    const struct sip_row *items;
    size_t count;
};
struct referred { /* all pushed on the script's stack */
    struct aim aim;
    struct view method, body;
    struct more_rows rows; /* headers of the URI, and Referred-By as it came: RFC 3892 §2.2 */
};

void referred_read(lua_State *L, const struct subscription *sub, struct referred *out); /* raises */
/* Another method than INVITE: its client transaction, pushed. */
int referred_send(lua_State *L, struct subscription *sub, const struct referred *referred,
                  int opts_index);
