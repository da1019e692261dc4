/* Any bytes as the events of a case, and as the detail of its verdict: an event that is read is
 * written again and reads the same; whatever is drawn of it has no control that a terminal obeys.
 */
#include "reports/event.h"
#include "reports/failure.h"
#include "reports/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void shows_only_text(const struct buf *out)
{
    struct view rest = buf_view(out);
    uint32_t point;
    while (rest.len > 0) {
        rest = view_skip(rest, text_point(rest, &point));
        ASSERT(point == '\n' || !text_unsafe(point));
    }
}

static void events_come_back(struct view rest)
{
    struct arena arena = {0};
    struct buf first = {0}, second = {0};
    for (struct trace_event event; event_take(&rest, &arena, &event);) {
        struct trace_event again;
        buf_clear(&first);
        buf_clear(&second);
        trace_encode(&first, &event);
        ASSERT(trace_decode(buf_view(&first), &arena, &again) == first.len);
        trace_encode(&second, &again);
        ASSERT(view_equal(buf_view(&first), buf_view(&second)));
    }
    arena_deinit(&arena);
    buf_deinit(&first);
    buf_deinit(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct view text = {(const char *)data, len};
    size_t split = view_find(text, V("{\""));
    struct report_case one = {.verdict = VERDICT_FAIL,
                              .name = V("fuzzed"),
                              .events = view_head(text, split),
                              .detail = view_skip(text, split)};
    struct failure_options options = {.width = 80};
    struct buf out = {0};
    events_come_back(one.events);
    failure_write(&out, &one, &options);
    report_mermaid_write(&out, &one);
    shows_only_text(&out);
    buf_deinit(&out);
    return 0;
}
