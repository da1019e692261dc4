#include "reports/counts.h"
#include "reports/failure.h"
#include "reports/standing.h"
#include "reports/text.h"

enum {
    IN_SIGHT = 3, /* failures that are still seen when nothing came after them */
    BAR_CELLS = 20,
    RUNNING_MOST = 8, /* lines below the bar */
    WIDTH_USUAL = 100,
    HEIGHT_USUAL = 24,
    LINES_MOST = 60 /* more cases: passes only move the bar */
};

struct console {
    struct console_options options;
    struct buf out;   /* one call of write each */
    struct buf names; /* what runs, behind the bar */
    struct buf lines; /* what it waits for, below it: each begins with a newline */
    struct counts counts;
    unsigned line_count; /* in lines */
    unsigned shown;      /* lines that are on the screen: the bar's and those below it */
    bool buried;         /* failures were told that other lines or failures have pushed up */
    bool wall;           /* wall times may be told */
};

enum err console_create(const struct console_options *options, struct console **out)
{
    struct console *console = mem_zalloc(sizeof *console);
    if (console == NULL)
        return ERR_MEMORY;
    console->options = *options;
    if (console->options.width == 0)
        console->options.width = WIDTH_USUAL;
    if (console->options.height == 0)
        console->options.height = HEIGHT_USUAL;
    *out = console;
    return ERR_OK;
}

void console_destroy(struct console *console)
{
    if (console == NULL)
        return;
    buf_deinit(&console->out);
    buf_deinit(&console->names);
    buf_deinit(&console->lines);
    mem_free(console);
}

static size_t wrong_count(const struct counts *counts)
{
    return counts->failed + counts->errors + counts->inconclusive;
}

static void send_out(struct console *console)
{
    console->options.write(console->options.ctx, buf_view(&console->out));
    buf_clear(&console->out);
}

static void bar_erase(struct console *console)
{
    if (console->shown > 0)
        buf_add(&console->out, V("\r\033[K"));
    for (unsigned i = 1; i < console->shown; i++)
        buf_add(&console->out, V("\033[A\033[K"));
    console->shown = 0;
}

static void bar_text(struct console *console, struct buf *line)
{
    size_t all = console->options.case_count, done = console->counts.all;
    size_t cells = all == 0 ? 0 : done * BAR_CELLS / all;
    cells = cells > BAR_CELLS ? BAR_CELLS : cells;
    text_fill(line, cells, "█");
    text_fill(line, BAR_CELLS - cells, "░");
    buf_printf(line, " %zu/%zu", done, all);
    size_t wrong = wrong_count(&console->counts);
    if (wrong > 0)
        buf_printf(line, "  %zu failed", wrong);
    if (console->names.len > 0)
        buf_add(line, V("  "));
    buf_add(line, buf_view(&console->names));
}

static void bar_draw(struct console *console)
{
    struct buf line = {0};
    if (!console->options.terminal || console->counts.all >= console->options.case_count)
        return;
    bar_text(console, &line);
    text_add_cut(&console->out, buf_view(&line), console->options.width - 1);
    buf_add(&console->out, buf_view(&console->lines));
    console->shown = 1 + console->line_count;
    text_part_end(&console->out, &line);
}

void console_begin(struct console *console, const struct report_run *run)
{
    struct buf *out = &console->out;
    console->wall = run->started_s != 0;
    if (!console->options.quiet) {
        buf_add(out, V("sipwright "));
        text_add(out, run->version);
        buf_printf(out, "   seed %llu", (unsigned long long)run->seed);
        if (run->net.len > 0)
            buf_add(out, V("   net "));
        text_add(out, run->net);
        if (run->target.len > 0)
            buf_add(out, V("   target "));
        text_add(out, run->target);
        if (run->link.len > 0)
            buf_add(out, V("   link "));
        text_add(out, run->link);
        if (run->transport.len > 0)
            buf_add(out, V("   transport "));
        text_add(out, run->transport);
        if (run->mutant.len > 0)
            buf_add(out, V("   mutant "));
        text_add(out, run->mutant);
        if (run->shard.count > 0)
            buf_printf(out, "   shard %u/%u", (unsigned)run->shard.index,
                       (unsigned)run->shard.count);
        if (console->options.case_count > 0)
            buf_printf(out, "   %u scenario%s", (unsigned)console->options.case_count,
                       console->options.case_count == 1 ? "" : "s");
        buf_add_char(out, '\n');
    }
    send_out(console);
}

