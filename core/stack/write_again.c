/* A request once more: row by row as it was, but for what has to be another. */
#include "core/stack/again.h"
#include "core/stack/writing.h"

static void write_start(struct compose *c, const struct again *again)
{
    struct view uri =
        again->uri.ptr != NULL ? again->uri : sip_msg_request_uri_text(again->request);
    compose_add(c, sip_msg_method_name(again->request));
    compose_add(c, V(" "));
    compose_add(c, uri);
    compose_add(c, V(" SIP/2.0\r\n"));
}

static void write_cseq(struct compose *c, const struct again *again, uint32_t seq)
{
    compose_head(c, SIP_HEADER_CSEQ);
    compose_add_uint(c, seq);
    compose_add(c, V(" "));
    compose_add(c, sip_msg_method_name(again->request));
    compose_line_end(c);
}

static void copy_line(struct compose *c, const struct sip_line *line)
{
    compose_add(c, line->name);
    compose_add(c, V(": "));
    compose_add(c, line->value);
    compose_line_end(c);
}

static bool is_first(const struct again *again, const struct sip_line *line)
{
    return line == sip_msg_find(again->request, line->id, 0);
}

static void write_line(struct compose *c, const struct again *again, const struct sip_line *line,
                       struct view branch, uint32_t seq)
{
    switch (line->id) {
    case SIP_HEADER_VIA:
        if (is_first(again, line))
            via_write_own(c, layer_bound(&again->stack->layer, &again->hop), branch);
        else if (again->keep_vias)
            copy_line(c, line);
        break;
    case SIP_HEADER_CSEQ:
        write_cseq(c, again, seq);
        break;
    case SIP_HEADER_CONTENT_LENGTH: /* written at the end, where the mutant's fault is added too */
        break;
    case SIP_HEADER_OTHER:
        copy_line(c, line);
        break;
    default:
        if (is_first(again, line) ? compose_free(c, line->id) : !compose_given(c, line->id))
            copy_line(c, line);
    }
}

struct blob *again_write(const struct again *again, struct view branch, uint32_t seq)
{
    struct sip_stack *stack = again->stack;
    struct compose c;
    compose_begin(&c, &stack->layer.scratch, again->rows, again->row_count);
    c.length_error = (stack->layer.mutants & SIP_MUTANT_LENGTH_OFF_BY_ONE) != 0;
    write_start(&c, again);
    for (size_t i = 0; i < sip_msg_line_count(again->request); i++)
        write_line(&c, again, sip_msg_line(again->request, i), branch, seq);
    compose_end_copied(&c, sip_msg_body(again->request));
    struct blob *blob = bytes_written(stack, c.buf);
    if (blob != NULL)
        blob->told = sip_msg_blob(again->request)->told;
    return blob;
}
