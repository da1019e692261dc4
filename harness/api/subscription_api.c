/* What a script can ask of a subscription. */
#include "harness/api/subscription_api.h"

#include "harness/api/again_opts.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/rows_more.h"
#include "harness/api/send_opts.h"
#include "harness/api/verbs.h"

#include <stdio.h>
#include <string.h>

/* The request that asks for it, which a notifier answers. */
static struct transaction *to_answer(lua_State *L, const struct subscription *sub,
                                     const char *doing)
{
    struct transaction *tx = agents_transaction(agents_of_lua(L), sub->asked);

    if (!sub->notifier)
        scene_misuse(L, "%s is for the one who was asked: this subscription is %.*s's own", doing,
                     VIEW_ARG(sub->agent->party.name));
    if (tx == NULL)
        command_failed(L, &sub->agent->party, doing, ERR_GONE);
    return tx;
}

static int respond(lua_State *L, struct transaction *tx, struct sip_response_options *options)
{
    struct subscription *sub = subscription_check(L, 1);

    command_traced(L, &sub->agent->party, "%u", options->status);
    enum err err = transaction_respond(tx, options);
    if (err != ERR_OK)
        return command_failed(L, &sub->agent->party, lua_pushfstring(L, "%d", (int)options->status),
                              err);
    return 0;
}

static struct view expires_text(lua_State *L, const struct opts *opts)
{
    uint32_t seconds;

    if (!opts_seconds(opts, "expires", &seconds))
        return (struct view){0};
    lua_pushfstring(L, "%I", (LUAI_UACINT)seconds);
    return arg_view(L, -1, "expires");
}

static bool wants_no_sub(struct agents *agents, const struct transaction *tx)
{
    struct sip_msg *msg = post_msg(&agents->post, tx->request);
    const struct sip_line *line = msg == NULL ? NULL : sip_msg_find(msg, SIP_HEADER_REFER_SUB, 0);

    return line != NULL && view_starts_nocase(view_trim(line->value), V("false"));
}

/* sub:accept{expires = "10m"}: 200. A REFER that asks for no subscription gets none, unless
 * {no_sub = false}. */
static int subscription_accept(lua_State *L)
{
    static const char *const names[] = {"expires", "status", "notify", "no_sub", NULL};
    struct subscription *sub = subscription_check(L, 1);
    struct sip_response_options options = {.accepts = true};
    bool notify = true, no_sub;
    struct send_opts send;
    uint64_t status = 200;

    lua_settop(L, 2);
    struct transaction *tx = to_answer(L, sub, "accept");
    struct opts opts = opts_open(L, 2, "accept", answer_names, names);
    send_opts_read(&opts, &sub->agent->party, &send);
    send_opts_response(&send, &options);
    if (opts_uint(&opts, "status", 299, &status) && status < 200)
        return scene_misuse(L, "accept wants a status from 200 to 299");
    options.status = (uint16_t)status;
    opts_bool(&opts, "notify", &notify);
    options.quiet = !notify;
    no_sub = sub->refer && wants_no_sub(agents_of_lua(L), tx);
    opts_bool(&opts, "no_sub", &no_sub);
    rows_more(L, &options.rows, &options.row_count, V("Expires"), expires_text(L, &opts));
    if (no_sub)
        rows_more(L, &options.rows, &options.row_count, V("Refer-Sub"), V("false"));
    return respond(L, tx, &options);
}

static int subscription_reject(lua_State *L)
{
    struct subscription *sub = subscription_check(L, 1);
    struct sip_response_options options = {0};
    struct send_opts send;

    lua_settop(L, 3);
    struct transaction *tx = to_answer(L, sub, "reject");
    lua_Integer status = lua_isnil(L, 2) ? 603 : luaL_checkinteger(L, 2);
    if (status < 300 || status > 699)
        return scene_misuse(L, "reject wants a status from 300 to 699");
    struct opts opts = opts_open(L, 3, "reject", answer_names, NULL);
    send_opts_read(&opts, &sub->agent->party, &send);
    send_opts_response(&send, &options);
    options.status = (uint16_t)status;
    return respond(L, tx, &options);
}

/* Another SUBSCRIBE; stack: the subscription, the options. */
static int ask_again(lua_State *L, const char *whose, uint32_t expires_s)
{
    static const char *const names[] = {"expires", "retry", NULL};
    struct subscription *sub = subscription_check(L, 1);
    struct sip_request_options options = {.method = V("SUBSCRIBE")};
    struct request *request;
    struct send_opts send;

    lua_settop(L, 2);
    if (sub->notifier)
        return scene_misuse(L, "%s is for the subscriber: this subscription is to %.*s", whose,
                            VIEW_ARG(sub->agent->party.name));
    struct opts opts = opts_open(L, 2, whose, send_names, names);
    send_opts_read(&opts, &sub->agent->party, &send);
    send_opts_request(&send, &options);
    options.again = again_soft(&opts, sub->agent->stack.again);
    opts_seconds(&opts, "expires", &expires_s);
    command_traced(L, &sub->agent->party, "SUBSCRIBE, %u s", (unsigned)expires_s);
    enum err err = subscription_refresh(sub, expires_s, &options, &request);
    if (err != ERR_OK)
        return command_failed(L, &sub->agent->party, whose, err);
    request->script = true;
    return request_push(L, request);
}

static int subscription_refresh_call(lua_State *L)
{
    return ask_again(L, "refresh", subscription_check(L, 1)->expires_s);
}

