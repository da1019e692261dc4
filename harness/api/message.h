/* A message as scripts see it: msg.from.tag, msg:header("X"), msg:with{…}. It holds the bytes; what
 * is read of them is parsed when asked for.
 *
 *     message_push(L, &(struct message_info){.bytes = blob, .time_us = now});
 *     const struct message_info *info = message_check(L, 1);
 */
#pragma once
#include "harness/agent/agents.h"

#include <lauxlib.h>

struct message_info {
    struct blob *bytes; /* one reference */
    struct passage passage;
    uint64_t time_us;
    uint64_t copy_key; /* of a wire's message once it was sent: sent again it is a copy */
    uint32_t sender;   /* the wire that copy_key belongs to */
    uint8_t error;     /* enum net_error of a generated one */
    bool generated;
    bool has_time;
    bool draft;      /* sip.request and so on: a sender fills in its own rows */
    uint8_t omitted; /* of a draft: 1 << enum draft_row, left out on purpose */
};

void message_open(lua_State *L); /* its metatable; once per state */
/* Takes its own reference of info->bytes. */
int message_push(lua_State *L, const struct message_info *info);
int message_push_mail(lua_State *L, const struct mail *mail);
struct message_info *message_test(lua_State *L, int index); /* NULL: it is no message */
/* expect(value):is(pattern): true, or says in out what it is instead. */
bool message_is_pattern(lua_State *L, int value, int pattern, struct buf *out);
struct message_info *message_check(lua_State *L, int index);
/* Parsed, borrowed until the next message is parsed; NULL: not SIP. */
struct sip_msg *message_msg(lua_State *L, const struct message_info *info);

/* msg.name: pushes one value. */
int message_field(lua_State *L, const struct message_info *info, struct view name);
/* msg:with{…} */
int message_with(lua_State *L);
