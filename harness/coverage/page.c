#include "harness/catalogue/subject.h"
#include "harness/coverage/coverage.h"

/* As the levels are counted in text: what is said in other words than those of RFC 2119 is a must.
 */
static const char *level_group(const struct requirement *what)
{
    enum requirement_level level = requirement_level(what);

    return level >= LEVEL_NORM ? "must" : level == LEVEL_SHOULD ? "should" : "may";
}

static struct report_cover_row row_made(const struct coverage_row *row)
{
    const struct requirement *what = row->what;

    return (struct report_cover_row){.id = what->id,
                                     .area = what->area,
                                     .rfc = what->rfc,
                                     .section = what->section,
                                     .level = what->level,
                                     .role = what->role,
                                     .text = what->text,
                                     .stimulus = what->stimulus,
                                     .expected = what->expected,
                                     .quote = what->quote,
                                     .group = level_group(what),
                                     .kind = row->reason != NULL ? row->reason->kind : V(""),
                                     .why = row->reason != NULL ? row->reason->why : V(""),
                                     .scenarios = row->scenarios,
                                     .scenario_count = row->scenario_count,
                                     .rules = row->rules.items,
                                     .rule_count = row->rules.count,
                                     .code = row->code.items,
                                     .code_count = row->code.count,
                                     .results = row->results,
                                     .result_count = row->result_count};
}

enum err coverage_page(const struct coverage *coverage, struct view suite, const char *path)
{
    struct report_cover_row *rows = mem_zalloc(requirement_count * sizeof *rows);
    const struct report_coverage page = {.rows = rows,
                                         .row_count = requirement_count,
                                         .runs = coverage->runs,
                                         .run_count = coverage->run_count,
                                         .scenario_count = coverage->scenario_count,
                                         .suite = suite,
                                         .version = V(SIPWRIGHT_VERSION),
                                         .subject = rfc_subject};

    if (rows == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < requirement_count; i++)
        rows[i] = row_made(&coverage->rows[i]);
    enum err err = report_coverage_write(&page, path);
    mem_free(rows);
    return err;
}
