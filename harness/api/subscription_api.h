/* Subscriptions in scripts: a:subscribe and a:expect_subscribe, call:refer and call:expect_refer,
 * and what can be done with what they give. */
#pragma once
#include "harness/api/opts.h"

struct subscription;
struct publication;

/* subscribe.c */
int agent_subscribe(lua_State *L);        /* a:subscribe(target, event, opts) */
int agent_expect_subscribe(lua_State *L); /* a:expect_subscribe(event, opts) */
int call_subscribe(lua_State *L);         /* call:subscribe(event, opts) */
int call_expect_subscribe(lua_State *L);

/* refer_api.c */
int agent_refer(lua_State *L); /* a:refer(whom, target, opts) */
int agent_expect_refer(lua_State *L);
int call_refer(lua_State *L); /* call:refer(target, opts) */
int call_expect_refer(lua_State *L);
int subscription_follow(lua_State *L);

/* sub_wait.c */
int stateful_wait(lua_State *L); /* of publications too */
const char *subscription_state_word(const struct subscription *sub);
const char *publication_state_word(const struct publication *pub);

/* notify_api.c */
int subscription_notify_call(lua_State *L);
int subscription_expect_notify(lua_State *L);
