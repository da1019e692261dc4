#include "harness/captured/call_select.h"

enum { LISTED_MOST = 20 };

/* "3" or "3-5". */
static bool span_parse(struct view text, struct call_span *out)
{
    size_t dash = view_find_char(text, '-');
    uint64_t first, last;

    if (!view_to_uint(view_head(text, dash), UINT32_MAX, &first) || first == 0)
        return false;
    last = first;
    if (dash < text.len && !view_to_uint(view_skip(text, dash + 1), UINT32_MAX, &last))
        return false;
    *out = (struct call_span){.first = (uint32_t)first, .last = (uint32_t)last};
    return first <= last;
}

static enum err span_add(struct call_selection *selection, struct call_span span)
{
    struct call_span *spans =
        mem_room(selection->spans, sizeof *spans, selection->count, &selection->size, 4);

    if (spans == NULL)
        return ERR_MEMORY;
    selection->spans = spans;
    spans[selection->count++] = span;
    return ERR_OK;
}

/* All of a comma list are numbers, or all of it is a Call-ID. */
static enum err spans_add(struct call_selection *selection, struct view text)
{
    struct call_span span;
    bool numbers = true;
    enum err err = ERR_OK;

    for (struct view rest = text; numbers && rest.len > 0;) {
        size_t comma = view_find_char(rest, ',');
        numbers = span_parse(view_head(rest, comma), &span);
        rest = view_skip(rest, comma + 1 < rest.len ? comma + 1 : rest.len);
    }
    if (!numbers)
        return span_add(selection, (struct call_span){.call_id = text});
    for (struct view rest = text; err == ERR_OK && rest.len > 0;) {
        size_t comma = view_find_char(rest, ',');
        if (span_parse(view_head(rest, comma), &span))
            err = span_add(selection, span);
        rest = view_skip(rest, comma + 1 < rest.len ? comma + 1 : rest.len);
    }
    return err;
}

static bool is_name(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = char_lower(text.ptr[i]);
        bool letter = c >= 'a' && c <= 'z';
        if (!letter && (i == 0 || !(c == '_' || (c >= '0' && c <= '9'))))
            return false;
    }
    return text.len > 0;
}

static enum err name_add(struct call_selection *selection, struct view text, struct buf *complaint)
{
    struct call_name *name = &selection->names[selection->name_count];
    size_t equals = view_find_char(text, '=');

    name->name = view_skip(text, equals + 1 < text.len ? equals + 1 : text.len);
    if (addr_parse(view_head(text, equals), &name->address) != ERR_OK || !is_name(name->name)) {
        buf_printf(complaint,
                   "'--agents %.*s': give an address and the name of who is there, as in "
                   "'--agents 192.0.2.1=alice'",
                   VIEW_ARG(text));
        return ERR_SYNTAX;
    }
    selection->name_count++;
    return ERR_OK;
}

static enum err names_read(const struct options *options, struct call_selection *selection,
                           struct buf *complaint)
{
    size_t count = options->agents.count;
    enum err err = ERR_OK;

    selection->names = mem_zalloc((count + 1) * sizeof *selection->names);
    selection->name_met = mem_zalloc((count + 1) * sizeof *selection->name_met);
    if (selection->names == NULL || selection->name_met == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; err == ERR_OK && i < count; i++)
        err = name_add(selection, view_of(options->agents.items[i]), complaint);
    return err;
}

enum err call_selection_read(const struct options *options, struct call_selection *out,
                             struct buf *complaint)
{
    enum err err = names_read(options, out, complaint);

    for (size_t i = 0; err == ERR_OK && i < options->calls.count; i++)
        err = spans_add(out, view_of(options->calls.items[i]));
    if (err == ERR_OK && options->dut != NULL &&
        addr_parse(view_of(options->dut), &out->device) != ERR_OK) {
        buf_printf(complaint, "'--dut %s': give an address, as in '--dut 192.0.2.1:5060'",
                   options->dut);
        err = ERR_SYNTAX;
    }
    return err;
}

uint32_t call_selection_number(const struct call_selection *selection)
{
    return selection->seen + 1;
}

static void party_see(struct call_selection *selection, const struct call_party *party)
{
    char room[ADDR_TEXT_MAX];
    struct view text = addr_text(&party->address, room);

    for (size_t i = 0; i < selection->name_count; i++)
        selection->name_met[i] |= addr_is_at(&party->address, &selection->names[i].address);
    if (selection->device.family != 0)
        selection->device_met |= addr_is_at(&party->address, &selection->device);
    if (selection->listed == LISTED_MOST ||
        view_find(buf_view(&selection->parties), text) < selection->parties.len)
        return;
    buf_printf(&selection->parties, "%s%.*s", selection->listed++ == 0 ? "" : ", ", VIEW_ARG(text));
}

void call_selection_see(struct call_selection *selection, const struct call *call)
{
    selection->seen++;
    selection->messages += call->message_count;
    for (uint16_t i = 0; i < call->party_count; i++)
        party_see(selection, &call->parties[i]);
}

bool call_selection_has(struct call_selection *selection, const struct call *call, uint32_t number)
{
    bool has = selection->count == 0;

    for (uint32_t i = 0; i < selection->count; i++) {
        struct call_span *span = &selection->spans[i];
        bool meant = span->call_id.ptr != NULL ? view_equal(span->call_id, call->call_id)
                                               : number >= span->first && number <= span->last;
        span->met |= meant;
        has |= meant;
    }
    return has;
}

static void span_complain(const struct call_selection *selection, const struct call_span *span,
                          struct buf *complaint)
{
    if (span->call_id.ptr != NULL)
        buf_printf(complaint, "--calls: there is no call with the Call-ID '%.*s'; there are %u",
                   VIEW_ARG(span->call_id), (unsigned)selection->seen);
    else
        buf_printf(complaint, "--calls: there is no call %u; there are %u", (unsigned)span->first,
                   (unsigned)selection->seen);
    buf_add(complaint, V(" calls ('sipwright lint' lists them)"));
}

bool call_selection_met(const struct call_selection *selection, struct buf *complaint)
{
    char room[ADDR_TEXT_MAX];

    for (uint32_t i = 0; i < selection->count && complaint->len == 0; i++)
        if (!selection->spans[i].met)
            span_complain(selection, &selection->spans[i], complaint);
    for (size_t i = 0; i < selection->name_count && complaint->len == 0; i++)
        if (!selection->name_met[i])
            buf_printf(complaint, "--agents: nobody in it has the address %.*s; there are %.*s",
                       VIEW_ARG(addr_text(&selection->names[i].address, room)),
                       VIEW_ARG(buf_view(&selection->parties)));
    if (complaint->len == 0 && selection->device.family != 0 && !selection->device_met)
        buf_printf(complaint, "--dut: nobody in it has the address %.*s; there are %.*s",
                   VIEW_ARG(addr_text(&selection->device, room)),
                   VIEW_ARG(buf_view(&selection->parties)));
    return complaint->len == 0;
}

void call_selection_deinit(struct call_selection *selection)
{
    mem_free(selection->spans);
    mem_free(selection->names);
    mem_free(selection->name_met);
    buf_deinit(&selection->parties);
}
