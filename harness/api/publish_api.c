#include "harness/api/publish_api.h"

#include "harness/api/again_opts.h"
#include "harness/api/aim.h"
#include "harness/api/auth_opts.h"
#include "harness/api/event_types.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/rows_more.h"
#include "harness/api/send_opts.h"
#include "harness/api/subscription_api.h"
#include "harness/api/verbs.h"

#include <string.h>

enum { EXPIRES_USUAL_S = 3600 };

static const char *const names[] = {"expires", "refresh", "retry", "auth", NULL};

int agent_publish(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);
    struct sip_publish_options options = {.expires_s = EXPIRES_USUAL_S};
    struct publication *pub;
    struct send_opts send;
    bool refresh = true;

    lua_settop(L, 5);
    struct aim aim = aim_from(L, 2, "publish", &agent->party);
    options.event = arg_view(L, 3, "an event package");
    struct opts opts = opts_open(L, 5, "publish", send_names, names);
    send_opts_read(&opts, &agent->party, &send);
    send_opts_request(&send, &options.request);
    options.request.again = again_soft(&opts, agent->stack.again);
    auth_read(&opts, agent, &options.request);
    options.request.uri = aim.uri;
    options.request.remote = aim.remote;
    options.request.proto = aim.proto;
    if (!lua_isnil(L, 4))
        options.request.body = arg_view(L, 4, "the state to publish");
    if (options.request.content_type.ptr == NULL)
        options.request.content_type = event_type(options.event);
    opts_seconds(&opts, "expires", &options.expires_s);
    opts_bool(&opts, "refresh", &refresh);
    options.no_refresh = !refresh;
    command_traced(L, &agent->party, "PUBLISH of %.*s", VIEW_ARG(options.event));
    enum err err = publication_begin(agent, &options, &pub);
    if (err != ERR_OK)
        return command_failed(L, &agent->party, "PUBLISH", err);
    pub->peer = agents_request(agents_of_lua(L), pub->request)->peer = aim.peer;
    return publication_push(L, pub);
}

/* Another PUBLISH; stack: the publication, the options at opts_index. body absent: none. */
static int again(lua_State *L, const char *whose, struct view body, uint32_t expires_s,
                 int opts_index)
{
    struct publication *pub = publication_check(L, 1);
    struct sip_request_options options = {.method = V("PUBLISH")};
    struct opts opts = opts_open(L, opts_index, whose, send_names, names);
    struct request *request;
    struct send_opts send;
    struct sip_pub_info info;

    send_opts_read(&opts, &pub->agent->party, &send);
    send_opts_request(&send, &options);
    options.again = again_soft(&opts, pub->agent->stack.again);
    auth_read(&opts, pub->agent, &options);
    opts_seconds(&opts, "expires", &expires_s);
    if (body.ptr != NULL)
        options.body = body;
    struct sip_stack *stack = agent_stack(pub->agent);
    if (options.body.ptr != NULL && options.content_type.ptr == NULL && stack != NULL &&
        sip_pub_info(stack, pub->stack, &info) == ERR_OK)
        options.content_type = event_type(info.event);
    command_traced(L, &pub->agent->party, "PUBLISH, %s", whose);
    enum err err = publication_again(pub, expires_s, &options, &request);
    if (err != ERR_OK)
        return command_failed(L, &pub->agent->party, whose, err);
    return request_push(L, request);
}

static int publication_refresh(lua_State *L)
{
    lua_settop(L, 2);
    return again(L, "refresh", (struct view){0}, publication_check(L, 1)->expires_s, 2);
}

static int publication_modify(lua_State *L)
{
    lua_settop(L, 3);
    struct view body = arg_view(L, 2, "the state to publish");
    return again(L, "modify", body, publication_check(L, 1)->expires_s, 3);
}

static int publication_terminate(lua_State *L)
{
    lua_settop(L, 2);
    return again(L, "terminate", (struct view){0}, 0, 2);
}

/* pub:response(pattern): of the newest PUBLISH that came to be answered. */
static int publication_response(lua_State *L)
{
    publication_check(L, 1);
    return verb_response(L);
}

