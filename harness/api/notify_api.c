/* sub:notify(body, opts) and sub:expect_notify(what, opts). Of a REFER the body is what became of
 * it, a sipfrag (RFC 3420), which is named by its status: notify("180"), expect_notify("200"). */
#include "harness/api/again_opts.h"
#include "harness/api/event_types.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/send_opts.h"
#include "harness/api/subscription_api.h"
#include "harness/api/verbs.h"

#include <stdio.h>

static const char *const states[] = {"pending", "active", "terminated", NULL};

static enum sip_sub_state state_of(lua_State *L, struct view text)
{
    char room[80];

    for (int i = 0; states[i] != NULL; i++)
        if (view_equal(view_of(states[i]), text))
            return (enum sip_sub_state)(SIP_SUB_PENDING + i);
    const char *word = lua_pushlstring(L, text.ptr, text.len);
    scene_misuse(L, "a NOTIFY never says '%s'%s (pending, active, terminated)", word,
                 mend(word, states, room, sizeof room));
    return SIP_SUB_ACTIVE;
}

/* "180" is "SIP/2.0 180 Ringing"; other texts stay what they are. */
static struct view sipfrag_of(lua_State *L, struct view text, uint16_t *out_status)
{
    uint64_t status;

    if (text.len != 3 || !view_to_uint(text, 699, &status) || status < 100)
        return text;
    struct view reason = sip_status_reason((uint16_t)status);
    *out_status = (uint16_t)status;
    lua_pushfstring(L, "SIP/2.0 %d %s\r\n", (int)status,
                    lua_pushlstring(L, reason.ptr, reason.len));
    return arg_view(L, -1, "a sipfrag");
}

static void body_read(lua_State *L, struct sip_notify_options *options,
                      const struct sip_sub_info *info)
{
    uint16_t status = 0;

    if (lua_isnil(L, 2))
        return;
    struct view text = {0};
    text.ptr = lua_tolstring(L, 2, &text.len);
    if (text.ptr == NULL)
        scene_misuse(L, "notify wants the body as a string, not %s", handle_type_text(L, 2));
    if (info->refer)
        text = sipfrag_of(L, text, &status);
    options->request.body = text;
    if (options->request.content_type.ptr == NULL)
        options->request.content_type = event_type(info->event);
    if (status < 200)
        return;
    options->state = SIP_SUB_TERMINATED; /* RFC 3515 §2.4.7 */
    options->reason = V("noresource");
}

int subscription_notify_call(lua_State *L)
{
    static const char *const names[] = {"state", "reason", "retry_after", "retry", NULL};
    struct subscription *sub = subscription_check(L, 1);
    struct sip_notify_options options = {.state = SIP_SUB_ACTIVE};
    struct sip_sub_info info = {.refer = false};
    struct request *request;
    struct send_opts send;
    struct view text;

    lua_settop(L, 3);
    if (!sub->notifier)
        return scene_misuse(L, "notify is for the one who was asked: this subscription is %.*s's",
                            VIEW_ARG(sub->agent->party.name));
    struct opts opts = opts_open(L, 3, "notify", send_names, names);
    send_opts_read(&opts, &sub->agent->party, &send);
    send_opts_request(&send, &options.request);
    options.request.again = again_read(&opts, sub->agent->stack.again);
    if (subscription_info(sub, &info) == ERR_OK)
        body_read(L, &options, &info);
    if (opts_view(&opts, "state", &text))
        options.state = state_of(L, text);
    opts_view(&opts, "reason", &options.reason);
    opts_seconds(&opts, "retry_after", &options.retry_after_s);
    command_traced(L, &sub->agent->party, "NOTIFY, %s", states[options.state - SIP_SUB_PENDING]);
    enum err err = subscription_notify(sub, &options, &request);
    if (err != ERR_OK)
        return command_failed(L, &sub->agent->party, "NOTIFY", err);
    request->script = true;
    return request_push(L, request);
}

static bool state_is(struct sip_msg *msg, struct view wanted)
{
    const struct sip_token_params *state = sip_msg_get(msg, SIP_HEADER_SUBSCRIPTION_STATE, 0);

    return wanted.ptr == NULL || (state != NULL && view_equal_nocase(state->token, wanted));
}

/* The want stands at upvalue 2. */
static bool sipfrag_is(lua_State *L, struct sip_msg *msg)
{
    struct want *want = lua_touserdata(L, lua_upvalueindex(2));
    struct message_info frag = {.bytes = NULL};

    if (want == NULL)
        return true;
    frag.bytes = blob_create(sip_msg_body(msg));
    if (frag.bytes == NULL)
        return luaL_error(L, "not enough memory");
    bool is = want_is(L, want, 0, &frag, 0, NULL);
    blob_unref(frag.bytes);
    return is;
}

/* Upvalues: the state that is wanted or nil, the sipfrag that is wanted or nil. */
static int is_notify(lua_State *L)
{
    struct sip_msg *msg = message_msg(L, message_check(L, 1));
    struct view state = {0};

    if (lua_isstring(L, lua_upvalueindex(1)))
        state.ptr = lua_tolstring(L, lua_upvalueindex(1), &state.len);
    lua_pushboolean(L, msg != NULL && sip_msg_is_request(msg) &&
                           sip_msg_method(msg) == SIP_NOTIFY && state_is(msg, state) &&
                           sipfrag_is(L, msg));
    return 1;
}

/* "NOTIFY" and what it has to say, for sentences. */
static struct view wanted_text(lua_State *L, struct want *want, struct view state,
                               const struct want *frag)
{
    char room[160];
    int len = snprintf(room, sizeof room, "NOTIFY%s%.*s%s%.*s", state.ptr == NULL ? "" : " of ",
                       VIEW_ARG(state), frag == NULL ? "" : " of ",
                       frag == NULL ? 0 : (int)frag->text.len, frag == NULL ? "" : frag->text.ptr);
    struct view text = {room, (size_t)len < sizeof room ? (size_t)len : sizeof room - 1};

    text = arena_copy(&want->arena, text);
    if (text.ptr == NULL)
        luaL_error(L, "not enough memory");
    return text;
}

/* A NOTIFY of this state, or (of a REFER) with this sipfrag. Stack: the subscription, the options.
 */
int subscription_expect_notify(lua_State *L)
{
    static const char *const names[] = {"within", "soft", "state", NULL};
    struct subscription *sub = subscription_check(L, 1);
    struct want *frag = NULL;
    struct view state = {0};

    args_settle(L);
    if (sub->notifier)
        return scene_misuse(L, "expect_notify is for the subscriber: this subscription is to %.*s",
                            VIEW_ARG(sub->agent->party.name));
    struct opts opts = opts_open(L, 3, "expect_notify", names, NULL);
    opts_view(&opts, "state", &state);
    if (!lua_isnil(L, 2) && sub->refer)
        frag = want_at(L, 2);
    else if (!lua_isnil(L, 2))
        state = arg_view(L, 2, "the state that a NOTIFY says");
    if (state.ptr != NULL)
        state_of(L, state);
    if (state.ptr == NULL)
        lua_pushnil(L);
    else
        lua_pushlstring(L, state.ptr, state.len);
    if (frag == NULL)
        lua_pushnil(L);
    else
        lua_pushvalue(L, 2);
    lua_pushcclosure(L, is_notify, 2);
    lua_replace(L, 2);
    struct want *want = want_at(L, 2);
    want->text = wanted_text(L, want, state, frag);
    lua_settop(L, 3);
    return verb_expect_opened(L, &opts);
}
