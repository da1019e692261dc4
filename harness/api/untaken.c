#include "harness/api/untaken.h"

#include "harness/agent/agents.h"

#include <stdio.h>

/* In the inbox of who was asked, where nobody has taken it. */
static bool is_untaken(const struct request *request, struct party *peer)
{
    struct post *post = &request->agent->party.agents->post;
    uint32_t from = request->agent->party.number;

    for (struct mail *m = NULL; (m = inbox_next(post, &peer->inbox, m)) != NULL;)
        if (m->status == 0 && m->from == from && m->method == request->method)
            return true;
    return false;
}

struct view untaken_hint(const struct request *request, char *room)
{
    struct party *peer =
        request == NULL ? NULL : agents_party(request->agent->party.agents, request->peer);
    struct view method, hint = {0};
    int len;

    if (peer == NULL || peer->kind != PARTY_AGENT ||
        (request->status != 0 && !request->generated) || !is_untaken(request, peer))
        return hint;
    method = sip_method_name((enum sip_method)request->method);
    if (request->method == SIP_INVITE)
        len = snprintf(room, UNTAKEN_HINT_MAX,
                       "%.*s has the INVITE and nobody answers it: %.*s:expect_invite():answer() "
                       "before this line, or in t:spawn",
                       VIEW_ARG(peer->name), VIEW_ARG(peer->name));
    else
        len = snprintf(room, UNTAKEN_HINT_MAX,
                       "%.*s has the %.*s and nobody answers it: %.*s:expect_request(\"%.*s\")"
                       ":respond(200) before this line, or in t:spawn",
                       VIEW_ARG(peer->name), VIEW_ARG(method), VIEW_ARG(peer->name),
                       VIEW_ARG(method));
    hint.ptr = room;
    hint.len = len < UNTAKEN_HINT_MAX ? (size_t)len : UNTAKEN_HINT_MAX - 1;
    return hint;
}

struct view nowhere_hint(const struct request *request, char *room)
{
    struct view hint = {0};
    struct addr addr;

    if (request == NULL || !request->generated || request->error != NET_UNREACHABLE)
        return hint;
    struct sip_msg *sent = post_msg(&request->agent->party.agents->post, request->sent);
    const struct sip_uri *uri = sent == NULL ? NULL : sip_msg_request_uri(sent);
    if (uri == NULL || uri->host.len == 0 || addr_parse(uri->host, &addr) == ERR_OK)
        return hint;
    int len =
        snprintf(room, UNTAKEN_HINT_MAX,
                 "does the name %.*s lead to an address? t.net:dns says what our agents resolve",
                 VIEW_ARG(view_head(uri->host, 80)));
    return (struct view){room, len < UNTAKEN_HINT_MAX ? (size_t)len : UNTAKEN_HINT_MAX - 1};
}
