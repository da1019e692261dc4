#include "reports/event.h"
#include "reports/report.h"
#include "reports/writer.h"

/* The next event with keys in it. */
static bool keys_take(struct view *events, struct trace_event *out)
{
    while (event_take(events, NULL, out))
        if (out->kind == TRACE_KEYS)
            return true;
    return false;
}

enum err report_keys_write(const struct report_case *one, const char *path)
{
    struct view events = one->events;
    struct trace_event event;
    struct writer writer;

    if (!keys_take(&events, &event))
        return ERR_OK;
    enum err err = writer_open(&writer, path);
    if (err != ERR_OK)
        return writer_close(&writer, err);
    do {
        buf_add(writer_buf(&writer), event.u.note.text);
        writer_spill(&writer);
    } while (keys_take(&events, &event));
    return writer_close(&writer, err);
}
