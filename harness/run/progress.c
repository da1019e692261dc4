#include "harness/run/progress.h"
#include "harness/host/clock.h"

enum {
    RUNNING_MOST = 8,
    DRAW_US = 50000,
    ANSWERS_MOST = 256,
    ANSWER_US = 80000, /* who asked is answered by then */
    ANSWER_ROUND_MS = 5
};

static void running_show(const struct cases *all, struct screen *screen, uint64_t now_us)
{
    const struct run_case *cases[RUNNING_MOST];
    struct console_item items[RUNNING_MOST];
    struct buf texts[RUNNING_MOST] = {0};
    size_t count = cases_running(all, cases, RUNNING_MOST);

    for (size_t i = 0; i < count; i++) {
        waits_line(case_waits(all, cases[i]), now_us, &texts[i]);
        items[i] = (struct console_item){.name = cases[i]->report.name,
                                         .waits = buf_view(&texts[i]),
                                         .for_us = now_us - cases[i]->started_us};
    }
    console_running(screen->console, items, count);
    for (size_t i = 0; i < count; i++)
        buf_deinit(&texts[i]);
}

static void case_at_write(struct buf *out, const struct run_case *one, const struct waits *waits,
                          uint64_t now_us)
{
    buf_printf(out, "  %.*s   ", VIEW_ARG(one->report.id));
    text_add_duration(out, now_us - one->started_us);
    buf_add_char(out, '\n');
    waits_write(waits, now_us, out);
}

static bool has_answered(const struct progress *progress, const struct cases *cases,
                         const struct run_case *one)
{
    return case_waits(cases, one)->got_us >= progress->asked_us;
}

/* SIGUSR1: what every scenario that runs is at, once all have said so, or not said so in time. */
static void answer_show(struct progress *progress, const struct cases *all, struct screen *screen,
                        uint64_t now_us)
{
    const struct run_case *cases[ANSWERS_MOST];
    size_t count = cases_running(all, cases, ANSWERS_MOST), answered = 0;
    struct buf text = {0};

    for (size_t i = 0; i < count; i++)
        answered += has_answered(progress, all, cases[i]);
    if (answered < count && now_us < progress->asked_us + ANSWER_US)
        return;
    buf_printf(&text, "%zu scenario%s run%s now:\n", count, count == 1 ? "" : "s",
               count == 1 ? "s" : "");
    for (size_t i = 0; i < count; i++) {
        case_at_write(&text, cases[i], case_waits(all, cases[i]), now_us);
        if (!has_answered(progress, all, cases[i]))
            buf_add(&text, V("    no answer within 80 ms: it is inside a function that cannot be "
                             "asked (a pattern, a long string)\n"));
    }
    console_note(screen->console, buf_view(&text));
    buf_deinit(&text);
    progress->asked_us = 0;
}

int progress_show(struct progress *progress, const struct cases *cases, struct screen *screen)
{
    uint64_t now_us = clock_wall_us();

    if (screen->terminal && now_us >= progress->draw_us) {
        running_show(cases, screen, now_us);
        progress->draw_us = now_us + DRAW_US;
    }
    if (progress->asked_us != 0)
        answer_show(progress, cases, screen, now_us);
    screen_flush(screen);
    if (progress->asked_us != 0)
        return ANSWER_ROUND_MS;
    return screen->terminal ? (int)(DRAW_US / 1000) : -1;
}
