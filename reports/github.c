#include "reports/github.h"

#include "reports/counts.h"
#include "reports/detail.h"
#include "reports/failure.h"
#include "reports/standing.h"
#include "reports/text.h"

#include <string.h>

enum {
    ROWS_MOST = 500,         /* of the table */
    SENTENCE_COLUMNS = 300,  /* in it */
    DIAGRAM_MOST = 40 << 10, /* bytes: a longer one Mermaid does not draw (maxTextSize 50,000) */
    ARROWS_MOST = 400,       /* likewise, and nobody reads it */
    TAIL_ROOM = 1 << 10      /* for what is left out */
};

/* ---- text in Markdown ---- */

/* What Markdown or HTML might obey stands as a reference. */
static void markdown_add(struct buf *out, struct view text)
{
    struct buf shown = {0};
    text_add(&shown, text);
    for (size_t i = 0; i < shown.len; i++) {
        char c = shown.ptr[i];
        bool colon =
            c == ':' && i + 1 < shown.len && shown.ptr[i + 1] != ' '; /* :tada:, https:// */
        if (colon || (c != '\0' && strchr("&<>|`*_[]\\~#@!{}$", c) != NULL))
            buf_printf(out, "&#%u;", (unsigned)(unsigned char)c);
        else
            buf_add_char(out, c);
    }
    text_part_end(out, &shown);
}

static size_t longest_run(struct view text, char c)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

/* Lines as they are, in a fence that is longer than any in them. They are shown text already. */
static void fence_add(struct buf *out, const char *language, struct view lines)
{
    size_t ticks = longest_run(lines, '`') + 1;
    ticks = ticks < 3 ? 3 : ticks;
    text_fill(out, ticks, "`");
    buf_printf(out, "%s\n", language);
    buf_add(out, lines);
    if (!view_ends(lines, V("\n")))
        buf_add_char(out, '\n');
    text_fill(out, ticks, "`");
    buf_add(out, V("\n"));
}

/* ---- the summary ---- */

/* It is in the table: whatever a person would want to look at. */
static bool is_told(const struct report_case *one)
{
    return report_gates(one) || report_excused(one) || one->flaky;
}

static void verdict_write(const struct github *github, struct buf *out)
{
    const struct report_run *run = github->run;
    struct counts counts = counts_of(run->cases, run->case_count);
    bool green = run->exit_code == 0 && !run->interrupted;
    buf_printf(out, "### %s sipwright: %zu passed, %zu failed", green ? "✅" : "❌", counts.passed,
               counts.failed);
    count_tell(out, counts.errors, counts.errors == 1 ? "error" : "errors");
    count_tell(out, counts.inconclusive, "inconclusive");
    count_tell(out, counts.flaky, "flaky");
    count_tell(out, counts.known + counts.quarantined + counts.advisory, "excused");
    count_tell(out, counts.skipped, "skipped");
    buf_add(out, run->interrupted ? V(" (interrupted)\n\n") : V("\n\n"));
    buf_printf(out, "Seed %llu", (unsigned long long)run->seed);
    if (run->target.len > 0) {
        buf_add(out, V(", target "));
        markdown_add(out, run->target);
    }
    buf_add(out, V(", sipwright "));
    markdown_add(out, run->version);
    buf_printf(out, ", exit code %d\n\n", run->exit_code);
}

static void row_write(const struct report_case *one, struct buf *out)
{
    struct buf sentence = {0}, cut = {0};
    struct detail detail;
    detail_init(&detail, one->detail);
    struct failure_place place = failure_place(one, &detail);
    standing_sentence(&sentence, one);
    text_add_cut(&cut, buf_view(&sentence), SENTENCE_COLUMNS);
    buf_add(out, V("| "));
    markdown_add(out, report_name(one));
    buf_add(out, V(" | "));
    markdown_add(out, place.file);
    buf_printf(out, ":%u | ", (unsigned)place.line);
    markdown_add(out, buf_view(&cut));
    buf_add(out, V(" |\n"));
    detail_deinit(&detail);
    text_part_end(out, &sentence);
    text_part_end(out, &cut);
}

/* Adds the part where it still fits. */
static bool part_fits(const struct github *github, struct buf *out, struct buf *part)
{
    bool fits = out->len + part->len + TAIL_ROOM <= github->bytes_most;
    if (fits)
        buf_add(out, buf_view(part));
    return fits;
}

static void left_out_tell(struct buf *out, size_t count, const char *what)
{
    if (count > 0)
        buf_printf(out, "\n%zu more %s left out here; the reports of the run have %s.\n", count,
                   what, count == 1 ? "it" : "them");
}

static void table_write(const struct github *github, struct buf *out)
{
    size_t told = 0, left_out = 0;
    for (size_t i = 0; i < github->run->case_count; i++) {
        const struct report_case *one = &github->run->cases[i];
        struct buf row = {0};
        if (!is_told(one))
            continue;
        if (told == 0)
            buf_add(&row, V("| scenario | where | what |\n| --- | --- | --- |\n"));
        row_write(one, &row);
        if (told < ROWS_MOST && left_out == 0 && part_fits(github, out, &row))
            told++;
        else
            left_out++;
        text_part_end(out, &row);
    }
    left_out_tell(out, left_out, left_out == 1 ? "scenario is" : "scenarios are");
}

