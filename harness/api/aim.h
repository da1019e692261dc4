/* Whom a request is for: an agent, a wire, a device, or a URI.
 *
 *     struct aim aim = aim_at(L, 2, "invite");
 *     options.uri = aim.uri;
 */
#pragma once
#include "harness/api/opts.h"

struct party;

struct aim {
    struct view uri;
    struct addr remote; /* family 0: where the URI leads */
    enum proto proto;
    uint32_t peer;             /* party there; 0: not known */
    const struct party *party; /* likewise, where the script named it; else NULL */
};
/* The address that a URI with a number for its host leads to; raises. */
struct addr aim_address(lua_State *L, struct view uri);
/* The name in a URI whose host is one, for TLS to ask for; else absent. Pushes what it lives in. */
struct view aim_domain(lua_State *L, struct view uri);
struct aim aim_at(lua_State *L, int index, const char *whose); /* raises */
/* The same, by a transport that both sides have: the sender's first. */
struct aim aim_from(lua_State *L, int index, const char *whose, const struct party *sender);