static int publication_field(lua_State *L, void *record, const char *name)
{
    struct publication *pub = record;
    const struct request *request = agents_request(agents_of_lua(L), pub->request);

    if (strcmp(name, "state") == 0)
        return view_push(L, view_of(publication_state_word(pub)));
    if (strcmp(name, "ended") == 0)
        return view_push(L, view_of(publication_ended_word(pub)));
    if (strcmp(name, "etag") == 0)
        return view_push(L, blob_view(pub->etag));
    if (strcmp(name, "expires") == 0)
        return remaining_push(L, pub->state == SIP_PUB_ACTIVE ? pub->until_us : NEVER);
    if (strcmp(name, "request") == 0)
        return blob_message_push(L, request == NULL ? NULL : request->sent);
    if (strcmp(name, "agent") == 0)
        return agent_push(L, pub->agent);
    return 0;
}

static const luaL_Reg methods[] = {
    {"wait",      stateful_wait        },
    {"refresh",   publication_refresh  },
    {"modify",    publication_modify   },
    {"terminate", publication_terminate},
    {"response",  publication_response },
    VERBS,
    {NULL,        NULL                 }
};
static const char *const fields[] = {"state", "ended", "etag", "expires", "request", "agent", NULL};
const struct handle_kind publication_kind = {
    .name = "publication", .methods = methods, .field = publication_field, .fields = fields};

int agent_expect_publish(lua_State *L)
{
    struct agent *agent = agent_check(L, 1);

    if ((agent->stack.manual & SIP_MANUAL_UNKNOWN) == 0)
        return scene_misuse(L,
                            "%.*s answers PUBLISH 405: to take it give the agent the option "
                            "manual = {\"PUBLISH\"}",
                            VIEW_ARG(agent->party.name));
    args_settle(L);
    if (lua_isnil(L, 2)) {
        lua_pushliteral(L, "PUBLISH");
    } else {
        struct view event = arg_view(L, 2, "an event package");
        lua_pushfstring(L, "PUBLISH[Event = %s]", lua_pushlstring(L, event.ptr, event.len));
    }
    lua_replace(L, 2);
    return verb_expect_request(L);
}

/* RFC 3903 §6: a new entity-tag each time, and for how long. */
int transaction_accept(lua_State *L)
{
    static const char *const accept_names[] = {"expires", "etag", NULL};
    struct transaction *tx = transaction_check(L, 1);
    struct sip_response_options options = {.status = 200};
    struct send_opts send;
    struct view etag;

    lua_settop(L, 2);
    if (tx->method != SIP_PUBLISH)
        return scene_misuse(L, "accept is for PUBLISH; answer this request with respond(200)");
    struct sip_msg *msg = post_msg(&agents_of_lua(L)->post, tx->request);
    const struct sip_number *wanted = sip_msg_get(msg, SIP_HEADER_EXPIRES, 0);
    uint32_t expires_s = EXPIRES_USUAL_S;
    if (wanted != NULL && wanted->value <= UINT32_MAX)
        expires_s = (uint32_t)wanted->value;
    struct opts opts = opts_open(L, 2, "accept", answer_names, accept_names);
    send_opts_read(&opts, &tx->agent->party, &send);
    send_opts_response(&send, &options);
    options.status = 200;
    opts_seconds(&opts, "expires", &expires_s);
    if (!opts_view(&opts, "etag", &etag)) {
        struct buf buf = {0};
        agents_id_write(agents_of_lua(L), tx->agent->party.name, &buf);
        view_push(L, buf_view(&buf));
        buf_deinit(&buf);
        etag = arg_view(L, -1, "an entity-tag");
    }
    rows_more(L, &options.rows, &options.row_count, V("SIP-ETag"), etag);
    lua_pushfstring(L, "%I", (LUAI_UACINT)expires_s);
    rows_more(L, &options.rows, &options.row_count, V("Expires"), arg_view(L, -1, "expires"));
    command_traced(L, &tx->agent->party, "200");
    enum err err = transaction_respond(tx, &options);
    return err == ERR_OK ? 0 : command_failed(L, &tx->agent->party, "accept", err);
}
