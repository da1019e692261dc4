#include "harness/run/result.h"
#include "harness/scene/json.h"

bool case_green(const struct run_case *one)
{
    enum verdict verdict = one->report.verdict;

    return !one->report.flaky && (verdict == VERDICT_PASS || verdict == VERDICT_SKIP);
}

void result_skip(struct run_case *one, struct view reason)
{
    one->report.verdict = VERDICT_SKIP;
    one->report.reason = reason;
    one->report.detail = V("");
    one->report.flaky = false;
}

/* {"file":…,"line":…,"hint":…}: the keys of reports/README.md. */
static void detail_write(struct buf *buf, struct view file, uint32_t line, struct view hint)
{
    buf_add(buf, V("{\"file\":"));
    json_string(buf, file);
    if (line != 0)
        buf_printf(buf, ",\"line\":%u", line);
    if (hint.len > 0) {
        buf_add(buf, V(",\"hint\":"));
        json_string(buf, hint);
    }
}

static enum err error_set(struct run_case *one, struct view sentence, struct buf *detail,
                          struct arena *arena)
{
    struct view reason = arena_copy(arena, sentence), copy = {0};

    buf_add_char(detail, '}');
    if (detail->failed == ERR_OK)
        copy = arena_copy(arena, buf_view(detail));
    buf_deinit(detail);
    if (reason.ptr == NULL || copy.ptr == NULL)
        return ERR_MEMORY;
    one->report.verdict = VERDICT_ERROR;
    one->report.reason = reason;
    one->report.detail = copy;
    return ERR_OK;
}

enum err result_error(struct run_case *one, struct view sentence, struct view hint,
                      struct arena *arena)
{
    struct buf detail = {0};

    detail_write(&detail, one->report.file, one->report.line, hint);
    return error_set(one, sentence, &detail, arena);
}

static enum err hung(struct run_case *one, const struct pool_loss *loss, struct arena *arena)
{
    char sentence[160];

    snprintf(sentence, sizeof sentence, "it was still running after %u s of %s time, and was ended",
             (unsigned)((loss->worked_us != 0 ? loss->worked_us : loss->after_us) / US_PER_S),
             loss->worked_us != 0 ? "processor" : "real");
    return result_error(one, view_of(sentence),
                        V("a pattern or a loop that does not end? --wall-limit gives it longer"),
                        arena);
}

enum err result_lost(struct run_case *one, const struct pool_loss *loss, struct arena *arena)
{
    char sentence[160];

    if (loss->kind == LOSS_HUNG)
        return hung(one, loss, arena);
    if (loss->kind == LOSS_KILLED) {
        snprintf(sentence, sizeof sentence, "its worker was ended from outside: %s",
                 strsignal(loss->signal));
        return result_error(one, view_of(sentence),
                            V("was there enough memory? --jobs 1 needs the least"), arena);
    }
    one->crashed = true;
    if (loss->signal != 0)
        snprintf(sentence, sizeof sentence, "sipwright itself failed: its worker crashed (%s)",
                 strsignal(loss->signal));
    else
        snprintf(sentence, sizeof sentence, "sipwright itself failed: its worker left (status %d)",
                 loss->status);
    return result_error(one, view_of(sentence), (struct view){0}, arena);
}

/* "  > 12 | text", line by line, as the "excerpt" and "caret" of a detail. */
static void excerpt_write(struct buf *buf, struct view excerpt)
{
    struct view meant = {0};
    bool first = true;

    for (struct view rest = excerpt; rest.len > 0;) {
        size_t end = view_find_char(rest, '\n'), bar = view_find(rest, V(" | "));
        uint64_t number = 0;
        struct view mark = view_trim(view_head(rest, bar));
        if (view_starts(mark, V(">")))
            mark = view_trim(view_skip(mark, 1));
        if (bar < end && view_to_uint(mark, UINT32_MAX, &number)) {
            buf_add(buf, first ? V(",\"excerpt\":[") : V(","));
            if (view_starts(view_trim(view_head(rest, bar)), V(">")))
                meant = view_skip(view_head(rest, end), bar + 3);
            buf_printf(buf, "{\"line\":%u,\"text\":", (unsigned)number);
            json_string(buf, view_skip(view_head(rest, end), bar + 3));
            buf_add_char(buf, '}');
            first = false;
        }
        rest = view_skip(rest, end + 1);
    }
    if (!first)
        buf_add_char(buf, ']');
    struct view trimmed = view_trim(meant);
    if (trimmed.len > 0)
        buf_printf(buf, ",\"caret\":[%zu,%zu]", (size_t)(trimmed.ptr - meant.ptr) + 1, trimmed.len);
}

enum err result_load_failure(struct run_case *one, struct arena *arena)
{
    const struct load_failure *failure = one->failure;
    struct buf detail = {0};

    one->crashed = failure->crashed;
    detail_write(&detail, failure->path, failure->line, failure->hint);
    excerpt_write(&detail, failure->excerpt);
    return error_set(one, failure->sentence, &detail, arena);
}

/* A pass of which not everything is known is none. */
static void lost_events_judge(struct run_case *one)
{
    if (!one->lost_events || one->report.verdict != VERDICT_PASS)
        return;
    one->report.verdict = VERDICT_ERROR;
    one->report.reason = V("it passed, but not all of its events could be kept");
}

static enum err flaky_judge(struct run_case *one, struct arena *arena)
{
    struct buf text = {0};
    struct view reason = {0};

    if (one->report.verdict != VERDICT_PASS || one->first == NULL)
        return ERR_OK;
    buf_printf(&text, "it passed at try %u; at first: %.*s", one->tries,
               VIEW_ARG(one->first->report.reason));
    if (text.failed == ERR_OK)
        reason = arena_copy(arena, buf_view(&text));
    buf_deinit(&text);
    one->report.flaky = true;
    one->report.reason = reason;
    return reason.ptr == NULL ? ERR_MEMORY : ERR_OK;
}

enum err result_take(struct run_case *one, struct view body, struct arena *arena)
{
    struct unpack unpack = {.rest = body};
    uint64_t verdict = unpack_uint(&unpack);

    one->environment = unpack_uint(&unpack) != 0;
    one->misuse = unpack_uint(&unpack) != 0;
    one->xfailed = unpack_uint(&unpack) != 0;
    one->lost_events = unpack_uint(&unpack) != 0 || one->lost_events;
    one->report.reason = arena_copy(arena, unpack_view(&unpack));
    one->report.detail = arena_copy(arena, unpack_view(&unpack));
    one->report.virtual_us = unpack_uint(&unpack);
    one->report.wall_us += unpack_uint(&unpack);
    one->report.tries = one->tries;
    if (unpack.failed || verdict > VERDICT_SKIP)
        return ERR_SYNTAX;
    if (one->report.reason.ptr == NULL || one->report.detail.ptr == NULL)
        return ERR_MEMORY;
    one->report.verdict = (enum verdict)verdict;
    lost_events_judge(one);
    return flaky_judge(one, arena);
}
