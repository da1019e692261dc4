#include "harness/replay/rewriting.h"

/* RFC 3261 §18.1.1; what the captured one asked for with parameters stays asked for. */
static void via_own(struct rewriting *r, const struct sip_via *captured)
{
    buf_printf(r->out, "Via: SIP/2.0/%s ", proto_word(r->proto));
    addr_write(r->out, r->here);
    for (size_t i = 0; captured != NULL && i < captured->params.count; i++) {
        const struct sip_param *param = &captured->params.items[i];
        if (view_equal_nocase(param->name, V("rport")) ||
            view_equal_nocase(param->name, V("alias")) ||
            view_equal_nocase(param->name, V("keep"))) {
            buf_add_char(r->out, ';');
            buf_add(r->out, param->name);
        }
    }
    buf_add(r->out, V(";branch="));
    buf_add(r->out, r->way->branch);
    buf_add(r->out, V("\r\n"));
}

/* Ours on top; those of who had it before us stay. */
static void via_request(struct rewriting *r, const struct sip_line *line)
{
    const struct sip_via *top = sip_msg_via(r->msg, 0);
    if (r->via) {
        row_write(r, line, line->value);
        return;
    }
    via_own(r, top);
    struct view rest = line->value;
    if (top != NULL && top->text.ptr >= rest.ptr && top->text.len < rest.len) {
        rest = view_skip(rest, (size_t)(top->text.ptr - rest.ptr) + top->text.len);
        rest = view_trim(view_skip(rest, view_find_char(rest, ',') + 1));
        if (rest.len > 0)
            row_write(r, line, rest);
    }
}

/* RFC 3261 §18.2.1, RFC 3581 §4: who asks by rport is told his address. */
static void via_response(struct rewriting *r)
{
    const struct sip_via *top = sip_msg_via(r->way->request, 0);
    const struct sip_line *line = sip_msg_find(r->way->request, SIP_HEADER_VIA, 0);
    struct splice splice = {.text = line == NULL ? V("") : line->value};
    struct buf told = {0};
    bool asks = top != NULL && top->rport.ptr != NULL && top->rport.len == 0;
    if (asks) {
        buf_printf(&told, "rport=%u;received=", r->way->source.port);
        addr_ip_write(&told, &r->way->source);
        rewriting_fail(r, told.failed);
    }
    for (size_t i = 0; asks && i < top->params.count; i++)
        if (view_equal_nocase(top->params.items[i].name, V("rport")))
            splice_put(&splice, top->params.items[i].name, rewriting_text(r, buf_view(&told)));
    if (line != NULL)
        row_splice(r, line, &splice);
    rows_repeat(r, r->way->request, SIP_HEADER_VIA, 1);
    buf_deinit(&told);
}

void row_via(struct rewriting *r, const struct sip_line *line)
{
    if (sip_msg_is_request(r->msg))
        via_request(r, line);
    else if (!r->via)
        via_response(r);
    r->via = true;
}
