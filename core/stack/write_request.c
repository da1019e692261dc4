#include "core/stack/session.h"

static void write_tagged(struct compose *c, enum sip_header_id id, struct view value,
                         struct view tag)
{
    if (!compose_free(c, id))
        return;
    compose_head(c, id);
    compose_add(c, value);
    if (tag.len > 0) {
        compose_add(c, V(";tag="));
        compose_add(c, tag);
    }
    compose_line_end(c);
}

static void write_routes(struct compose *c, const struct route_plan *route)
{
    if ((route->count == 0 && route->last.ptr == NULL) || !compose_free(c, SIP_HEADER_ROUTE))
        return;
    for (size_t i = 0; i < route->count; i++) {
        compose_head(c, SIP_HEADER_ROUTE);
        compose_add(c, route->routes[i]);
        compose_line_end(c);
    }
    if (route->last.ptr == NULL)
        return;
    compose_head(c, SIP_HEADER_ROUTE);
    compose_add(c, V("<"));
    compose_add(c, route->last);
    compose_add(c, V(">\r\n"));
}

static void write_cseq(struct compose *c, const struct request_plan *plan)
{
    if (!compose_free(c, SIP_HEADER_CSEQ))
        return;
    compose_head(c, SIP_HEADER_CSEQ);
    compose_add_uint(c, plan->seq);
    compose_add(c, V(" "));
    compose_add(c, plan->method);
    compose_line_end(c);
}

/* Dialog-forming and target refresh requests: RFC 3261 §8.1.1.8, RFC 3311, 3515, 6665. */
static bool wants_contact(enum sip_method method)
{
    return method == SIP_INVITE || method == SIP_SUBSCRIBE || method == SIP_REFER ||
           method == SIP_NOTIFY || method == SIP_UPDATE || method == SIP_REGISTER;
}

/* RFC 4028 §4 */
void session_write(struct compose *c, uint32_t expires_s, uint8_t refresher)
{
    static const struct view params[] = {
        [SIP_REFRESHER_UAC] = {";refresher=uac", 14},
        [SIP_REFRESHER_UAS] = {";refresher=uas", 14},
    };
    if (expires_s == 0 || !compose_free(c, SIP_HEADER_SESSION_EXPIRES))
        return;
    compose_head(c, SIP_HEADER_SESSION_EXPIRES);
    compose_add_uint(c, expires_s);
    compose_add(c, params[refresher]);
    compose_line_end(c);
}

static void write_capabilities(struct compose *c, const struct sip_stack *stack,
                               const struct request_plan *plan)
{
    const struct sip_request_options *options = plan->options;
    if (options->contact.ptr != NULL)
        compose_row(c, SIP_HEADER_CONTACT, options->contact);
    else if (plan->id == SIP_REGISTER)
        compose_row(c, SIP_HEADER_CONTACT, stack->contact);
    else if (wants_contact(plan->id))
        compose_row(c, SIP_HEADER_CONTACT,
                    stack_contact(stack, view_starts_nocase(plan->uri, V("sips:"))));
    if (plan->id == SIP_INVITE) /* RFC 3261 §13.2.1 */
        compose_row(c, SIP_HEADER_ALLOW, stack->allow);
    if (plan->id == SIP_INVITE && stack->events.len > 0) /* RFC 6665 §4.4.4 */
        compose_row(c, SIP_HEADER_ALLOW_EVENTS, stack->events);
    if (plan->id == SIP_INVITE)
        packages_write(c, stack);
    if (plan->id != SIP_ACK && stack->supported.len > 0) /* RFC 4028 §7.1 */
        compose_row(c, SIP_HEADER_SUPPORTED, stack->supported);
    session_write(c, plan->refresh.expires_s, plan->refresh.refresher);
    if (plan->refresh.min_se_s != 0)
        compose_row_uint(c, SIP_HEADER_MIN_SE, plan->refresh.min_se_s);
    if (stack->user_agent.len > 0)
        compose_row(c, SIP_HEADER_USER_AGENT, stack->user_agent);
}

/* As new bytes; what went wrong with them is the layer's to remember. */
struct blob *bytes_written(struct sip_stack *stack, const struct buf *buf)
{
    struct blob *blob = buf->failed == ERR_OK ? blob_create(buf_view(buf)) : NULL;
    if (blob == NULL)
        layer_fail(&stack->layer, buf->failed != ERR_OK ? buf->failed : ERR_MEMORY);
    return blob;
}

struct blob *request_write(struct sip_stack *stack, const struct request_plan *plan)
{
    const struct sip_request_options *options = plan->options;
    struct compose c;
    compose_begin(&c, &stack->layer.scratch, options->rows, options->row_count);
    c.length_error = (stack->layer.mutants & SIP_MUTANT_LENGTH_OFF_BY_ONE) != 0;
    compose_add(&c, plan->method);
    compose_add(&c, V(" "));
    compose_add(&c, plan->uri);
    compose_add(&c, V(" SIP/2.0\r\n"));
    via_write_own(&c, layer_bound(&stack->layer, &plan->hop), plan->branch);
    write_routes(&c, &plan->route);
    compose_row_uint(&c, SIP_HEADER_MAX_FORWARDS,
                     options->has_max_forwards ? options->max_forwards : 70);
    write_tagged(&c, SIP_HEADER_FROM, plan->from, plan->from_tag);
    write_tagged(&c, SIP_HEADER_TO, plan->to, plan->to_tag);
    compose_row(&c, SIP_HEADER_CALL_ID, plan->call_id);
    write_cseq(&c, plan);
    write_capabilities(&c, stack, plan);
    compose_add(&c, plan->credentials);
    compose_end(&c, options->body, options->content_type);
    struct blob *blob = bytes_written(stack, c.buf);
    if (blob != NULL)
        blob->told = options->told & 3u;
    return blob;
}