/* What is over in no time is named only; what goes on says what it waits for. */
static bool has_line(const struct console_item *item)
{
    return item->waits.len > 0 || item->for_us >= US_PER_S;
}

static void name_add(struct buf *names, const struct console_item *item)
{
    buf_add(names, names->len > 0 ? V(", ") : V(""));
    text_add(names, item->name);
}

static void item_add(struct console *console, const struct console_item *item)
{
    struct buf line = {0};
    buf_add(&line, V("  "));
    text_add(&line, item->name);
    buf_printf(&line, "  %llu s", (unsigned long long)(item->for_us / US_PER_S));
    if (item->waits.len > 0)
        buf_add(&line, V("  "));
    text_add(&line, item->waits);
    buf_add_char(&console->lines, '\n');
    text_add_cut(&console->lines, buf_view(&line), console->options.width - 1);
    console->line_count++;
    text_part_end(&console->lines, &line);
}

static unsigned lines_most(const struct console *console)
{
    unsigned height = console->options.height;
    return height < 4 ? 0 : height - 3 < RUNNING_MOST ? height - 3 : RUNNING_MOST;
}

void console_running(struct console *console, const struct console_item *items, size_t count)
{
    unsigned most = lines_most(console);
    if (!console->options.terminal)
        return;
    bar_erase(console);
    buf_clear(&console->names);
    buf_clear(&console->lines);
    console->line_count = 0;
    for (size_t i = 0; i < count; i++)
        if (has_line(&items[i]) && console->line_count < most)
            item_add(console, &items[i]);
        else if (i < RUNNING_MOST)
            name_add(&console->names, &items[i]);
    bar_draw(console);
    send_out(console);
}

void console_note(struct console *console, struct view text)
{
    bar_erase(console);
    for (struct view rest = text; rest.len > 0;) {
        size_t end = view_find_char(rest, '\n');
        text_add(&console->out, view_head(rest, end));
        buf_add_char(&console->out, '\n');
        rest = view_skip(rest, end + 1);
    }
    bar_draw(console);
    send_out(console);
}

struct mark {
    const char *sign, *colour;
};

static struct mark mark_of(const struct report_case *one)
{
    static const struct mark marks[] = {
        [VERDICT_PASS] = {"✓", "32"},
          [VERDICT_FAIL] = {"✗", "31"},
        [VERDICT_ERROR] = {"✗", "31"},
          [VERDICT_INCONCLUSIVE] = {"?",   "33"},
        [VERDICT_SKIP] = {"-",   "33"},
    };
    static const struct mark doubt = {"~", "33"};
    bool flaky = one->verdict == VERDICT_PASS && one->flaky;
    return flaky || report_excused(one) ? doubt : marks[one->verdict];
}

static const char *word_of(const struct report_case *one)
{
    if (report_excused(one))
        return standing_text(one->standing);
    return one->verdict == VERDICT_PASS && one->flaky ? "flaky" : verdict_text(one->verdict);
}

/* Why it stands as it does, then why it ended as it did. */
static void reasons_add(struct buf *out, const struct report_case *one)
{
    bool passes = one->verdict == VERDICT_PASS && !one->flaky;
    if (passes && one->standing != STANDING_PLAIN)
        buf_printf(out, "   %s", standing_words(one));
    if (one->known.len > 0) {
        buf_add(out, V("   ("));
        text_add(out, one->known);
        buf_add(out, V(")"));
    }
    if (one->reason.len > 0) {
        buf_add(out, V("   "));
        text_add(out, one->reason);
    }
}

static void line_add(struct console *console, const struct report_case *one)
{
    struct buf *out = &console->out;
    struct mark mark = mark_of(one);
    colour_add(out, console->options.colour, mark.colour, view_of(mark.sign));
    buf_printf(out, " %-5s ", word_of(one));
    text_add(out, one->id);
    if (one->verdict != VERDICT_SKIP)
        failure_times_add(out, one, console->wall);
    reasons_add(out, one);
    if (one->flaky)
        buf_printf(out, "   passed at try %u", (unsigned)one->tries);
    buf_add_char(out, '\n');
}

