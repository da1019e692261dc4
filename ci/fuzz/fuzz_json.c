/* Any text as an event of the JSON lines: one that is read is written, and reads the same again. */
#include "reports/json_event.h"
#include "reports/json_member.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static bool event_of(struct view text, struct arena *arena, struct trace_event *out)
{
    json_t *object = NULL;
    enum err err = json_load(text, &object);
    if (err == ERR_OK)
        err = json_event_read(object, arena, out);
    json_decref(object);
    return err == ERR_OK;
}

static void event_write(struct buf *out, const struct trace_event *event)
{
    buf_clear(out);
    buf_add(out, V("{\"v\":1"));
    json_event_add(out, event);
    buf_add_char(out, '}');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena arena = {0};
    struct buf first = {0}, second = {0};
    struct trace_event event, again;
    if (event_of((struct view){(const char *)data, len}, &arena, &event)) {
        event_write(&first, &event);
        ASSERT(event_of(buf_view(&first), &arena, &again));
        event_write(&second, &again);
        ASSERT(view_equal(buf_view(&first), buf_view(&second)));
    }
    arena_deinit(&arena);
    buf_deinit(&first);
    buf_deinit(&second);
    return 0;
}
