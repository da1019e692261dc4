#include "harness/replay/rewriting.h"

/* In a request: From with a tag of ours, To with the one that was learnt. */
void row_name(struct rewriting *r, const struct sip_line *line, bool from)
{
    const struct sip_name_addr *value = from ? sip_msg_from(r->msg) : sip_msg_to(r->msg);
    struct splice splice = {.text = line->value};
    struct view tag = {0};
    if (value == NULL) {
        row_write(r, line, line->value);
        return;
    }
    if (value->tag.ptr != NULL && from)
        rewriting_fail(r, names_own(&r->play->names, NAME_TAG, value->tag, &tag));
    else if (value->tag.ptr != NULL)
        tag = names_find(&r->play->names, NAME_TAG, value->tag);
    if (tag.ptr != NULL)
        splice_put(&splice, value->tag, tag);
    rewriting_host_move(r, &splice, &value->uri);
    if (!from)
        rewriting_user_move(r, &splice, &value->uri);
    row_splice(r, line, &splice);
}

/* RFC 3261 §8.2.6.2: as in the request, and a tag of ours where it had none. */
void row_to(struct rewriting *r, const struct sip_line *line)
{
    const struct sip_line *asked = sip_msg_find(r->way->request, SIP_HEADER_TO, 0);
    const struct sip_name_addr *now = sip_msg_to(r->way->request), *was = sip_msg_to(r->msg);
    struct view tag = {0};
    row_head(r, line);
    buf_add(r->out, asked == NULL ? line->value : asked->value);
    if (was != NULL && was->tag.ptr != NULL && (now == NULL || now->tag.ptr == NULL)) {
        rewriting_fail(r, names_own(&r->play->names, NAME_TAG, was->tag, &tag));
        buf_add(r->out, V(";tag="));
        buf_add(r->out, tag);
    }
    buf_add(r->out, V("\r\n"));
}

void row_call_id(struct rewriting *r, const struct sip_line *line)
{
    struct view live = {0};
    rewriting_fail(r, names_own(&r->play->names, NAME_CALL_ID, sip_msg_call_id(r->msg), &live));
    row_write(r, line, live);
}

/* Each URI of the row has our address. */
static void here_row(struct rewriting *r, const struct sip_line *line)
{
    struct splice splice = {.text = line->value};
    struct view place = rewriting_place(r, r->here);
    const struct sip_name_addr *value;
    for (size_t i = 0; (value = sip_msg_get(r->msg, line->id, i)) != NULL; i++)
        if (!value->wildcard)
            splice_put(&splice, rewriting_place_of(&value->uri), place);
    row_splice(r, line, &splice);
}

/* A redirection leads to somebody else. */
void row_contact(struct rewriting *r, const struct sip_line *line)
{
    uint16_t status = sip_msg_status(r->msg);
    if (status >= 300)
        row_write(r, line, line->value);
    else
        here_row(r, line);
}

void row_record_route(struct rewriting *r, const struct sip_line *line)
{
    bool theirs = !sip_msg_is_request(r->msg) &&
                  sip_msg_find(r->way->request, SIP_HEADER_RECORD_ROUTE, 0) != NULL;
    if (!theirs)
        here_row(r, line);
    else if (!r->recorded)
        rows_repeat(r, r->way->request, SIP_HEADER_RECORD_ROUTE, 0);
    r->recorded = true;
}

void rows_route(struct rewriting *r)
{
    const struct way *before = rewriting_followed(r);
    if (r->routed)
        return;
    r->routed = true;
    if (before != NULL && before->request != NULL) {
        rows_repeat(r, before->request, SIP_HEADER_ROUTE, 0);
        return;
    }
    for (size_t i = 0; rewriting_leads(r) && i < r->far->route_count; i++) {
        buf_add(r->out, V("Route: "));
        buf_add(r->out, r->far->routes[i]);
        buf_add(r->out, V("\r\n"));
    }
}

/* Outside of dialogs the captured one stays, but where a device stands for whom it names. */
void row_route(struct rewriting *r, const struct sip_line *line)
{
    struct splice splice = {.text = line->value};
    const struct sip_name_addr *route;
    if (rewriting_leads(r) || rewriting_followed(r) != NULL || r->play->options->target != NULL)
        return;
    for (size_t i = 0; (route = sip_msg_route(r->msg, i)) != NULL; i++)
        rewriting_host_move(r, &splice, &route->uri);
    row_splice(r, line, &splice);
}

/* RFC 3262 §7.2: the number that the other side gave, of the INVITE that is ours. */
void row_rack(struct rewriting *r, const struct sip_line *line)
{
    const struct sip_rack *rack = sip_msg_get(r->msg, SIP_HEADER_RACK, 0);
    const struct sip_name_addr *to = sip_msg_to(r->msg);
    struct splice splice = {.text = line->value};
    if (rack != NULL && to != NULL && to->tag.ptr != NULL) {
        struct view live = names_rseq(&r->play->names, to->tag, rack->rseq);
        size_t digits = view_find_char(line->value, ' ');
        if (live.ptr != NULL)
            splice_put(&splice, view_head(line->value, digits), live);
    }
    row_splice(r, line, &splice);
}