static void failure_add(struct console *console, const struct report_case *one)
{
    struct failure_options options = {
        .colour = console->options.colour, .wall = console->wall, .width = console->options.width};
    failure_write(&console->out, one, &options);
}

void console_case(struct console *console, const struct report_case *one)
{
    counts_add(&console->counts, one);
    bool failed = failure_is(one), passed = one->verdict == VERDICT_PASS && !one->flaky;
    bool many = console->options.terminal && console->options.case_count > LINES_MOST;
    bool noted = passed && (one->reason.len > 0 || one->known.len > 0);
    bool told = failed || noted || !(console->options.quiet || (passed && many));
    bar_erase(console);
    if (failed)
        failure_add(console, one);
    else if (told)
        line_add(console, one);
    size_t wrong = wrong_count(&console->counts);
    console->buried = console->buried || wrong > IN_SIGHT || (told && !failed && wrong > 0);
    bar_draw(console);
    send_out(console);
}

/* Once more, where the first time has scrolled away. */
static void failures_again(struct console *console, const struct report_run *run)
{
    struct counts counts = counts_of(run->cases, run->case_count);
    if (wrong_count(&counts) == 0 || !console->buried)
        return;
    buf_add(&console->out, V("\nfailures:\n\n"));
    for (size_t i = 0; i < run->case_count; i++)
        if (failure_is(&run->cases[i])) {
            failure_add(console, &run->cases[i]);
            buf_add_char(&console->out, '\n');
            send_out(console);
        }
}

/* The last line, and always of this shape: "16 passed, 1 failed, 0 skipped in 0.03 s". */
static void summary_add(struct console *console, const struct report_run *run)
{
    struct counts counts = counts_of(run->cases, run->case_count);
    struct buf line = {0};
    buf_printf(&line, "%zu passed, %zu failed, %zu skipped", counts.passed, counts.failed,
               counts.skipped);
    count_tell(&line, counts.errors, counts.errors == 1 ? "error" : "errors");
    count_tell(&line, counts.inconclusive, "inconclusive");
    count_tell(&line, counts.flaky, "flaky");
    count_tell(&line, counts.known, "known");
    count_tell(&line, counts.quarantined, "quarantined");
    count_tell(&line, counts.advisory, "advisory");
    const char *colour = wrong_count(&counts) > 0 || run->interrupted ? "31" : "32";
    colour_add(&console->out, console->options.colour, colour, buf_view(&line));
    if (run->started_s != 0)
        buf_printf(&console->out, " in %llu.%02llu s",
                   (unsigned long long)(run->wall_us / US_PER_S),
                   (unsigned long long)(run->wall_us / (US_PER_S / 100) % 100));
    buf_add_char(&console->out, '\n');
    text_part_end(&console->out, &line);
}

/* "score: MUST 210 of 215, SHOULD 80 of 95, 40 not applicable": where anything was covered. */
static void score_add(struct console *console, const struct report_run *run)
{
    const struct report_score *score = &run->score;
    struct buf *out = &console->out;
    if (score->must_applicable + score->should_applicable + score->not_applicable == 0)
        return;
    buf_printf(out, "score: MUST %u of %u, SHOULD %u of %u", (unsigned)score->must_passed,
               (unsigned)score->must_applicable, (unsigned)score->should_passed,
               (unsigned)score->should_applicable);
    count_tell(out, score->not_applicable, "not applicable");
    buf_add_char(out, '\n');
}

void console_end(struct console *console, const struct report_run *run)
{
    bar_erase(console);
    failures_again(console, run);
    if (run->interrupted && console->options.case_count == 0)
        buf_printf(&console->out, "interrupted: %zu ran\n", run->case_count);
    else if (run->interrupted)
        buf_printf(&console->out, "interrupted: %zu of %u scenarios ran\n", run->case_count,
                   (unsigned)console->options.case_count);
    score_add(console, run);
    summary_add(console, run);
    send_out(console);
}