static void diagram_write(const struct report_case *one, struct buf *out)
{
    struct buf diagram = {0};
    report_mermaid_write(&diagram, one);
    size_t lines = 0;
    for (size_t i = 0; i < diagram.len; i++)
        lines += diagram.ptr[i] == '\n';
    if (lines < 2)
        diagram.len = 0; /* it sent nothing */
    else if (diagram.len > DIAGRAM_MOST || lines > ARROWS_MOST)
        buf_printf(out, "Its ladder of %zu lines is too long to be drawn here.\n", lines);
    else
        fence_add(out, "mermaid", buf_view(&diagram));
    buf_add(out, diagram.len > 0 ? V("\n") : V(""));
    text_part_end(out, &diagram);
}

static void scene_write(const struct report_case *one, struct buf *out)
{
    struct detail detail;
    struct buf rerun = {0}, sentence = {0};
    detail_init(&detail, one->detail);
    buf_add(out, V("\n<details><summary>"));
    markdown_add(out, report_name(one));
    buf_add(out, V("</summary>\n\n"));
    standing_sentence(&sentence, one);
    markdown_add(out, buf_view(&sentence));
    buf_add(out, V("\n\n"));
    if (detail.hint.len > 0) {
        buf_add(out, V("Hint: "));
        markdown_add(out, detail.hint);
        buf_add(out, V("\n\n"));
    }
    diagram_write(one, out);
    text_add(&rerun, one->rerun);
    if (rerun.len > 0)
        fence_add(out, "sh", buf_view(&rerun));
    buf_add(out, V("\n</details>\n"));
    text_part_end(out, &rerun);
    text_part_end(out, &sentence);
    detail_deinit(&detail);
}

static void scenes_write(const struct github *github, struct buf *out)
{
    size_t left_out = 0;
    for (size_t i = 0; i < github->run->case_count; i++) {
        const struct report_case *one = &github->run->cases[i];
        struct buf scene = {0};
        if (!is_told(one))
            continue;
        if (left_out == 0)
            scene_write(one, &scene);
        if (left_out > 0 || !part_fits(github, out, &scene))
            left_out++;
        text_part_end(out, &scene);
    }
    left_out_tell(out, left_out, left_out == 1 ? "ladder is" : "ladders are");
}

void github_summary_write(const struct github *github, struct buf *out)
{
    verdict_write(github, out);
    table_write(github, out);
    scenes_write(github, out);
}

/* ---- annotations ---- */

/* As the runner reads them back: the message, and with ':' and ',' too a property. */
static void command_add(struct buf *out, struct view text, bool property)
{
    struct buf shown = {0};
    if (property)
        text_add(&shown, text);
    else
        text_add_lines(&shown, text, 0);
    if (!property && view_ends(buf_view(&shown), V("\n")))
        shown.len--;
    for (size_t i = 0; i < shown.len; i++) {
        char c = shown.ptr[i];
        if (c == '%' || c == '\n' || (property && (c == ':' || c == ',')))
            buf_printf(out, "%%%02X", (unsigned)c);
        else
            buf_add_char(out, c);
    }
    text_part_end(out, &shown);
}

static void file_add(const struct github *github, struct buf *out, struct view file)
{
    struct buf path = {0};
    if (github->prefix.len > 0 && !view_starts(file, V("/")))
        buf_printf(&path, "%.*s/", VIEW_ARG(github->prefix));
    buf_add(&path, file);
    command_add(out, buf_view(&path), true);
    text_part_end(out, &path);
}

static void annotation_write(const struct github *github, struct buf *out,
                             const struct report_case *one)
{
    struct detail detail;
    struct buf message = {0};
    detail_init(&detail, one->detail);
    struct failure_place place = failure_place(one, &detail);
    standing_sentence(&message, one);
    buf_add(&message, one->rerun.len > 0 ? V("\nrerun: ") : V(""));
    buf_add(&message, one->rerun);
    buf_add(out, V("::error file="));
    file_add(github, out, place.file);
    buf_printf(out, ",line=%u,title=", (unsigned)place.line);
    command_add(out, report_name(one), true);
    buf_add(out, V("::"));
    command_add(out, buf_view(&message), false);
    buf_add_char(out, '\n');
    text_part_end(out, &message);
    detail_deinit(&detail);
}

void github_annotations_write(const struct github *github, struct buf *out)
{
    size_t all = 0;
    for (size_t i = 0; i < github->run->case_count; i++) {
        const struct report_case *one = &github->run->cases[i];
        if (report_gates(one) && all++ < GITHUB_ANNOTATIONS_MOST)
            annotation_write(github, out, one);
    }
    if (all > GITHUB_ANNOTATIONS_MOST)
        buf_printf(out, "::notice title=sipwright::%zu more failed; the summary names them\n",
                   all - GITHUB_ANNOTATIONS_MOST);
}
