#include "harness/scene/scene_fixture.h"

#include "mock/mock.h"

struct scene_fixture *scene_fixture_create(const struct scene_part *const *parts)
{
    struct scene_fixture *f = mem_zalloc(sizeof *f);
    ASSERT(f != NULL);
    f->suite_options.name = V("test.lua");
    f->suite_options.parts = parts;
    f->scene_options.seed = 7;
    return f;
}

void scene_fixture_destroy(struct scene_fixture *f)
{
    suite_destroy(f->suite);
    trace_destroy(f->trace);
    buf_deinit(&f->text);
    mem_free(f);
}

static uint64_t line_of(struct view detail)
{
    size_t at = view_find(detail, V("\"line\":"));
    struct view digits = view_skip(detail, at + 7);
    size_t len = 0;
    uint64_t line = 0;
    while (len < digits.len && digits.ptr[len] >= '0' && digits.ptr[len] <= '9')
        len++;
    return view_to_uint(view_head(digits, len), UINT32_MAX, &line) ? line : 0;
}

const char *scene_play_at(struct scene_fixture *f, size_t index)
{
    struct driver *driver;
    trace_destroy(f->trace);
    f->trace = NULL;
    ASSERT(trace_create(&(struct trace_options){0}, &f->trace) == ERR_OK);
    ASSERT(mock_create(&(struct mock_options){0}, &driver) == ERR_OK);
    f->scene_options.driver = driver;
    if (f->prepare != NULL)
        f->prepare(driver);
    f->scene_options.trace = f->trace;
    buf_clear(&f->text);
    ASSERT(scene_run(f->suite, index, &f->scene_options, &f->result) == ERR_OK);
    driver->ops->destroy(driver);
    while (trace_unsent(f->trace).len > 0) /* what is read of it is as reports have it */
        continue;
    buf_add(&f->text, view_of(verdict_text(f->result.verdict)));
    if (f->result.reason.len > 0)
        buf_printf(&f->text, " %u: %.*s", (unsigned)line_of(f->result.detail),
                   VIEW_ARG(f->result.reason));
    buf_add_char(&f->text, '\0');
    return f->text.ptr;
}

const char *scene_play(struct scene_fixture *f, const char *code)
{
    suite_destroy(f->suite);
    f->suite = NULL;
    f->suite_options.text = view_of(code);
    enum err err = suite_load(&f->suite_options, &f->suite, &f->load_error);
    if (err == ERR_OK && suite_count(f->suite) > 0)
        return scene_play_at(f, 0);
    buf_clear(&f->text);
    if (err == ERR_OK)
        buf_add(&f->text, V("no scenario"));
    else
        buf_printf(&f->text, "load %u: %.*s", f->load_error.line, VIEW_ARG(f->load_error.sentence));
    buf_add_char(&f->text, '\0');
    return f->text.ptr;
}

static void write_event(struct buf *out, const struct trace_event *event)
{
    buf_printf(out, "%u ", event->source.line);
    if (event->kind == TRACE_EXPECT)
        buf_printf(out, "%s %.*s\n", event->u.expect.ok ? "ok" : "no",
                   VIEW_ARG(event->u.expect.what));
    else
        buf_printf(out, "%.*s %.*s\n", VIEW_ARG(event->u.note.name), VIEW_ARG(event->u.note.text));
}

const char *scene_events(struct scene_fixture *f, enum trace_kind kind)
{
    struct trace_event event;
    buf_clear(&f->text);
    for (uint64_t seq = 1; seq <= trace_last(f->trace); seq++)
        if (trace_get(f->trace, seq, &event) && event.kind == kind)
            write_event(&f->text, &event);
    buf_add_char(&f->text, '\0');
    return f->text.ptr;
}
