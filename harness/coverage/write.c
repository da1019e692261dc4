#include "harness/coverage/coverage.h"
#include "harness/scene/json.h"

enum { AREA_COLUMNS = 30 };

struct tally {
    size_t all, covered;
};

static void tally_add(struct tally *tally, const struct coverage_row *row)
{
    tally->all++;
    tally->covered += coverage_row_covered(row);
}

static void tally_text(struct buf *out, const char *name, const struct tally *tally)
{
    if (tally->all > 0)
        buf_printf(out, "   %s %zu of %zu", name, tally->covered, tally->all);
}

/* The levels that ask for something, those in words other than RFC 2119's among the musts. */
static void levels_text(const struct coverage *coverage, struct view area, struct buf *out)
{
    struct tally must = {0}, should = {0}, rest = {0};

    for (size_t i = 0; i < requirement_count; i++) {
        const struct coverage_row *row = &coverage->rows[i];
        if (area.len > 0 && !view_equal(row->what->area, area))
            continue;
        enum requirement_level level = requirement_level(row->what);
        tally_add(level >= LEVEL_NORM ? &must : level == LEVEL_SHOULD ? &should : &rest, row);
    }
    tally_text(out, "must", &must);
    tally_text(out, "should", &should);
    tally_text(out, "may", &rest);
    buf_add_char(out, '\n');
}

static bool is_first_of_area(size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (view_equal(requirements[i].area, requirements[index].area))
            return false;
    return true;
}

static void areas_text(const struct coverage *coverage, struct buf *out)
{
    for (size_t i = 0; i < requirement_count; i++) {
        struct view area = requirements[i].area;
        if (!is_first_of_area(i))
            continue;
        buf_printf(out, "  %-*.*s", AREA_COLUMNS, VIEW_ARG(area));
        levels_text(coverage, area, out);
    }
}

static void row_text(const struct coverage_row *row, struct buf *out)
{
    const struct requirement *what = row->what;

    buf_printf(out, "  %-9.*s %-6.*s %.*s §%.*s  %.*s\n", VIEW_ARG(what->id), VIEW_ARG(what->level),
               VIEW_ARG(what->rfc), VIEW_ARG(what->section), VIEW_ARG(what->text));
    if (row->reason != NULL)
        buf_printf(out, "            %.*s: %.*s\n", VIEW_ARG(row->reason->kind),
                   VIEW_ARG(row->reason->why));
}

static void uncovered_text(const struct coverage *coverage, struct buf *out)
{
    buf_add(out, V("\nnot covered:\n"));
    for (size_t i = 0; i < requirement_count; i++)
        if (!coverage_row_covered(&coverage->rows[i]))
            row_text(&coverage->rows[i], out);
}

/* What looks covered, and no run put to the test. */
static void idle_text(const struct coverage *coverage, struct buf *out)
{
    size_t count = 0;

    for (size_t i = 0; i < requirement_count; i++) {
        if (!coverage_row_idle(coverage, &coverage->rows[i]))
            continue;
        if (count++ == 0)
            buf_add(out, V("\ncovered, but in these runs every scenario was skipped:\n"));
        row_text(&coverage->rows[i], out);
    }
}

static void level_score(struct buf *out, const char *word, uint32_t passed, uint32_t applicable)
{
    if (applicable > 0)
        buf_printf(out, "   %s %u of %u", word, (unsigned)passed, (unsigned)applicable);
}

/* A line for each run: what it made of what it put to the test. */
static void runs_text(const struct coverage *coverage, struct buf *out)
{
    if (coverage->run_count > 0)
        buf_add(out, V("\npassed of what was put to the test:\n"));
    for (uint32_t i = 0; i < coverage->run_count; i++) {
        const struct report_cover_run *run = &coverage->runs[i];
        struct view name = run->target.len > 0 ? run->target : V("simulated");
        buf_printf(out, "  %-*.*s", AREA_COLUMNS, VIEW_ARG(name));
        level_score(out, "must", run->score.must_passed, run->score.must_applicable);
        level_score(out, "should", run->score.should_passed, run->score.should_applicable);
        buf_printf(out, "   (%.*s)\n", VIEW_ARG(run->file));
    }
}

