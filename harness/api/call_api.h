/* The methods of a call, over their files: answering, asking, waiting, fields. */
#pragma once
#include "harness/agent/agents.h"
#include "harness/api/aim.h"
#include "harness/api/opts.h"

/* call_ask.c */
int script_ack(lua_State *L);
int script_cancel(lua_State *L);
int script_bye(lua_State *L);
int script_reinvite(lua_State *L);
int script_update(lua_State *L);
int script_prack(lua_State *L);
int script_hold(lua_State *L);
int script_resume(lua_State *L);
int script_info(lua_State *L);
int script_message(lua_State *L);
int script_request(lua_State *L);
int request_cancel(lua_State *L, struct request *invite, int opts_index);
/* script_wait.c */
int script_wait(lua_State *L);
/* call_fields.c */
int script_forks(lua_State *L);
int script_field(lua_State *L, void *record, const char *name);
extern const char *const script_field_names[];
/* call_api.c: the opts are read into options, but for the status. */
int script_respond_with(lua_State *L, struct call *call, struct transaction *tx,
                        const struct opts *opts, struct sip_response_options *options);
