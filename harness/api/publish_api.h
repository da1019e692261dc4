/* Event state that agents publish, and the compositor's side: RFC 3903. */
#pragma once
#include "harness/api/opts.h"

int agent_publish(lua_State *L);        /* a:publish(target, event, body, opts) */
int agent_expect_publish(lua_State *L); /* a:expect_publish(event, opts) */
int transaction_accept(lua_State *L);   /* tx:accept{expires, etag}, of a PUBLISH */
