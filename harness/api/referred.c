#include "harness/api/referred.h"

#include "harness/api/again_opts.h"
#include "harness/api/kinds.h"
#include "harness/api/rows_more.h"
#include "harness/api/send_opts.h"

enum { HEADERS_MAX = 16 };

/* RFC 3261 §19.1.5: what a URI may not make us say: who we are, the way that it takes, and what we
 * can do. */
static bool is_dangerous(struct view name)
{
    switch (sip_header_find(name)) {
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
    case SIP_HEADER_VIA:
    case SIP_HEADER_RECORD_ROUTE:
    case SIP_HEADER_ROUTE:
    case SIP_HEADER_CONTACT:
    case SIP_HEADER_MAX_FORWARDS:
    case SIP_HEADER_CONTENT_LENGTH:
    case SIP_HEADER_ACCEPT:
    case SIP_HEADER_ACCEPT_ENCODING:
    case SIP_HEADER_ACCEPT_LANGUAGE:
    case SIP_HEADER_ALLOW:
    case SIP_HEADER_SUPPORTED:
    case SIP_HEADER_ORGANIZATION:
    case SIP_HEADER_USER_AGENT:
    case SIP_HEADER_AUTHORIZATION:
    case SIP_HEADER_PROXY_AUTHORIZATION:
        return true;
    default:
        return false;
    }
}

/* No value may end its row and begin another (B28). */
static bool is_one_row(struct view text)
{
    return view_find_char(text, '\r') == text.len && view_find_char(text, '\n') == text.len &&
           view_find_char(text, '\0') == text.len;
}

static struct view unescaped(lua_State *L, struct view text)
{
    struct arena arena = {0};
    struct view plain = sip_unescape(text, &arena);

    if (plain.ptr == NULL && text.len > 0) {
        arena_deinit(&arena);
        luaL_error(L, "not enough memory");
    }
    lua_pushlstring(L, plain.ptr == NULL ? "" : plain.ptr, plain.len);
    arena_deinit(&arena);
    return arg_view(L, -1, "a header");
}

static void header_read(lua_State *L, struct view text, struct referred *out)
{
    size_t equal = view_find_char(text, '=');
    struct view name = unescaped(L, view_head(text, equal));
    struct view value = unescaped(L, view_skip(text, equal + 1));

    if (view_equal_nocase(name, V("body"))) {
        out->body = value;
        return;
    }
    if (name.len == 0 || !is_one_row(name) || !is_one_row(value) || is_dangerous(name))
        return;
    rows_more(L, &out->rows.items, &out->rows.count, name, value);
}

static void headers_read(lua_State *L, struct view headers, struct referred *out)
{
    for (int i = 0; i < HEADERS_MAX && headers.len > 0; i++) {
        size_t end = view_find_char(headers, '&');
        header_read(L, view_head(headers, end), out);
        headers = view_skip(headers, end + 1);
    }
}

/* The URI without its headers and its method, which are no part of a Request-URI. */
static struct view plain_uri(lua_State *L, const struct sip_uri *uri)
{
    struct sip_uri_parts parts = sip_uri_without(uri->text, V("method"));

    lua_pushlstring(L, parts.head.ptr, parts.head.len);
    lua_pushlstring(L, parts.tail.len == 0 ? "" : parts.tail.ptr, parts.tail.len);
    lua_concat(L, 2);
    return arg_view(L, -1, "a URI");
}

void referred_read(lua_State *L, const struct subscription *sub, struct referred *out)
{
    const struct transaction *tx = agents_transaction(agents_of_lua(L), sub->asked);
    struct sip_msg *msg = tx == NULL ? NULL : post_msg(&agents_of_lua(L)->post, tx->request);
    const struct sip_name_addr *to = msg == NULL ? NULL : sip_msg_get(msg, SIP_HEADER_REFER_TO, 0);
    const struct sip_line *by = msg == NULL ? NULL : sip_msg_find(msg, SIP_HEADER_REFERRED_BY, 0);
    struct view method;

    *out = (struct referred){.method = V("INVITE")};
    if (to == NULL || (to->uri.scheme != SIP_SCHEME_SIP && to->uri.scheme != SIP_SCHEME_SIPS))
        scene_misuse(L, "this REFER is to no SIP URI: reject it, or notify of what was done");
    luaL_checkstack(L, 6 * HEADERS_MAX, "headers");
    if (sip_param_find(&to->uri.params, V("method"), &method) && method.len > 0)
        out->method = unescaped(L, method);
    if (by != NULL) {
        view_push(L, by->value);
        rows_more(L, &out->rows.items, &out->rows.count, V("Referred-By"),
                  arg_view(L, -1, "Referred-By"));
    }
    headers_read(L, to->uri.headers, out);
    plain_uri(L, &to->uri);
    out->aim = aim_at(L, lua_gettop(L), "follow");
}

int referred_send(lua_State *L, struct subscription *sub, const struct referred *referred,
                  int opts_index)
{
    struct sip_request_options options = {.method = referred->method};
    struct opts opts = opts_open(L, opts_index, "follow", send_names, NULL);
    struct request *request;
    struct send_opts send;

    send_opts_read(&opts, &sub->agent->party, &send);
    send_opts_request(&send, &options);
    options.method = referred->method;
    options.uri = referred->aim.uri;
    options.remote = referred->aim.remote;
    options.again = sub->agent->stack.again;
    if (options.body.ptr == NULL && referred->body.ptr != NULL) {
        options.body = referred->body;
        options.content_type = V("text/plain");
    }
    for (size_t i = 0; i < referred->rows.count; i++)
        rows_more(L, &options.rows, &options.row_count, referred->rows.items[i].name,
                  referred->rows.items[i].value);
    command_traced(L, &sub->agent->party, "%.*s to %.*s", VIEW_ARG(options.method),
                   VIEW_ARG(options.uri));
    enum err err = request_send(sub->agent, &options, &request, NULL);
    if (err != ERR_OK)
        return command_failed(L, &sub->agent->party, "request", err);
    request->script = true;
    request->peer = referred->aim.peer;
    request->follows = sub->handle;
    sub->follows = request->handle;
    return request_push(L, request);
}
