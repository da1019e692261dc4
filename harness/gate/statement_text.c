#include "harness/gate/statement_text.h"
#include "harness/catalogue/requirement.h"
#include "harness/scene/json.h"

/* ---- Markdown ---- */

/* In a cell of a table: nothing of it ends the cell or is markup. */
static void cell_text(struct buf *out, struct view text)
{
    struct buf shown = {0};

    text_add(&shown, text);
    for (size_t i = 0; i < shown.len; i++) {
        if (strchr("|\\`*_<>[]", shown.ptr[i]) != NULL)
            buf_add_char(out, '\\');
        buf_add_char(out, shown.ptr[i]);
    }
    text_part_end(out, &shown);
}

static void fact_write(struct buf *out, const char *name, struct view value)
{
    if (value.len == 0)
        return;
    buf_printf(out, "| %s | ", name);
    cell_text(out, value);
    buf_add(out, V(" |\n"));
}

static void share_write(struct buf *out, const char *name, uint32_t passed, uint32_t applicable)
{
    buf_printf(out, "| %s | %u of %u passed |\n", name, (unsigned)passed, (unsigned)applicable);
}

/* How many of the catalogue no scenario of the run was about. */
static size_t untested_count(const struct report_run *run)
{
    return requirement_count - run->requirement_count;
}

static void facts_write(const struct report_run *run, struct buf *out)
{
    const struct report_score *score = &run->score;
    struct buf day = {0};

    if (run->started_s != 0) {
        text_add_utc(&day, run->started_s);
        buf_add(&day, V(" UTC"));
    }
    buf_add(out, V("| | |\n|---|---|\n"));
    fact_write(out, "Claims",
               run->claims.len > 0   ? run->claims
               : run->target.len > 0 ? V("nothing in particular, so all was put to the test")
                                     : V("the stack of sipwright itself was tested"));
    fact_write(out, "Tested on", buf_view(&day));
    fact_write(out, "With sipwright", run->version);
    fact_write(out, "Network", view_equal(run->net, V("sim")) ? V("simulated") : V("real sockets"));
    share_write(out, "MUST", score->must_passed, score->must_applicable);
    share_write(out, "SHOULD", score->should_passed, score->should_applicable);
    buf_printf(out, "| Not applicable | %u |\n", (unsigned)score->not_applicable);
    buf_printf(out, "| Not tested | %zu of the catalogue's %zu requirements |\n",
               untested_count(run), requirement_count);
    text_part_end(out, &day);
}

static const char *verdict_words(enum verdict verdict)
{
    static const char *const words[] = {
        [VERDICT_PASS] = "passed",
        [VERDICT_FAIL] = "**failed**",
        [VERDICT_ERROR] = "**no verdict: error**",
        [VERDICT_INCONCLUSIVE] = "**inconclusive**",
        [VERDICT_SKIP] = "",
    };
    return words[verdict];
}

static bool was_tested(const struct report_requirement *one)
{
    return one->verdict != VERDICT_SKIP;
}

static void row_write(struct buf *out, const struct report_requirement *one)
{
    buf_printf(out, "| %.*s | %.*s | %.*s | ", VIEW_ARG(one->id), VIEW_ARG(one->section),
               VIEW_ARG(one->level));
    cell_text(out, one->text);
    buf_printf(out, " | %s", verdict_words(one->verdict));
    if (one->verdict != VERDICT_PASS && one->reason.len > 0) {
        buf_add(out, V(": "));
        cell_text(out, one->reason);
    }
    buf_add(out, V(" |\n"));
}

/* The tested ones of one RFC, at the first of them. */
static void rfc_write(const struct report_run *run, size_t first, struct buf *out)
{
    struct view rfc = run->requirements[first].rfc;

    for (size_t i = 0; i < first; i++)
        if (was_tested(&run->requirements[i]) && view_equal(run->requirements[i].rfc, rfc))
            return;
    buf_printf(out,
               "\n## %.*s\n\n| Requirement | Section | Level | What it asks for | Verdict |\n"
               "|---|---|---|---|---|\n",
               VIEW_ARG(rfc));
    for (size_t i = first; i < run->requirement_count; i++)
        if (was_tested(&run->requirements[i]) && view_equal(run->requirements[i].rfc, rfc))
            row_write(out, &run->requirements[i]);
}

static void tested_write(const struct report_run *run, struct buf *out)
{
    for (size_t i = 0; i < run->requirement_count; i++)
        if (was_tested(&run->requirements[i]))
            rfc_write(run, i, out);
}