/* A subscriber unsubscribes; a notifier says that it is over. */
static int subscription_terminate(lua_State *L)
{
    struct subscription *sub = subscription_check(L, 1);

    lua_settop(L, 2);
    if (!sub->notifier)
        return ask_again(L, "terminate", 0);
    if (lua_isnil(L, 2)) {
        lua_newtable(L);
        lua_replace(L, 2);
    }
    if (!lua_istable(L, 2))
        return scene_misuse(L, "terminate wants options, as {reason = \"noresource\"}");
    lua_pushliteral(L, "terminated");
    lua_setfield(L, 2, "state");
    lua_pushnil(L);
    lua_insert(L, 2);
    return subscription_notify_call(L);
}

/* sub:response(pattern): of the SUBSCRIBE or REFER that made it; the final one where no pattern is
 * given. */
static int subscription_response(lua_State *L)
{
    struct subscription *sub = subscription_check(L, 1);

    if (sub->notifier)
        return scene_misuse(L, "response is for the subscriber: this subscription is to %.*s",
                            VIEW_ARG(sub->agent->party.name));
    return verb_response(L);
}

/* All subscriptions that one SUBSCRIBE made, in the order of their NOTIFYs. */
static int subscription_forks(lua_State *L)
{
    struct subscription *sub = subscription_check(L, 1);
    struct agents *agents = agents_of_lua(L);
    lua_Integer count = 0;

    lua_newtable(L);
    for (sub = agents_subscription(agents, sub->first); sub != NULL;
         sub = agents_subscription(agents, sub->next_fork)) {
        subscription_push(L, sub);
        lua_rawseti(L, -2, ++count);
    }
    return 1;
}

static int dialog_push(lua_State *L, const struct sip_sub_info *info)
{
    if (!info->has_dialog) {
        lua_pushnil(L);
        return 1;
    }
    lua_createtable(L, 0, 8);
    member_set(L, "call_id", info->call_id);
    member_set(L, "local_tag", info->local_tag);
    member_set(L, "remote_tag", info->remote_tag);
    member_set(L, "remote_target", info->remote_target);
    member_set_uint(L, "local_seq", info->local_seq);
    member_set_uint(L, "remote_seq", info->remote_seq);
    lua_pushboolean(L, info->secure);
    lua_setfield(L, -2, "secure");
    lua_createtable(L, (int)info->route_count, 0);
    for (size_t i = 0; i < info->route_count; i++) {
        view_push(L, info->route_set[i]);
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    lua_setfield(L, -2, "route_set");
    return 1;
}

static int request_of_push(lua_State *L, const struct subscription *sub)
{
    const struct request *request = agents_request(agents_of_lua(L), sub->request);
    const struct transaction *tx = agents_transaction(agents_of_lua(L), sub->asked);

    return blob_message_push(L, request != NULL ? request->sent : tx != NULL ? tx->request : NULL);
}

static int call_of_push(lua_State *L, const struct subscription *sub)
{
    const struct call *call = agents_call(agents_of_lua(L), sub->call);

    if (call != NULL)
        return call_push(L, call);
    lua_pushnil(L);
    return 1;
}

static int info_field(lua_State *L, const struct subscription *sub, const char *name)
{
    struct sip_sub_info info = {.until_us = NEVER};

    if (subscription_info(sub, &info) != ERR_OK)
        info.until_us = NEVER;
    if (strcmp(name, "ended") == 0)
        return view_push(L, view_of(subscription_ended_word(&info)));
    if (strcmp(name, "event") == 0)
        return view_push(L, info.event);
    if (strcmp(name, "id") == 0)
        return view_push(L, info.id);
    if (strcmp(name, "reason") == 0)
        return view_push(L, info.reason);
    if (strcmp(name, "expires") == 0)
        return remaining_push(L, sub->state == SIP_SUB_TERMINATED ? NEVER : info.until_us);
    if (strcmp(name, "dialog") == 0)
        return dialog_push(L, &info);
    if (strcmp(name, "retry_after") != 0)
        return 0;
    if (info.retry_after_s == 0)
        lua_pushnil(L);
    else
        lua_pushinteger(L, (lua_Integer)info.retry_after_s);
    return 1;
}

static int subscription_field(lua_State *L, void *record, const char *name)
{
    struct subscription *sub = record;

    if (strcmp(name, "state") == 0)
        return view_push(L, view_of(subscription_state_word(sub)));
    if (strcmp(name, "request") == 0)
        return request_of_push(L, sub);
    if (strcmp(name, "last_notify") == 0)
        return blob_message_push(L, sub->notify);
    if (strcmp(name, "call") == 0)
        return call_of_push(L, sub);
    if (strcmp(name, "agent") == 0)
        return agent_push(L, sub->agent);
    return info_field(L, sub, name);
}

static const luaL_Reg methods[] = {
    {"wait",          stateful_wait             },
    {"accept",        subscription_accept       },
    {"reject",        subscription_reject       },
    {"notify",        subscription_notify_call  },
    {"expect_notify", subscription_expect_notify},
    {"refresh",       subscription_refresh_call },
    {"terminate",     subscription_terminate    },
    {"response",      subscription_response     },
    {"follow",        subscription_follow       },
    {"forks",         subscription_forks        },
    VERBS,
    {NULL,            NULL                      }
};
static const char *const fields[] = {"state",       "ended",   "event",  "id",          "reason",
                                     "retry_after", "expires", "dialog", "last_notify", "request",
                                     "call",        "agent",   NULL};
const struct handle_kind subscription_kind = {
    .name = "subscription", .methods = methods, .field = subscription_field, .fields = fields};
