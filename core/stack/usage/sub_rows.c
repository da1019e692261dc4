/* What SUBSCRIBE and NOTIFY have to say, beside what their user gives. All texts live in the
 * scratch of the command. */
#include "core/stack/usage/usage.h"

static struct buf room_of(struct sip_stack *stack, size_t len)
{
    char *ptr = arena_alloc(&stack->scratch, len);
    return (struct buf){
        .ptr = ptr, .size = len, .limit = len, .failed = ptr == NULL ? ERR_MEMORY : ERR_OK};
}

/* Without a value where there was no memory. */
static struct sip_row row_of(struct view name, const struct buf *text)
{
    return (struct sip_row){.name = name,
                            .value = text->failed == ERR_OK ? buf_view(text) : (struct view){0}};
}

struct sip_row row_number(struct sip_stack *stack, struct view name, uint32_t value)
{
    return (struct sip_row){.name = name, .value = arena_uint(&stack->scratch, value)};
}

/* RFC 6665 §4.5.2: with the id that made it; RFC 3515 §2.4.6: from the second REFER of a dialog on
 * its CSeq number. */
struct sip_row row_event(struct sip_stack *stack, const struct sip_sub *sub)
{
    struct buf text = room_of(stack, sub->event.len + sub->id.len + 20);
    bool wrong = (stack->layer.mutants & SIP_MUTANT_REFER_ID) != 0;
    buf_add(&text, sub->event);
    if (sub->refer && (!sub->first || wrong)) {
        buf_add(&text, V(";id="));
        buf_add_uint(&text, sub->seq + (uint32_t)wrong);
    } else if (sub->id.ptr != NULL) {
        buf_add(&text, V(";id="));
        buf_add(&text, sub->id);
    }
    return row_of(V("Event"), &text);
}

static bool names(const struct sip_request_options *request, struct view name)
{
    for (size_t i = 0; i < request->row_count; i++)
        if (view_equal_nocase(request->rows[i].name, name))
            return true;
    return false;
}

enum err rows_add(struct sip_stack *stack, struct sip_request_options *request,
                  const struct sip_row *ours, size_t count)
{
    size_t used = request->row_count;
    struct sip_row *rows = arena_alloc(&stack->scratch, (used + count) * sizeof *rows);
    if (rows == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < used; i++)
        rows[i] = request->rows[i];
    for (size_t i = 0; i < count; i++) {
        if (names(request, ours[i].name))
            continue;
        if (ours[i].value.ptr == NULL)
            return ERR_MEMORY;
        rows[used++] = ours[i];
    }
    request->rows = rows;
    request->row_count = used;
    return ERR_OK;
}

uint32_t rows_seconds(const struct sip_row *rows, size_t count, struct view name,
                      uint32_t otherwise_s)
{
    uint64_t value;
    for (size_t i = 0; i < count; i++)
        if (rows[i].value.ptr != NULL && view_equal_nocase(rows[i].name, name) &&
            view_to_uint(view_trim(rows[i].value), UINT32_MAX, &value))
            return (uint32_t)value;
    return otherwise_s;
}
