#include "reports/html/page.h"

#include "reports/failure.h"
#include "reports/html/document.h"
#include "reports/text.h"
#include "reports/writer.h"
#include "reports/xml.h"

static const struct document document_of_run = {{&asset_style}, &asset_script};

enum { FULL_MOST = 6 << 20, WRONG_MOST = 11 << 20, ROWS_FULL = 600, ROWS_BARE = 100 };

static void top_write(const struct page *page)
{
    struct buf title = {0};
    verdict_sentence(page, &title);
    document_begin(page->out, &document_of_run, buf_view(&title));
    text_part_end(page->out, &title);
}

static void times_write(const struct page *page, const struct report_case *one)
{
    bool simulated = !view_equal(one->net, V("real"));
    if (one->verdict == VERDICT_SKIP || (!simulated && page->run->started_s == 0))
        return;
    buf_add(page->out, V(" <span class=\"took\">"));
    if (simulated)
        text_add_duration(page->out, one->virtual_us);
    else
        text_add_duration(page->out, one->wall_us);
    buf_add(page->out, V("</span>"));
}

static void headline_write(const struct page *page, const struct report_case *one)
{
    struct verdict_look look = case_look(one);
    buf_printf(page->out, "<summary><span class=\"sign %s\" aria-hidden=\"true\">%s</span><h3>",
               look.style, look.sign);
    html_text(page->out, report_name(one));
    buf_printf(page->out, "<span class=\"hidden\">, %s</span></h3><span class=\"place\">",
               look.word);
    html_text(page->out, one->file);
    buf_printf(page->out, ":%u</span>", (unsigned)one->line);
    times_write(page, one);
    buf_add_char(page->out, ' ');
    if ((failure_is(one) || one->flaky || report_excused(one)) && one->reason.len > 0)
        html_element(page->out, "span", "gist", one->reason);
    buf_add(page->out, V("</summary>\n"));
}

static void scene_take(const struct page *page, struct scene *scene)
{
    size_t rows = scene->full ? ROWS_FULL : ROWS_BARE;
    enum err err = ladder_init(&scene->ladder, scene->one);
    if (err == ERR_OK)
        err = layout_init(&scene->layout, &scene->ladder, rows);
    if (err == ERR_OK)
        scene_write(scene);
    else
        page->out->failed = page->out->failed == ERR_OK ? err : page->out->failed;
    layout_deinit(&scene->layout);
    ladder_deinit(&scene->ladder);
}

/* The numbers of first tries go on where those of the cases end. */
static void earlier_write(const struct page *page, const struct scene *last)
{
    struct scene scene = {.page = page,
                          .one = last->one->earlier,
                          .number = page->run->case_count + last->number,
                          .full = last->full};
    buf_add(page->out, V("<details class=\"earlier\"><summary>The first try: "));
    html_text(page->out, scene.one->reason);
    buf_add(page->out, V("</summary>\n"));
    scene_take(page, &scene);
    buf_add(page->out, V("</details>\n"));
}

static void body_write(struct page *page, size_t index)
{
    const struct report_case *one = &page->run->cases[index];
    size_t before = page->out->len;
    bool wrong = failure_is(one) || one->flaky;
    size_t *left = wrong ? &page->wrong_left : &page->full_left;
    struct scene scene = {.page = page, .one = one, .number = index + 1, .full = *left > 0};
    char slug[160];
    buf_printf(page->out, "<div class=\"body\" id=\"s-%.*s\">\n",
               VIEW_ARG(report_slug(one, slug, sizeof slug)));
    scene_take(page, &scene);
    if (one->earlier != NULL)
        earlier_write(page, &scene);
    buf_add(page->out, V("</div>\n"));
    size_t took = page->out->len - before;
    *left = took < *left ? *left - took : 0;
    if (wrong) /* both draw on the same page */
        page->full_left = took / 2 < page->full_left ? page->full_left - took / 2 : 0;
}

/* The sections that a case is about, for the filter: "3261-17.1.1.2". */
static void sections_add(const struct page *page, struct view covers, struct buf *out)
{
    const struct report_run *run = page->run;
    while ((covers = view_trim(covers)).len > 0) {
        struct view id = view_head(covers, view_find_char(covers, ' '));
        covers = view_skip(covers, id.len);
        for (size_t i = 0; i < run->requirement_count; i++) {
            const struct report_requirement *one = &run->requirements[i];
            if (!view_equal(one->id, id))
                continue;
            buf_add(out, out->len > 0 ? V(" ") : V(""));
            section_key(one, out);
        }
    }
}

