#include "harness/record/outline.h"
#include "harness/record/inside.h"

enum { ARENA_MOST = 256 << 20 };

struct view actor_name(const struct outline *outline, uint16_t party)
{
    return outline->actors[party].name;
}

void outline_note(struct outline *outline, struct view note)
{
    for (uint32_t i = 0; i < outline->note_count; i++)
        if (view_equal(outline->notes[i], note))
            return;
    if (outline->note_count < OUTLINE_NOTES_MOST)
        outline->notes[outline->note_count++] = words_copy(&outline->words, note);
}

struct step *outline_step(struct outline *outline, uint64_t sleep_ms, struct view bind,
                          struct view on)
{
    struct step *step = words_step(&outline->words, bind, on);

    step->sleep_ms = (uint32_t)(sleep_ms < UINT32_MAX ? sleep_ms : UINT32_MAX);
    if (outline->first == NULL)
        outline->first = step;
    else
        outline->last->next = step;
    outline->last = step;
    return step;
}

uint32_t gap_ms(const struct call *call, uint32_t message)
{
    if (message == 0)
        return 0;
    uint64_t at = call->messages[message].time_ns, before = call->messages[message - 1].time_ns;
    uint64_t gap = at > before ? at - before : 0;
    uint64_t ms = (gap / 1000000 + 1) / WAIT_ROUND_MS * WAIT_ROUND_MS;
    if (ms > WAIT_MOST_MS)
        ms = WAIT_MOST_MS;
    return ms < WAIT_LEAST_MS ? 0 : (uint32_t)ms;
}

/* Upper-case words can stand in a pattern as they are where they are registered, else in quotes. */
static bool is_plain(struct view method)
{
    for (size_t i = 0; i < method.len; i++)
        if (method.ptr[i] < '!' || method.ptr[i] > '~' ||
            view_find_char(V("\"[]\\@;#?*+|"), method.ptr[i]) < 11)
            return false;
    return method.len > 0;
}

struct view message_pattern(struct outline *outline, const struct sip_msg *msg)
{
    struct view method = sip_msg_method_name(msg);
    const char *quote = sip_msg_method(msg) == SIP_METHOD_OTHER ? "\"" : "";
    char room[SIP_LABEL_MAX];

    if (!sip_msg_is_request(msg) && method.len == 0 && sip_msg_status(msg) >= 100)
        return words_copy(&outline->words, sip_msg_label(msg, room, sizeof room));
    if (!is_plain(method) || method.len > 32)
        return V("*");
    if (sip_msg_is_request(msg))
        return words_print(&outline->words, "%s%.*s%s", quote, VIEW_ARG(method), quote);
    return words_print(&outline->words, "%u %s%.*s%s", (unsigned)sip_msg_status(msg), quote,
                       VIEW_ARG(method), quote);
}

static enum err outline_open(const struct call *call, const struct outline_options *options,
                             struct outline **out)
{
    struct outline *outline = mem_zalloc(sizeof *outline);

    if (outline == NULL)
        return ERR_MEMORY;
    *out = outline;
    outline->call = call;
    outline->words.arena.limit = ARENA_MOST;
    outline->actors = mem_zalloc((call->party_count + 1U) * sizeof *outline->actors);
    outline->lines = mem_zalloc((call->message_count + 1U) * sizeof *outline->lines);
    outline->notes = mem_zalloc(OUTLINE_NOTES_MOST * sizeof *outline->notes);
    if (outline->actors == NULL || outline->lines == NULL || outline->notes == NULL)
        return ERR_MEMORY;
    static const struct addr nobody;
    actors_name(outline, options->way == OUTLINE_CALLS ? &options->device : &nobody);
    lines_make(outline, options->way == OUTLINE_WIRES);
    return outline->words.failed;
}

/* "alice calls bob", "alice: REGISTER" */
static struct view title_of(struct outline *outline)
{
    const struct call_message *first = &outline->call->messages[0];
    struct view from = actor_name(outline, first->from), to = actor_name(outline, first->to);

    if (sip_msg_is_request(first->msg) && sip_msg_method(first->msg) == SIP_INVITE)
        return words_print(&outline->words, "%.*s calls %.*s", VIEW_ARG(from), VIEW_ARG(to));
    return words_print(&outline->words, "%.*s sends %.*s %.*s", VIEW_ARG(from), VIEW_ARG(to),
                       VIEW_ARG(message_pattern(outline, first->msg)));
}

enum err outline_make(const struct call *call, const struct outline_options *options,
                      struct buf *why, struct outline **out)
{
    struct outline *outline = NULL;

    if (call->message_count > OUTLINE_MESSAGES_MOST)
        return ERR_LIMIT;
    enum err err = outline_open(call, options, &outline);
    if (err == ERR_OK) {
        outline->title = title_of(outline);
        outline->why = words_copy(&outline->words, options->why);
        err = options->way == OUTLINE_WIRES ? wires_outline(outline)
                                            : agents_outline(outline, options, why);
    }
    if (err == ERR_OK)
        *out = outline;
    else
        outline_destroy(outline);
    return err;
}

void outline_retitle(struct outline *outline, unsigned n)
{
    outline->title = words_print(&outline->words, "%.*s (%u)", VIEW_ARG(outline->title), n);
}

void outline_destroy(struct outline *outline)
{
    if (outline == NULL)
        return;
    arena_deinit(&outline->words.arena);
    mem_free(outline->actors);
    mem_free(outline->lines);
    mem_free(outline->values);
    mem_free(outline->notes);
    mem_free(outline);
}
