#include "reports/html/page.h"
#include "reports/text.h"
#include "reports/xml.h"

enum { DATE_LEN = 10 }; /* "2026-01-31" */

/* "3 of 214 scenarios failed on desk_phone, 11 were skipped." */
void verdict_sentence(const struct page *page, struct buf *out)
{
    const struct counts *counts = &page->counts;
    size_t wrong = counts->failed + counts->errors;
    bool captured = view_equal(page->run->net, V("capture")), one = counts->all == 1;
    const char *noun = captured ? (one ? "call" : "calls") : (one ? "scenario" : "scenarios");
    if (page->run->interrupted)
        buf_add(out, V("Interrupted: "));
    if (counts->all == 0)
        buf_add(out, captured ? V("no call was found") : V("no scenario ran"));
    else if (wrong > 0)
        buf_printf(out, "%zu of %zu %s failed", wrong, counts->all, noun);
    else if (counts->passed == counts->all)
        buf_printf(out, counts->all == 1 ? "%zu %s passed" : "all %zu %s passed", counts->all,
                   noun);
    else
        buf_printf(out, "%zu of %zu %s passed", counts->passed, counts->all, noun);
    if (page->run->target.len > 0) {
        buf_add(out, V(" on "));
        text_add(out, page->run->target);
    }
    count_tell(out, counts->inconclusive, "inconclusive");
    count_tell(out, counts->flaky, "flaky");
    count_tell(out, counts->known, "known");
    count_tell(out, counts->quarantined, "quarantined");
    count_tell(out, counts->advisory, "advisory");
    count_tell(out, counts->skipped, "skipped");
}

static void fact_take(const struct page *page, const char *name, struct buf *value)
{
    html_fact(page->out, name, buf_view(value));
    text_part_end(page->out, value);
}

static void times_write(const struct page *page)
{
    struct buf started = {0}, took = {0}, virtual = {0};
    if (page->run->started_s != 0) {
        text_add_utc(&started, page->run->started_s);
        if (started.len > DATE_LEN)
            started.ptr[DATE_LEN] = ' '; /* instead of the T: it is for people */
        buf_add(&started, V(" UTC"));
        text_add_duration(&took, page->run->wall_us);
    }
    text_add_duration(&virtual, page->counts.virtual_us);
    fact_take(page, "Started", &started);
    fact_take(page, "Took", &took);
    fact_take(page, "Virtual time", &virtual);
}

static void facts_write(const struct page *page)
{
    const struct report_run *run = page->run;
    struct buf seed = {0}, shard = {0};
    buf_add(page->out, V("<dl class=\"facts\">\n"));
    html_fact(page->out, "Target", run->target);
    html_fact(page->out, "Link", run->link);
    html_fact(page->out, "Mutant", run->mutant);
    html_fact(page->out, "Claims", run->claims);
    html_fact(page->out, "Network",
              view_equal(run->net, V("sim"))    ? V("simulated")
              : view_equal(run->net, V("real")) ? V("real sockets")
                                                : run->net);
    html_fact(page->out, "Transport", run->transport);
    if (!view_equal(run->net, V("capture")))
        buf_add_uint(&seed, run->seed);
    fact_take(page, "Seed", &seed);
    times_write(page);
    html_fact(page->out, "Gate", run->gate);
    if (run->shard.count > 1)
        buf_printf(&shard, "%u of %u", (unsigned)run->shard.index, (unsigned)run->shard.count);
    fact_take(page, "Shard", &shard);
    html_fact(page->out, "sipwright", run->version);
    buf_add(page->out, V("</dl>\n"));
    if (run->started_s != 0 && run->command_line.len > 0) {
        buf_add(page->out, V("<p class=\"command\"><code class=\"copy\">"));
        html_text(page->out, run->command_line);
        buf_add(page->out, V("</code></p>\n"));
    }
}

static void tally_write(const struct page *page, const char *style, const char *word, size_t count)
{
    if (count > 0)
        buf_printf(page->out, "<li class=\"%s\"><b>%zu</b> %s</li>\n", style, count, word);
}

/* The shares as a bar; the words beside it say the same. */
static void bar_write(const struct page *page)
{
    const struct counts *counts = &page->counts;
    size_t all = counts->all == 0 ? 1 : counts->all, at = 0;
    const struct {
        const char *style, *fill;
        size_t count;
    } parts[] = {
        {"fail",   "#cf4a40", counts->failed + counts->errors},
        {"unsure", "#b58312",
         counts->inconclusive + counts->flaky + counts->known + counts->quarantined +
             counts->advisory                                },
        {"skip",   "#8a929c", counts->skipped                },
        {"pass",   "#3a9a62", counts->passed                 }
    };
    buf_add(page->out, V("<svg class=\"bar\" viewBox=\"0 0 1000 8\" preserveAspectRatio=\"none\" "
                         "aria-hidden=\"true\">"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t width = parts[i].count * 1000 / all;
        width = parts[i].count > 0 && width < 8 ? 8 : width;
        width = at + width > 1000 ? 1000 - at : width;
        if (width > 0)
            buf_printf(page->out,
                       "<rect class=\"%s\" fill=\"%s\" x=\"%zu\" width=\"%zu\" height=\"8\"/>",
                       parts[i].style, parts[i].fill, at, width);
        at += width;
    }
    buf_add(page->out, V("</svg>\n"));
}

void head_write(const struct page *page)
{
    const struct counts *counts = &page->counts;
    struct buf sentence = {0};
    bool bad = counts->failed + counts->errors + counts->inconclusive > 0 ||
               page->run->interrupted || counts->all == 0;
    verdict_sentence(page, &sentence);
    if (sentence.len > 0 && sentence.ptr[0] >= 'a' && sentence.ptr[0] <= 'z')
        sentence.ptr[0] = (char)(sentence.ptr[0] - 'a' + 'A');
    buf_printf(page->out, "<header>\n<h1 class=\"%s\"><span aria-hidden=\"true\">%s</span> ",
               bad ? "fail" : "pass", bad ? "✗" : "✓");
    html_text(page->out, buf_view(&sentence));
    buf_add(page->out, V("</h1>\n"));
    bar_write(page);
    buf_add(page->out, V("<ul class=\"tally\">\n"));
    tally_write(page, "fail", "failed", counts->failed);
    tally_write(page, "fail", counts->errors == 1 ? "error" : "errors", counts->errors);
    tally_write(page, "unsure", "inconclusive", counts->inconclusive);
    tally_write(page, "unsure", "flaky", counts->flaky);
    tally_write(page, "unsure", "known", counts->known);
    tally_write(page, "unsure", "quarantined", counts->quarantined);
    tally_write(page, "unsure", "advisory", counts->advisory);
    tally_write(page, "skip", "skipped", counts->skipped);
    tally_write(page, "pass", "passed", counts->passed);
    buf_add(page->out, V("</ul>\n"));
    score_write(page);
    facts_write(page);
    conformance_write(page);
    buf_add(page->out, V("</header>\n"));
    text_part_end(page->out, &sentence);
}
