#include "harness/api/referred.h"

#include "harness/api/again_opts.h"
#include "harness/api/kinds.h"
#include "harness/api/rows_more.h"
#include "harness/api/send_opts.h"

void referred_read(lua_State *L, const struct subscription *sub, struct referred *out)
{
    struct agents *agents = agents_of_lua(L);
    const struct transaction *tx = agents_transaction(agents, sub->asked);
    struct sip_msg *msg = tx == NULL ? NULL : post_msg(&agents->post, tx->request);
    enum err err = msg == NULL ? ERR_UNSUPPORTED : refer_read(msg, &agents->arena, &out->refer);

    if (err == ERR_UNSUPPORTED)
        scene_misuse(L, "this REFER is to no SIP URI: reject it, or notify of what was done");
    if (err != ERR_OK)
        luaL_error(L, "%s", err_text(err));
    view_push(L, out->refer.uri);
    out->aim = aim_at(L, lua_gettop(L), "follow");
}

int referred_send(lua_State *L, struct subscription *sub, const struct referred *referred,
                  int opts_index)
{
    const struct refer *refer = &referred->refer;
    struct sip_request_options options = {.method = refer->method};
    struct opts opts = opts_open(L, opts_index, "follow", send_names, NULL);
    struct request *request;
    struct send_opts send;

    send_opts_read(&opts, &sub->agent->party, &send);
    send_opts_request(&send, &options);
    options.method = refer->method;
    options.uri = referred->aim.uri;
    options.remote = referred->aim.remote;
    options.again = sub->agent->stack.again;
    if (options.body.ptr == NULL && refer->body.ptr != NULL) {
        options.body = refer->body;
        options.content_type = V("text/plain");
    }
    for (size_t i = 0; i < refer->row_count; i++)
        rows_more(L, &options.rows, &options.row_count, refer->rows[i].name, refer->rows[i].value);
    command_traced(L, &sub->agent->party, "%.*s to %.*s", VIEW_ARG(options.method),
                   VIEW_ARG(options.uri));
    enum err err = request_send(sub->agent, &options, &request, NULL);
    if (err != ERR_OK)
        return command_failed(L, &sub->agent->party, "request", err);
    request->script = true;
    request->peer = referred->aim.peer;
    refer_follows(sub, request);
    return request_push(L, request);
}
