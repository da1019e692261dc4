/* msg:with{…}: a changed copy. What is not named stays byte for byte, right or wrong. */
#include "harness/api/draft.h"
#include "harness/api/draft_rows.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"

static void start_changed(lua_State *L, struct draft *draft, const struct sip_msg *msg,
                          const struct opts *opts)
{
    struct view method = sip_msg_method_name(msg), uri = sip_msg_request_uri_text(msg);
    struct view reason = sip_msg_reason(msg);
    uint64_t status = sip_msg_status(msg);

    if (sip_msg_is_request(msg)) {
        bool named = opts_view(opts, "method", &method);
        opts_view(opts, "uri", &uri);
        sip_build_request(&draft->build, method, uri);
        if (named)
            draft->method = draft_keep(L, draft, method);
        return;
    }
    if (opts_uint(opts, "status", 999, &status))
        reason = sip_status_reason((uint16_t)status);
    opts_view(opts, "reason", &reason);
    sip_build_response(&draft->build, (uint16_t)status, reason);
}

/* The length is counted anew where the body is, and else stays as it was. */
static void rows_copied(struct draft *draft, const struct sip_msg *msg, bool new_body)
{
    for (size_t i = 0; i < sip_msg_line_count(msg); i++) {
        const struct sip_line *line = sip_msg_line(msg, i);
        if (!new_body || line->id != SIP_HEADER_CONTENT_LENGTH)
            sip_build_add(&draft->build, line->name, line->value);
    }
    if (!new_body && sip_msg_find(msg, SIP_HEADER_CONTENT_LENGTH, 0) == NULL)
        draft->no_length = true;
}

int message_with(lua_State *L)
{
    const struct message_info *info = message_check(L, 1);
    struct opts opts = {.L = L, .index = 2, .whose = "with"};

    lua_settop(L, 2);
    if (!lua_istable(L, 2))
        return scene_misuse(
            L, "with wants what to change: msg:with{headers = {Require = \"100rel\"}}");
    struct draft *draft = draft_push(L);
    struct sip_msg *msg = message_msg(L, info);
    if (msg == NULL)
        return scene_misuse(L, "bytes that are no SIP message cannot be changed by name");
    start_changed(L, draft, msg, &opts);
    rows_copied(draft, msg, opts_has(&opts, "body") || opts_has(&opts, "sdp"));
    sip_build_body(&draft->build, sip_msg_body(msg));
    draft_read_opts(L, draft, 2, "with");
    draft_edit(L, draft, msg, 2, "with");
    draft->omitted |= info->omitted;
    draft_finish(L, draft);
    message_check(L, -1)->draft = info->draft;
    return 1;
}
