#include "harness/agent/builtin_call.h"

#include "harness/agent/session.h"

enum err builtin_invite(struct agent *agent, const struct builtin_aim *aim,
                        const struct refer *refer, struct call **out)
{
    struct call draft = {.agent = agent};
    struct request *request;
    struct buf sdp = {0};
    struct sip_request_options options = {.method = V("INVITE"),
                                          .uri = aim->uri,
                                          .remote = aim->remote,
                                          .proto = aim->proto,
                                          .again = agent->stack.again};

    if (refer != NULL) {
        options.rows = refer->rows;
        options.row_count = refer->row_count;
    }
    enum err err = session_offer(&draft, &sdp);
    options.body = buf_view(&sdp);
    if (err == ERR_OK)
        err = request_send(agent, &options, &request, out);
    if (err == ERR_OK) {
        (*out)->session = draft.session;
        (*out)->peer = request->peer = aim->peer;
    }
    buf_deinit(&sdp);
    return err;
}

static enum err plain_request(struct agent *agent, const struct refer *refer, struct request **out)
{
    const struct sip_request_options options = {.method = refer->method,
                                                .uri = refer->uri,
                                                .body = refer->body,
                                                .content_type = V("text/plain"),
                                                .rows = refer->rows,
                                                .row_count = refer->row_count,
                                                .again = agent->stack.again};

    return request_send(agent, &options, out, NULL);
}

static enum err follow(struct agent *agent, struct subscription *sub, const struct refer *refer)
{
    struct agents *agents = agent->party.agents;
    struct request *request;
    struct call *call;
    enum err err;

    if (view_equal(refer->method, V("INVITE"))) {
        err = builtin_invite(agent, &(struct builtin_aim){.uri = refer->uri}, refer, &call);
        request = err == ERR_OK ? agents_request(agents, call->invite) : NULL;
    } else {
        err = plain_request(agent, refer, &request);
    }
    if (err == ERR_MEMORY || err == ERR_LIMIT)
        return err;
    if (err == ERR_OK)
        refer_follows(sub, request);
    else
        refer_unreachable(sub);
    return ERR_OK;
}

/* RFC 4488 §4: whoever wants no subscription gets none, and is told so. */
static enum err accept(struct transaction *tx, struct sip_msg *msg)
{
    const struct sip_line *wanted = sip_msg_find(msg, SIP_HEADER_REFER_SUB, 0);
    const struct sip_row row = {.name = V("Refer-Sub"), .value = V("false")};
    bool without = wanted != NULL && view_equal_nocase(view_trim(wanted->value), V("false"));
    const struct sip_response_options options = {
        .status = 200, .rows = &row, .row_count = without ? 1 : 0, .accepts = true};

    return transaction_respond(tx, &options);
}

enum err builtin_referred(struct agent *agent, struct transaction *tx)
{
    struct agents *agents = agent->party.agents;
    struct subscription *sub = agents_subscription(agents, tx->subscription);
    struct sip_msg *msg = post_msg(&agents->post, tx->request);
    struct arena arena = {0};
    struct refer refer;

    enum err err = msg == NULL ? ERR_UNSUPPORTED : refer_read(msg, &arena, &refer);
    if (sub == NULL || err == ERR_UNSUPPORTED) {
        arena_deinit(&arena);
        return transaction_respond(tx, &(struct sip_response_options){.status = 603});
    }
    if (err == ERR_OK)
        err = accept(tx, msg);
    if (err == ERR_OK)
        err = follow(agent, sub, &refer);
    arena_deinit(&arena);
    return err;
}
