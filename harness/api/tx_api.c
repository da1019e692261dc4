/* Client transactions (what call:bye(), a:request() give) and server transactions (expect_request).
 */
#include "harness/agent/session.h"
#include "harness/api/call_api.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/publish_api.h"
#include "harness/api/send_opts.h"
#include "harness/api/verbs.h"

#include <string.h>

/* tx:response(pattern, opts): the final one where no pattern is given. */
static int request_response(lua_State *L)
{
    request_check(L, 1);
    return verb_response(L);
}

static int request_cancel_call(lua_State *L)
{
    struct request *request = request_check(L, 1);

    lua_settop(L, 2);
    if (request->method != SIP_INVITE)
        return scene_misuse(L, "only an INVITE can be cancelled (RFC 3261 §9.1)");
    return request_cancel(L, request, 2);
}

static int request_field(lua_State *L, void *record, const char *name)
{
    struct request *request = record;

    if (strcmp(name, "state") == 0)
        return view_push(L, view_of(request_state(request)));
    if (strcmp(name, "request") == 0)
        return blob_message_push(L, request->sent);
    return 0;
}

static const luaL_Reg request_methods[] = {
    {"response", request_response   },
    {"cancel",   request_cancel_call},
    VERBS, {NULL,       NULL               }
};
static const char *const request_fields[] = {"state", "request", NULL};
const struct handle_kind request_kind = {.name = "client transaction",
                                         .methods = request_methods,
                                         .field = request_field,
                                         .fields = request_fields};

static int respond_outside(lua_State *L, struct transaction *tx, const struct opts *opts,
                           uint16_t status)
{
    struct sip_response_options options = {0};
    struct send_opts send;

    send_opts_read(opts, &tx->agent->party, &send);
    send_opts_response(&send, &options);
    options.status = status;
    if (send.sdp == SDP_GIVEN)
        options.body = send.sdp_text;
    command_traced(L, &tx->agent->party, "%u", status);
    enum err err = transaction_respond(tx, &options);
    if (err != ERR_OK)
        return command_failed(L, &tx->agent->party, lua_pushfstring(L, "%d", (int)status), err);
    return 0;
}

static int transaction_respond_call(lua_State *L)
{
    struct transaction *tx = transaction_check(L, 1);

    lua_settop(L, 3);
    lua_Integer status = lua_isinteger(L, 2) ? lua_tointeger(L, 2) : 0;
    if (status < 100 || status > 699)
        return scene_misuse(L, "respond wants a status from 100 to 699: respond(200)");
    struct call *call = agents_call(agents_of_lua(L), tx->call);
    struct opts opts = opts_open(L, 3, "respond", answer_names, NULL);
    if (call != NULL)
        return script_respond_with(L, call, tx, &opts,
                                   &(struct sip_response_options){.status = (uint16_t)status});
    return respond_outside(L, tx, &opts, (uint16_t)status);
}

static int transaction_field(lua_State *L, void *record, const char *name)
{
    struct transaction *tx = record;

    if (strcmp(name, "state") == 0)
        return view_push(L, view_of(transaction_state(tx)));
    if (strcmp(name, "request") == 0)
        return blob_message_push(L, tx->request);
    if (strcmp(name, "response") == 0)
        return blob_message_push(L, tx->response);
    return 0;
}

static const luaL_Reg transaction_methods[] = {
    {"respond", transaction_respond_call},
    {"accept",  transaction_accept      },
    VERBS, {NULL,      NULL                    }
};
static const char *const transaction_fields[] = {"state", "request", "response", NULL};
const struct handle_kind transaction_kind = {.name = "server transaction",
                                             .methods = transaction_methods,
                                             .field = transaction_field,
                                             .fields = transaction_fields};
