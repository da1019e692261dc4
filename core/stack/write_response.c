#include "core/stack/session.h"

static void write_start(struct compose *c, const struct sip_response_options *options)
{
    compose_add(c, V("SIP/2.0 "));
    compose_add_uint(c, options->status);
    compose_add(c, V(" "));
    compose_add(c,
                options->reason.ptr != NULL ? options->reason : sip_status_reason(options->status));
    compose_line_end(c);
}

/* RFC 3261 §8.2.6.2: as in the request, with our tag where it has none. */
static void write_to(struct compose *c, const struct response_plan *plan)
{
    const struct sip_line *line = sip_msg_find(plan->request, SIP_HEADER_TO, 0);
    const struct sip_name_addr *to = sip_msg_to(plan->request);
    if (line == NULL || !compose_free(c, SIP_HEADER_TO))
        return;
    compose_head(c, SIP_HEADER_TO);
    compose_add(c, line->value);
    if (plan->to_tag.len > 0 && (to == NULL || to->tag.ptr == NULL)) {
        compose_add(c, V(";tag="));
        compose_add(c, plan->to_tag);
    }
    compose_line_end(c);
}

/* RFC 3261 §8.2.6.1: what the request says, and how long it has lain here, in seconds. */
static void write_timestamp(struct compose *c, const struct response_plan *plan)
{
    const struct sip_timestamp *timestamp = sip_msg_get(plan->request, SIP_HEADER_TIMESTAMP, 0);
    uint64_t delay_ms = plan->delay_us / US_PER_MS;
    if (timestamp == NULL || !compose_free(c, SIP_HEADER_TIMESTAMP))
        return;
    compose_head(c, SIP_HEADER_TIMESTAMP);
    compose_add(c, timestamp->value);
    if (delay_ms > 0) {
        char millis[] = {'.', (char)('0' + delay_ms / 100 % 10), (char)('0' + delay_ms / 10 % 10),
                         (char)('0' + delay_ms % 10)};
        compose_add(c, V(" "));
        compose_add_uint(c, delay_ms / 1000);
        compose_add(c, (struct view){millis, sizeof millis});
    }
    compose_line_end(c);
}

/* RFC 3261 §12.1.1: by its Request-URI, the first Record-Route, or else its Contact. */
static bool is_secure(struct sip_msg *request)
{
    const struct sip_name_addr *route = sip_msg_get(request, SIP_HEADER_RECORD_ROUTE, 0);
    const struct sip_name_addr *from =
        route != NULL ? route : sip_msg_get(request, SIP_HEADER_CONTACT, 0);
    return sip_msg_is_request(request) &&
           (view_starts_nocase(sip_msg_request_uri_text(request), V("sips:")) ||
            (from != NULL && from->uri.scheme == SIP_SCHEME_SIPS));
}

/* RFC 3261 §12.1.1: what makes a dialog shows its route and where we are. */
static void write_dialog_rows(struct compose *c, const struct sip_stack *stack,
                              const struct response_plan *plan)
{
    const struct sip_response_options *options = plan->options;
    enum sip_method method = sip_msg_method(plan->request);
    bool forms = method == SIP_INVITE || method == SIP_SUBSCRIBE || method == SIP_REFER;
    if (forms && options->status > 100 && options->status < 300)
        compose_copy(c, SIP_HEADER_RECORD_ROUTE, plan->request);
    if (options->contact.ptr != NULL)
        compose_row(c, SIP_HEADER_CONTACT, options->contact);
    else if (plan->contact)
        compose_row(c, SIP_HEADER_CONTACT, stack_contact(stack, is_secure(plan->request)));
    if (plan->rseq != 0) { /* RFC 3262 §3 */
        compose_row(c, SIP_HEADER_REQUIRE, V("100rel"));
        compose_row_uint(c, SIP_HEADER_RSEQ, plan->rseq);
    }
    if (plan->refresh.require) /* RFC 4028 §9 */
        compose_row(c, SIP_HEADER_REQUIRE, V("timer"));
    session_write(c, plan->refresh.interval_s, plan->refresh.refresher);
    if (options->status == 100)
        write_timestamp(c, plan);
    if (plan->has_expires)
        compose_row_uint(c, SIP_HEADER_EXPIRES, plan->expires_s);
    if (plan->capabilities) {
        compose_row(c, SIP_HEADER_ALLOW, stack->allow);
        compose_row(c, SIP_HEADER_SUPPORTED, stack->supported);
        if (stack->events.len > 0)
            compose_row(c, SIP_HEADER_ALLOW_EVENTS, stack->events);
    }
    packages_write_answer(c, stack, plan);
    if (stack->user_agent.len > 0)
        compose_row(c, SIP_HEADER_SERVER, stack->user_agent);
}

struct blob *response_write(struct sip_stack *stack, const struct response_plan *plan)
{
    const struct sip_response_options *options = plan->options;
    struct compose c;
    compose_begin(&c, &stack->layer.scratch, options->rows, options->row_count);
    c.length_error = (stack->layer.mutants & SIP_MUTANT_LENGTH_OFF_BY_ONE) != 0;
    write_start(&c, options);
    via_write_copied(&c, plan->request, plan->source);
    compose_copy(&c, SIP_HEADER_FROM, plan->request);
    write_to(&c, plan);
    compose_copy(&c, SIP_HEADER_CALL_ID, plan->request);
    compose_copy(&c, SIP_HEADER_CSEQ, plan->request);
    write_dialog_rows(&c, stack, plan);
    compose_end(&c, options->body, options->content_type);
    struct blob *blob = bytes_written(stack, c.buf);
    if (blob != NULL)
        blob->told = options->told & 3u;
    return blob;
}
