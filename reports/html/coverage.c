#include "reports/html/coverage.h"
#include "reports/html/document.h"
#include "reports/html/page.h"
#include "reports/html/section.h"
#include "reports/writer.h"

/* The page: rows in the order of their RFCs and sections. */

static const struct document document_of_coverage = {
    {&asset_style, &asset_coverage_style},
    &asset_coverage_script
};

bool report_cover_is(const struct report_cover_row *row)
{
    return row->scenario_count > 0 || row->rule_count > 0;
}

bool report_cover_by_rule(const struct report_cover_row *row)
{
    return row->scenario_count == 0 && row->rule_count > 0;
}

bool report_cover_idle(const struct report_coverage *coverage, size_t row)
{
    size_t there = 0;

    for (size_t i = 0; i < coverage->run_count; i++) {
        const struct report_cover_cell *cell = &coverage->runs[i].cells[row];
        if (cell->there && cell->verdict != VERDICT_SKIP)
            return false;
        there += cell->there;
    }
    return there > 0 && report_cover_is(&coverage->rows[row]);
}

struct view cover_run_name(const struct report_cover_run *run)
{
    return run->target.len > 0 ? run->target : V("simulated");
}

struct view cover_section(const struct report_cover_row *row)
{
    return view_head(row->section, view_find_char(row->section, ','));
}

void cover_anchor(struct buf *out, struct view rfc)
{
    buf_add(out, V("rfc"));
    buf_add(out, view_starts(rfc, V("RFC ")) ? view_skip(rfc, 4) : rfc);
}

static int row_compare(const struct report_cover_row *a, const struct report_cover_row *b)
{
    int order = section_compare(a->rfc, b->rfc);
    order = order != 0 ? order : section_compare(cover_section(a), cover_section(b));
    return order != 0 ? order : view_compare(a->id, b->id);
}

/* By insertion: there are some hundred. NULL: memory. */
static size_t *rows_sorted(const struct report_coverage *coverage)
{
    size_t *order = mem_zalloc((coverage->row_count + 1) * sizeof *order);

    for (size_t i = 0; order != NULL && i < coverage->row_count; i++) {
        size_t at = i;
        for (; at > 0 && row_compare(&coverage->rows[order[at - 1]], &coverage->rows[i]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return order;
}

static bool same_rfc(const struct report_cover_row *a, const struct report_cover_row *b)
{
    return view_equal(a->rfc, b->rfc);
}

static bool same_section(const struct report_cover_row *a, const struct report_cover_row *b)
{
    return same_rfc(a, b) && view_equal(cover_section(a), cover_section(b));
}

struct walk {
    const struct report_coverage *coverage;
    const size_t *order;
};

static const struct report_cover_row *row_at(const struct walk *walk, size_t at)
{
    return &walk->coverage->rows[walk->order[at]];
}

static struct cover_count count_while(const struct walk *walk, size_t from,
                                      bool (*same)(const struct report_cover_row *,
                                                   const struct report_cover_row *))
{
    struct cover_count count = {0};

    for (size_t at = from;
         at < walk->coverage->row_count && same(row_at(walk, at), row_at(walk, from)); at++) {
        count.all++;
        count.covered += report_cover_is(row_at(walk, at));
    }
    return count;
}

static size_t section_write(struct buf *out, const struct walk *walk, size_t from)
{
    struct cover_count count = count_while(walk, from, same_section);

    buf_add(out, V("<section class=\"part\">\n<h3>§"));
    html_text(out, cover_section(row_at(walk, from)));
    buf_printf(out, " <span>%zu of %zu</span></h3>\n", count.covered, count.all);
    for (size_t at = from; at < from + count.all; at++)
        cover_row_write(out, walk->coverage, walk->order[at]);
    buf_add(out, V("</section>\n"));
    return from + count.all;
}

static size_t rfc_write(struct buf *out, const struct walk *walk, size_t from)
{
    const struct report_cover_row *first = row_at(walk, from);
    struct cover_count count = count_while(walk, from, same_rfc);

    buf_add(out, V("<section class=\"rfc\">\n<h2 id=\""));
    cover_anchor(out, first->rfc);
    buf_add(out, V("\">"));
    html_text(out, first->rfc);
    buf_add_char(out, ' ');
    html_element(out, "span", "subject", walk->coverage->subject(first->rfc));
    buf_printf(out, " <span>%zu of %zu</span></h2>\n", count.covered, count.all);
    size_t at = from;
    while (at < from + count.all)
        at = section_write(out, walk, at);
    buf_add(out, V("</section>\n"));
    return at;
}

enum err report_coverage_write(const struct report_coverage *coverage, const char *path)
{
    struct writer writer;
    size_t *order = rows_sorted(coverage);
    enum err err = order == NULL ? ERR_MEMORY : ERR_OK;
    enum err opened = writer_open(&writer, path);

    err = err == ERR_OK ? opened : err;
    if (err == ERR_OK) {
        struct buf *out = writer_buf(&writer);
        const struct walk walk = {coverage, order};
        document_begin(out, &document_of_coverage, V("Requirements and what covers them"));
        cover_head_write(out, coverage, order);
        buf_add(out, V("<main>\n"));
        for (size_t at = 0; at < coverage->row_count; writer_spill(&writer))
            at = rfc_write(out, &walk, at);
        buf_add(out, V("</main>\n"));
        document_end(out, &document_of_coverage);
    }
    mem_free(order);
    return writer_close(&writer, err);
}
