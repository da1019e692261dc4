#include "core/stack/session.h"

/* The rules about all requests, RFC 3261 §8.2, in its order. A check gives the status that refuses
 * the request, or 0; what the answer must list as well, it writes into the stack's scratch. */
struct check {
    struct sip_stack *stack;
    struct sip_tx *tx;
    struct sip_msg *msg;
    const struct tx_key *key;
    struct sip_row row; /* that the answer gets; name absent: none */
};

enum { URI_LEN_MAX = 8192, BODY_LEN_MAX = 1 << 20 };

static uint16_t check_version(struct check *check)
{
    return view_equal_nocase(sip_msg_version(check->msg), V("SIP/2.0")) ? 0 : 505;
}

/* A version in lower case is as good (§7.1), and a method that nobody knows deserves 501 before the
 * CSeq is looked at (RFC 4475 §3.1.2.18). */
static bool is_grave(const struct check *check, const struct sip_fault *fault)
{
    struct view rule = view_of(fault->rule);
    if (view_equal(rule, V("version")))
        return false;
    if (view_equal(rule, V("cseq-method")) && sip_msg_method(check->msg) == SIP_METHOD_OTHER)
        return false;
    return fault->fatal || check->stack->strict;
}

static uint16_t check_grammar(struct check *check)
{
    for (size_t i = 0; i < sip_msg_fault_count(check->msg); i++)
        if (is_grave(check, sip_msg_fault(check->msg, i)))
            return 400;
    return 0;
}

static uint16_t check_size(struct check *check)
{
    if (sip_msg_request_uri_text(check->msg).len > URI_LEN_MAX)
        return 414;
    return sip_msg_body(check->msg).len > BODY_LEN_MAX ? 413 : 0;
}

/* §8.2.1: 405 for what we know of and do not do, 501 (§21.5.2) for what nobody here ever heard of.
 */
static uint16_t check_method(struct check *check)
{
    enum sip_method method = sip_msg_method(check->msg);
    if (list_has(check->stack->allow, sip_msg_method_name(check->msg)))
        return 0;
    const struct sip_call *call = call_of_request(check->stack, check->msg);
    if (method_is_manual(call == NULL ? check->stack->manual : call->manual, method))
        return 0;
    check->row = (struct sip_row){.name = V("Allow"), .value = check->stack->allow};
    return method == SIP_METHOD_OTHER ? 501 : 405;
}

static uint16_t check_scheme(struct check *check)
{
    const struct sip_uri *uri = sip_msg_request_uri(check->msg);
    if ((check->stack->manual & SIP_MANUAL_SCHEME) != 0)
        return 0;
    return uri == NULL || uri->scheme == SIP_SCHEME_SIP || uri->scheme == SIP_SCHEME_SIPS ? 0 : 416;
}

static uint16_t check_merged(struct check *check)
{
    return match_merged(&check->stack->layer, check->key, check->tx) != NULL ? 482 : 0;
}

/* §8.2.2.3: all those tags that we do not understand; CANCEL has none to look at. */
static uint16_t check_require(struct check *check)
{
    if (sip_msg_method(check->msg) == SIP_CANCEL)
        return 0;
    struct buf *tags = &check->stack->list;
    buf_clear(tags);
    for (size_t i = 0; i < sip_msg_count(check->msg, SIP_HEADER_REQUIRE); i++) {
        const struct sip_text *tag = sip_msg_get(check->msg, SIP_HEADER_REQUIRE, i);
        if (tag == NULL || list_has(check->stack->supported, tag->text))
            continue;
        buf_add(tags, tags->len == 0 ? V("") : V(", "));
        buf_add(tags, tag->text);
    }
    layer_fail(&check->stack->layer, tags->failed);
    if (tags->len == 0)
        return 0;
    check->row = (struct sip_row){.name = V("Unsupported"), .value = buf_view(tags)};
    return 420;
}

/* §8.2.3: encodings for any body; types for that of an INVITE, which the call is about. What bodies
 * of other methods mean is for those who know the method. */
static uint16_t check_encoding(struct check *check)
{
    for (size_t i = 0; i < sip_msg_count(check->msg, SIP_HEADER_CONTENT_ENCODING); i++) {
        const struct sip_text *coding = sip_msg_get(check->msg, SIP_HEADER_CONTENT_ENCODING, i);
        if (coding == NULL || view_equal_nocase(coding->text, V("identity")))
            continue;
        check->row = (struct sip_row){.name = V("Accept-Encoding"), .value = V("identity")};
        return 415;
    }
    return 0;
}

static bool is_optional(struct sip_msg *msg)
{
    const struct sip_token_params *disposition =
        sip_msg_get(msg, SIP_HEADER_CONTENT_DISPOSITION, 0);
    struct view handling;
    return disposition != NULL && sip_param_find(&disposition->params, V("handling"), &handling) &&
           view_equal_nocase(handling, V("optional"));
}

static uint16_t check_type(struct check *check)
{
    const struct sip_media_type *type = sip_msg_get(check->msg, SIP_HEADER_CONTENT_TYPE, 0);
    if (sip_msg_method(check->msg) != SIP_INVITE || type == NULL || is_optional(check->msg) ||
        media_has(check->stack->accept, type))
        return 0;
    check->row = (struct sip_row){.name = V("Accept"), .value = check->stack->accept};
    return 415;
}

/* RFC 4475 §3.3.15: an INVITE that would not take a session description in answer. */
static uint16_t check_accept(struct check *check)
{
    size_t count = sip_msg_count(check->msg, SIP_HEADER_ACCEPT);
    if (sip_msg_method(check->msg) != SIP_INVITE || count == 0)
        return 0;
    for (size_t i = 0; i < count; i++) {
        const struct sip_media_type *type = sip_msg_get(check->msg, SIP_HEADER_ACCEPT, i);
        if (type == NULL || media_has(V("application/sdp"), type))
            return 0;
    }
    check->row = (struct sip_row){
        .name = V("Warning"), .value = V("399 sipwright \"only application/sdp can be offered\"")};
    return 406;
}

/* RFC 3891 §3, RFC 3911 §4: only an INVITE may replace or join a dialog. */
static uint16_t check_replaces(struct check *check)
{
    struct handle none;
    if (sip_msg_method(check->msg) == SIP_INVITE ||
        (check->stack->manual & SIP_MANUAL_REPLACES) != 0)
        return 0;
    return replaces_check(check->stack, check->msg, &none);
}

bool checks_refuse(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *msg,
                   const struct tx_key *key)
{
    static uint16_t (*const checks[])(struct check *) = {
        check_version, check_grammar,  check_size, check_method, check_scheme,   check_merged,
        check_require, check_encoding, check_type, check_accept, check_replaces,
    };
    struct check check = {.stack = stack, .tx = tx, .msg = msg, .key = key};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        uint16_t status = checks[i](&check);
        if (status == 0)
            continue;
        stack_answer(stack, tx, status, &check.row, check.row.name.ptr != NULL);
        return true;
    }
    return false;
}
