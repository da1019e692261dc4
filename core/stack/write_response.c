#include "core/stack/self.h"

static void write_start(struct buf *buf, const struct sip_response_options *options)
{
    buf_add(buf, V("SIP/2.0 "));
    buf_add_uint(buf, options->status);
    buf_add_char(buf, ' ');
    buf_add(buf,
            options->reason.ptr != NULL ? options->reason : sip_status_reason(options->status));
    buf_add(buf, V("\r\n"));
}

/* RFC 3261 §8.2.6.2: as in the request, with our tag where it has none. */
static void write_to(struct compose *c, const struct response_plan *plan)
{
    const struct sip_line *line = sip_msg_find(plan->request, SIP_HEADER_TO, 0);
    const struct sip_name_addr *to = sip_msg_to(plan->request);
    if (line == NULL || !compose_free(c, SIP_HEADER_TO))
        return;
    compose_name(c, SIP_HEADER_TO);
    buf_add(c->buf, line->value);
    if (plan->to_tag.len > 0 && (to == NULL || to->tag.ptr == NULL)) {
        buf_add(c->buf, V(";tag="));
        buf_add(c->buf, plan->to_tag);
    }
    compose_line_end(c);
}

/* RFC 3261 §12.1.1: what makes a dialog shows its route and where we are. */
static void write_dialog_rows(struct compose *c, const struct sip_stack *stack,
                              const struct response_plan *plan)
{
    const struct sip_response_options *options = plan->options;
    bool forms = sip_msg_method(plan->request) == SIP_INVITE && options->status > 100 &&
                 options->status < 300;
    if (forms)
        compose_copy(c, SIP_HEADER_RECORD_ROUTE, plan->request);
    if (options->contact.ptr != NULL)
        compose_row(c, SIP_HEADER_CONTACT, options->contact);
    else if (plan->contact)
        compose_row(c, SIP_HEADER_CONTACT, stack->contact);
    if (options->status == 100)
        compose_copy(c, SIP_HEADER_TIMESTAMP, plan->request); /* §8.2.6.1 */
    if (plan->capabilities) {
        compose_row(c, SIP_HEADER_ALLOW, stack->allow);
        compose_row(c, SIP_HEADER_SUPPORTED, stack->supported);
    }
    if (stack->user_agent.len > 0)
        compose_row(c, SIP_HEADER_SERVER, stack->user_agent);
}

struct blob *response_write(struct sip_stack *stack, const struct response_plan *plan)
{
    const struct sip_response_options *options = plan->options;
    struct buf *buf = &stack->layer.scratch;
    struct compose c;
    buf_clear(buf);
    compose_begin(&c, buf, options->rows, options->row_count);
    c.length_error = (stack->layer.mutants & SIP_MUTANT_LENGTH_OFF_BY_ONE) != 0;
    write_start(buf, options);
    via_write_copied(&c, plan->request, plan->source);
    compose_copy(&c, SIP_HEADER_FROM, plan->request);
    write_to(&c, plan);
    compose_copy(&c, SIP_HEADER_CALL_ID, plan->request);
    compose_copy(&c, SIP_HEADER_CSEQ, plan->request);
    write_dialog_rows(&c, stack, plan);
    compose_end(&c, options->body, options->content_type);
    struct blob *blob = buf->failed == ERR_OK ? blob_create(buf_view(buf)) : NULL;
    layer_fail(&stack->layer, blob != NULL            ? ERR_OK
                              : buf->failed != ERR_OK ? buf->failed
                                                      : ERR_MEMORY);
    return blob;
}
