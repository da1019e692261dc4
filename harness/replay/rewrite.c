#include "harness/replay/rewrite.h"
#include "harness/replay/rewriting.h"

void rewriting_fail(struct rewriting *r, enum err err)
{
    if (r->err == ERR_OK)
        r->err = err;
}

struct view rewriting_text(struct rewriting *r, struct view text)
{
    struct view copy = arena_copy(r->play->arena, text);
    if (copy.ptr == NULL)
        rewriting_fail(r, ERR_MEMORY);
    return copy;
}

static void status_line(struct rewriting *r)
{
    struct view raw = sip_msg_raw(r->msg);
    buf_add(r->out, view_trim(view_head(raw, view_find_char(raw, '\n'))));
    buf_add(r->out, V("\r\n"));
}

void row_head(struct rewriting *r, const struct sip_line *line)
{
    buf_add(r->out, line->name);
    buf_add(r->out, V(": "));
}

void row_write(struct rewriting *r, const struct sip_line *line, struct view value)
{
    row_head(r, line);
    buf_add(r->out, value);
    buf_add(r->out, V("\r\n"));
}

void row_splice(struct rewriting *r, const struct sip_line *line, const struct splice *splice)
{
    row_head(r, line);
    splice_write(splice, r->out);
    buf_add(r->out, V("\r\n"));
}

void rows_repeat(struct rewriting *r, struct sip_msg *of, enum sip_header_id id, size_t first)
{
    const struct sip_line *line;
    for (size_t i = first; (line = sip_msg_find(of, id, i)) != NULL; i++)
        row_write(r, line, line->value);
}

static void credentials_row(struct rewriting *r, const struct sip_line *line)
{
    bool proxy = line->id == SIP_HEADER_PROXY_AUTHORIZATION;
    if (!proof_known(r->play, line->id)) {
        row_write(r, line, line->value);
        return;
    }
    if (!r->proved[proxy])
        rewriting_fail(r, proof_write(r->play, line->id, r->msg, r->uri, r->out));
    r->proved[proxy] = true;
}

static void request_row(struct rewriting *r, const struct sip_line *line)
{
    if (line->id != SIP_HEADER_VIA)
        rows_route(r);
    switch (line->id) {
    case SIP_HEADER_FROM:
    case SIP_HEADER_TO:
        row_name(r, line, line->id == SIP_HEADER_FROM);
        break;
    case SIP_HEADER_ROUTE:
        row_route(r, line);
        break;
    case SIP_HEADER_RACK:
        row_rack(r, line);
        break;
    case SIP_HEADER_AUTHORIZATION:
    case SIP_HEADER_PROXY_AUTHORIZATION:
        credentials_row(r, line);
        break;
    case SIP_HEADER_CALL_ID:
        row_call_id(r, line);
        break;
    default:
        row_write(r, line, line->value);
    }
}

static void response_row(struct rewriting *r, const struct sip_line *line)
{
    switch (line->id) {
    case SIP_HEADER_FROM:
    case SIP_HEADER_CALL_ID:
    case SIP_HEADER_CSEQ:
        rows_repeat(r, r->way->request, line->id, 0);
        break;
    case SIP_HEADER_TO:
        row_to(r, line);
        break;
    default:
        row_write(r, line, line->value);
    }
}

static void any_row(struct rewriting *r, const struct sip_line *line)
{
    if (line->id == SIP_HEADER_VIA)
        row_via(r, line);
    else if (line->id == SIP_HEADER_CONTACT)
        row_contact(r, line);
    else if (line->id == SIP_HEADER_RECORD_ROUTE)
        row_record_route(r, line);
    else if (sip_msg_is_request(r->msg))
        request_row(r, line);
    else
        response_row(r, line);
}

/* The rows, then the body, whose length is known only then. */
static void rows_and_body(struct rewriting *r)
{
    struct buf body = {0};
    const struct sip_line *line;
    rewrite_media(r->play, r->step, sip_msg_body(r->msg), &body);
    for (size_t i = 0; i < sip_msg_line_count(r->msg); i++) {
        line = sip_msg_line(r->msg, i);
        if (line->id != SIP_HEADER_CONTENT_LENGTH) {
            any_row(r, line);
            continue;
        }
        row_head(r, line);
        buf_add_uint(r->out, body.len);
        buf_add(r->out, V("\r\n"));
    }
    buf_add(r->out, V("\r\n"));
    buf_add(r->out, buf_view(&body));
    rewriting_fail(r, body.failed);
    buf_deinit(&body);
}

enum err rewrite(struct play *play, const struct step *step, struct buf *out)
{
    struct sip_msg *msg = step_msg(step);
    struct rewriting r = {.play = play,
                          .step = step,
                          .msg = msg,
                          .way = &play->ways[step->tx],
                          .proto = plan_proto(step->captured->carrier),
                          .out = out};
    bool request = sip_msg_is_request(msg);
    if (!request && r.way->request == NULL)
        return ERR_STATE;
    if (play->options->target != NULL)
        r.proto = play->options->target->proto;
    if (!request)
        r.proto = r.way->proto;
    r.here = &play->seats[play->plan.played].at[r.proto];
    if (request && sip_msg_to_tag(msg).ptr != NULL)
        r.far = names_far(&play->names, sip_msg_to_tag(msg));
    buf_clear(out);
    if (request)
        rewriting_request_line(&r);
    else
        status_line(&r);
    rows_and_body(&r);
    return r.err != ERR_OK ? r.err : out->failed;
}
