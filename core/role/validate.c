/* RFC 3261 §16.3, with RFC 5393 §4.2.2. Syntax was the stack's. */
#include "core/role/proxy_private.h"

static uint16_t check_scheme(struct passage *p, struct refusal *out)
{
    const struct sip_uri *uri = sip_msg_request_uri(p->msg);
    (void)out;
    if (uri == NULL)
        return 400;
    return uri->scheme == SIP_SCHEME_SIP || uri->scheme == SIP_SCHEME_SIPS ? 0 : 416;
}

static uint16_t check_max_forwards(struct passage *p, struct refusal *out)
{
    const struct sip_number *left = sip_msg_get(p->msg, SIP_HEADER_MAX_FORWARDS, 0);
    (void)out;
    return left != NULL && left->value == 0 ? 483 : 0;
}

/* Where we have seen it before, and nothing by which we choose has changed since. */
static uint16_t check_loop(struct passage *p, struct refusal *out)
{
    size_t count = sip_msg_count(p->msg, SIP_HEADER_VIA);
    (void)out;
    for (size_t i = 0; i < count; i++) {
        const struct sip_via *via = sip_msg_via(p->msg, i);
        if (via != NULL && p->tail.len > 0 && view_ends(via->branch, p->tail) &&
            sip_stack_is(p->stack, via->host, via->port))
            return 482;
    }
    return 0;
}

static uint16_t check_proxy_require(struct passage *p, struct refusal *out)
{
    struct buf *buf = &p->proxy->text;
    size_t count = sip_msg_count(p->msg, SIP_HEADER_PROXY_REQUIRE);
    if (sip_msg_method(p->msg) == SIP_CANCEL || sip_msg_method(p->msg) == SIP_ACK || count == 0)
        return 0;
    buf_clear(buf);
    for (size_t i = 0; i < count; i++) {
        const struct sip_text *tag = sip_msg_get(p->msg, SIP_HEADER_PROXY_REQUIRE, i);
        if (tag == NULL)
            continue;
        buf_add(buf, buf->len == 0 ? V("") : V(", "));
        buf_add(buf, tag->text);
    }
    out->row = (struct sip_row){.name = V("Unsupported"),
                                .value = arena_copy(&p->proxy->scratch, buf_view(buf))};
    return 420;
}

/* RFC 3261 §22.3: whoever says that he is one of ours has to prove it. Within a dialog it was
 * proved; ACK and CANCEL cannot be challenged. */
static bool wants_proof(struct passage *p)
{
    enum sip_method method = sip_msg_method(p->msg);
    const struct sip_name_addr *to = sip_msg_to(p->msg), *from = sip_msg_from(p->msg);
    if (p->proxy->verifier == NULL || method == SIP_ACK || method == SIP_CANCEL)
        return false;
    if (to != NULL && to->tag.ptr != NULL)
        return false;
    return from == NULL || p->proxy->domain_count == 0 ||
           proxy_owns(p, from->uri.host, from->uri.port);
}

static uint16_t check_credentials(struct passage *p, struct refusal *out)
{
    struct sip_verified who;
    struct verifier *verifier = p->proxy->verifier;
    struct sip_row *rows;
    if (!wants_proof(p))
        return 0;
    enum verify_result result =
        verifier_check(verifier, p->now_us, p->msg, SIP_HEADER_PROXY_AUTHORIZATION, &who);
    if (result == VERIFY_GOOD)
        return 0;
    rows = arena_alloc(&p->proxy->scratch, VERIFY_ALGORITHMS_MAX * sizeof *rows);
    if (rows == NULL || result == VERIFY_BROKEN ||
        verifier_challenge(verifier, p->now_us, result == VERIFY_STALE,
                           SIP_HEADER_PROXY_AUTHENTICATE, &p->proxy->scratch, rows,
                           &out->row_count) != ERR_OK)
        return 500;
    out->rows = rows;
    return 407;
}

void validate(struct passage *p, struct refusal *out)
{
    static uint16_t (*const checks[])(struct passage *, struct refusal *) = {
        check_scheme, check_max_forwards, check_loop, check_proxy_require, check_credentials,
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks && out->status == 0; i++)
        out->status = checks[i](p, out);
}
