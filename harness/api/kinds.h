/* What scripts hold: the kinds of handles of this folder, and how to push and check them.
 *
 *     struct call *call = call_check(L, 1);
 *     return call_push(L, call);
 */
#pragma once
#include "harness/agent/agents.h"
#include "harness/agent/device.h"
#include "harness/lua/handle.h"

extern const struct handle_kind agent_kind, wire_kind, device_kind, call_kind, request_kind,
    transaction_kind, subscription_kind, publication_kind, fault_kind, connection_kind;

void kinds_open(struct scene *scene); /* once per scenario */

struct agents *agents_of_lua(lua_State *L);
struct agent *agent_check(lua_State *L, int index);
struct call *call_check(lua_State *L, int index);
struct request *request_check(lua_State *L, int index);
struct transaction *transaction_check(lua_State *L, int index);
struct subscription *subscription_check(lua_State *L, int index);
struct publication *publication_check(lua_State *L, int index);
struct wire *wire_check(lua_State *L, int index);
/* An agent, a wire or a device; NULL: none of them. */
struct party *party_test(lua_State *L, int index);

/* Each pushes one value and gives 1. */
int agent_push(lua_State *L, const struct agent *agent);
int call_push(lua_State *L, const struct call *call);
int request_push(lua_State *L, struct request *request);
int transaction_push(lua_State *L, const struct transaction *tx);
int subscription_push(lua_State *L, const struct subscription *sub);
int publication_push(lua_State *L, const struct publication *pub);
int party_push(lua_State *L, const struct party *party);
int view_push(lua_State *L, struct view text);       /* nil where it is absent */
int remaining_push(lua_State *L, uint64_t until_us); /* seconds; nil where past or NEVER */
/* Into the table on top. */
void member_set(lua_State *L, const char *name, struct view text);
void member_set_uint(lua_State *L, const char *name, uint32_t number);
int sdp_push_text(lua_State *L, struct view text); /* the parsed description; nil where absent */
int blob_message_push(lua_State *L, struct blob *bytes); /* nil where NULL */

/* What a command's error means to the script: raises an ERROR with a mend. doing: "bye". */
int command_failed(lua_State *L, const struct party *party, const char *doing, enum err err);
/* A COMMAND event: what the script asked, "alice: INVITE to bob". */
void command_traced(lua_State *L, const struct party *party, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