static void case_write(struct page *page, size_t index, bool open)
{
    const struct report_case *one = &page->run->cases[index];
    struct buf sections = {0};
    sections_add(page, one->covers, &sections);
    buf_printf(page->out, "<details class=\"case\" data-s=\"%s\"", case_look(one).word);
    if (sections.len > 0)
        xml_attribute(page->out, "data-rfc", buf_view(&sections));
    text_part_end(page->out, &sections);
    buf_add(page->out, open ? V(" open>\n") : V(">\n"));
    headline_write(page, one);
    body_write(page, index);
    buf_add(page->out, V("</details>\n"));
}

/* The groups of the list, in the order in which somebody wants to read them. */
enum group {
    GROUP_FAILED,
    GROUP_UNSURE,
    GROUP_FLAKY,
    GROUP_EXCUSED,
    GROUP_SKIPPED,
    GROUP_PASSED,
    GROUPS
};

static enum group group_of(const struct report_case *one)
{
    static const enum group groups[] = {
        [VERDICT_PASS] = GROUP_PASSED,         [VERDICT_FAIL] = GROUP_FAILED,
        [VERDICT_ERROR] = GROUP_FAILED,        [VERDICT_SKIP] = GROUP_SKIPPED,
        [VERDICT_INCONCLUSIVE] = GROUP_UNSURE,
    };
    if (report_excused(one))
        return GROUP_EXCUSED;
    return one->verdict == VERDICT_PASS && one->flaky ? GROUP_FLAKY : groups[one->verdict];
}

static size_t group_count(const struct report_run *run, enum group group)
{
    size_t count = 0;
    for (size_t i = 0; i < run->case_count; i++)
        count += group_of(&run->cases[i]) == group;
    return count;
}

/* A case was told with the first one that was skipped for the same reason. */
static bool told_before(const struct report_run *run, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (run->cases[i].verdict == VERDICT_SKIP &&
            view_equal(run->cases[i].reason, run->cases[index].reason))
            return true;
    return false;
}

static void reason_write(struct page *page, size_t first)
{
    const struct report_run *run = page->run;
    struct view reason = run->cases[first].reason;
    buf_add(page->out, V("<div class=\"reason\"><p>"));
    html_text(page->out, reason.len > 0 ? reason : V("no reason was given"));
    buf_add(page->out, V("</p>\n"));
    for (size_t i = first; i < run->case_count; i++)
        if (run->cases[i].verdict == VERDICT_SKIP && view_equal(run->cases[i].reason, reason))
            case_write(page, i, false);
    buf_add(page->out, V("</div>\n"));
}

static void group_write(struct page *page, enum group group, struct writer *writer)
{
    static const char *const names[] = {
        "Failed", "Inconclusive", "Flaky", "Known, and no reason to stop", "Skipped", "Passed"};
    const struct report_run *run = page->run;
    size_t count = group_count(run, group);
    bool first = group == GROUP_FAILED;
    if (count == 0)
        return;
    buf_printf(page->out, "<section class=\"group\">\n<h2>%s <span>%zu</span></h2>\n", names[group],
               count);
    for (size_t i = 0; i < run->case_count; i++) {
        if (group_of(&run->cases[i]) != group)
            continue;
        if (group != GROUP_SKIPPED)
            case_write(page, i, first || run->case_count == 1);
        else if (!told_before(run, i))
            reason_write(page, i);
        first = false;
        writer_spill(writer);
    }
    buf_add(page->out, V("</section>\n"));
}

enum err report_html_write(const struct report_run *run, const char *path)
{
    struct writer writer;
    enum err err = writer_open(&writer, path);
    struct page page = {.out = writer_buf(&writer),
                        .run = run,
                        .path = view_of(path),
                        .counts = counts_of(run->cases, run->case_count),
                        .full_left = FULL_MOST,
                        .wrong_left = WRONG_MOST};
    if (err == ERR_OK) {
        top_write(&page);
        head_write(&page);
        buf_add(page.out, V("<main id=\"list\">\n"));
        for (enum group group = GROUP_FAILED; group < GROUPS; group++)
            group_write(&page, group, &writer);
        buf_add(page.out, V("</main>\n"));
        document_end(page.out, &document_of_run);
    }
    return writer_close(&writer, err);
}