/* What somebody looks for first. */
static void unpassed_write(const struct report_run *run, struct buf *out)
{
    size_t count = 0;

    for (size_t i = 0; i < run->requirement_count; i++) {
        const struct report_requirement *one = &run->requirements[i];
        if (!was_tested(one) || one->verdict == VERDICT_PASS)
            continue;
        buf_add(out, count++ == 0 ? V("\nNot passed: ") : V(", "));
        buf_printf(out, "%.*s (%.*s)", VIEW_ARG(one->id), VIEW_ARG(one->level));
    }
    buf_add(out, count > 0 ? V(".\n") : V(""));
}

/* The ids that are not applicable for one reason, at the first of them. */
static void reason_write(const struct report_run *run, size_t first, struct buf *out)
{
    struct view reason = run->requirements[first].reason;

    for (size_t i = 0; i < first; i++)
        if (!was_tested(&run->requirements[i]) && view_equal(run->requirements[i].reason, reason))
            return;
    buf_add(out, V("- "));
    cell_text(out, reason.len > 0 ? reason : V("no reason was given"));
    for (size_t i = first, count = 0; i < run->requirement_count; i++) {
        const struct report_requirement *one = &run->requirements[i];
        if (was_tested(one) || !view_equal(one->reason, reason))
            continue;
        buf_printf(out, "%s%.*s", count++ == 0 ? ": " : ", ", VIEW_ARG(one->id));
    }
    buf_add_char(out, '\n');
}

static void inapplicable_write(const struct report_run *run, struct buf *out)
{
    bool any = false;

    for (size_t i = 0; i < run->requirement_count; i++) {
        if (was_tested(&run->requirements[i]))
            continue;
        if (!any)
            buf_add(out, V("\n## Not applicable\n\n"));
        any = true;
        reason_write(run, i, out);
    }
}

void statement_markdown(const struct report_run *run, struct buf *out)
{
    buf_add(out, V("# Conformance statement"));
    if (run->target.len > 0) {
        buf_add(out, V(": "));
        cell_text(out, run->target);
    }
    buf_add(out, V("\n\n"));
    if (run->interrupted)
        buf_add(out, V("**The run was interrupted: this is not all of it.**\n\n"));
    facts_write(run, out);
    unpassed_write(run, out);
    tested_write(run, out);
    inapplicable_write(run, out);
}

/* ---- JSON ---- */

static void score_json(struct buf *out, const struct report_score *score)
{
    json_key(out, "score");
    buf_add_char(out, '{');
    json_number(out, "must_passed", score->must_passed);
    json_number(out, "must_applicable", score->must_applicable);
    json_number(out, "should_passed", score->should_passed);
    json_number(out, "should_applicable", score->should_applicable);
    json_number(out, "not_applicable", score->not_applicable);
    buf_add_char(out, '}');
}

static void requirement_json(struct buf *out, const struct report_requirement *one)
{
    buf_add_char(out, '{');
    json_text(out, "id", one->id);
    json_text(out, "rfc", one->rfc);
    json_text(out, "section", one->section);
    json_text(out, "level", one->level);
    json_text(out, "text", one->text);
    json_text(out, "verdict", view_of(verdict_text(one->verdict)));
    if (one->verdict != VERDICT_PASS)
        json_text(out, "reason", one->reason);
    buf_add_char(out, '}');
}

void statement_json(const struct report_run *run, struct buf *out)
{
    struct buf day = {0};

    if (run->started_s != 0)
        text_add_utc(&day, run->started_s);
    buf_add_char(out, '{');
    json_number(out, "statement", 1);
    json_text(out, "target", run->target);
    json_words(out, "claims", run->claims);
    if (day.len > 0)
        json_text(out, "tested", buf_view(&day));
    json_text(out, "version", run->version);
    json_text(out, "net", run->net);
    if (run->interrupted)
        json_number(out, "interrupted", 1);
    score_json(out, &run->score);
    json_number(out, "not_tested", untested_count(run));
    json_key(out, "requirements");
    buf_add_char(out, '[');
    for (size_t i = 0; i < run->requirement_count; i++) {
        buf_add(out, i > 0 ? V(",\n") : V("\n"));
        requirement_json(out, &run->requirements[i]);
    }
    buf_add(out, V("\n]}\n"));
    text_part_end(out, &day);
}