/* No scenario says that it leads there: whether one does is not known. */
static void by_rule_text(const struct coverage *coverage, struct buf *out)
{
    size_t count = 0;

    for (size_t i = 0; i < requirement_count; i++)
        count += coverage->rows[i].scenario_count == 0 && coverage->rows[i].rules.count > 0;
    if (count > 0)
        buf_printf(out, "%zu of them by a rule of the monitor alone\n", count);
}

void coverage_text(const struct coverage *coverage, struct buf *out)
{
    size_t covered = coverage_count(coverage);

    buf_printf(out, "%zu of %zu requirements are covered:", covered, requirement_count);
    levels_text(coverage, (struct view){0}, out);
    by_rule_text(coverage, out);
    areas_text(coverage, out);
    runs_text(coverage, out);
    idle_text(coverage, out);
    if (covered < requirement_count)
        uncovered_text(coverage, out);
}

static void names_json(struct buf *out, const char *key, const struct coverage_names *names)
{
    json_key(out, key);
    buf_add_char(out, '[');
    for (uint32_t i = 0; i < names->count; i++) {
        buf_add(out, i > 0 ? V(",") : V(""));
        json_string(out, names->items[i]);
    }
    buf_add_char(out, ']');
}

static void scenarios_json(struct buf *out, const struct coverage_row *row)
{
    json_key(out, "scenarios");
    buf_add_char(out, '[');
    for (uint32_t i = 0; i < row->scenario_count; i++) {
        buf_add(out, i > 0 ? V(",") : V(""));
        json_string(out, row->scenarios[i].id);
    }
    buf_add_char(out, ']');
}

static void results_json(struct buf *out, const struct coverage *coverage,
                         const struct coverage_row *row)
{
    json_key(out, "results");
    buf_add_char(out, '[');
    for (uint32_t i = 0; i < row->result_count; i++) {
        const struct report_cover_result *result = &row->results[i];
        buf_add(out, i > 0 ? V(",{") : V("{"));
        json_text(out, "scenario", result->one.id);
        json_text(out, "verdict", view_of(verdict_text(result->one.verdict)));
        json_text(out, "target", coverage->runs[result->run].target);
        json_number(out, "seed", result->one.seed);
        buf_add_char(out, '}');
    }
    buf_add_char(out, ']');
}

static void row_json(struct buf *out, const struct coverage *coverage,
                     const struct coverage_row *row)
{
    const struct requirement *what = row->what;

    buf_add_char(out, '{');
    json_text(out, "id", what->id);
    json_key(out, "covered");
    buf_add(out, coverage_row_covered(row) ? V("true") : V("false"));
    json_text(out, "area", what->area);
    json_text(out, "rfc", what->rfc);
    json_text(out, "section", what->section);
    json_text(out, "level", what->level);
    json_text(out, "role", what->role);
    json_text(out, "requirement", what->text);
    scenarios_json(out, row);
    names_json(out, "rules", &row->rules);
    names_json(out, "code", &row->code);
    results_json(out, coverage, row);
    if (row->reason != NULL) {
        json_text(out, "kind", row->reason->kind);
        json_text(out, "why", row->reason->why);
    }
    buf_add_char(out, '}');
}

void coverage_json(const struct coverage *coverage, struct buf *out)
{
    buf_add_char(out, '{');
    json_number(out, "v", 1);
    json_number(out, "count", requirement_count);
    json_number(out, "covered", coverage_count(coverage));
    json_key(out, "rows");
    for (size_t i = 0; i < requirement_count; i++) {
        buf_add(out, i == 0 ? V("[\n") : V(",\n"));
        row_json(out, coverage, &coverage->rows[i]);
    }
    buf_add(out, V("\n]}\n"));
}
