#include "reports/counts.h"
#include "reports/event.h"
#include "reports/json_event.h"
#include "reports/json_member.h"
#include "reports/writer.h"

/* One object a line. A field that is zero, absent or false is left out, but for those that a reader
 * would miss; fields of the wall clock and of this machine's paths stand there only with a clock.
 */

static void line_begin(struct buf *out, const char *type)
{
    buf_add(out, V("{\"v\":1,\"type\":\""));
    buf_add(out, view_of(type));
    buf_add_char(out, '"');
}

static void line_end(struct buf *out)
{
    buf_add(out, V("}\n"));
}

/* The empty word is left out. */
static void json_word_add(struct buf *out, const char *name, const char *word)
{
    json_text_add(out, name, *word != '\0' ? view_of(word) : (struct view){0});
}

static void event_write(struct buf *out, const struct trace_event *event, size_t index)
{
    line_begin(out, "event");
    json_number_add(out, "case", index);
    json_event_add(out, event);
    line_end(out);
}

static void shard_write(struct buf *out, const struct report_shard *shard)
{
    json_number_add(out, "shard", shard->index);
    json_number_add(out, "shards", shard->count);
    json_number_add(out, "plan", shard->plan);
    json_number_add(out, "plan_cases", shard->case_count);
}

static void run_write(struct buf *out, const struct report_run *run)
{
    line_begin(out, "run");
    json_text_add(out, "version", run->version);
    json_number_add(out, "seed", run->seed);
    json_text_add(out, "net", run->net);
    json_text_add(out, "target", run->target);
    if (run->link.len > 0)
        json_text_add(out, "link", run->link);
    if (run->transport.len > 0)
        json_text_add(out, "transport", run->transport);
    if (run->mutant.len > 0)
        json_text_add(out, "mutant", run->mutant);
    json_text_add(out, "claims", run->claims);
    json_text_add(out, "gate", run->gate);
    json_number_add(out, "cases", run->case_count);
    if (run->shard.count != 0)
        shard_write(out, &run->shard);
    if (run->started_s != 0) {
        json_number_add(out, "started_s", run->started_s);
        json_text_add(out, "command_line", run->command_line);
        if (run->root.len > 0)
            json_text_add(out, "root", run->root);
    }
    line_end(out);
}

static void case_write(struct buf *out, const struct report_case *one, size_t index)
{
    line_begin(out, "case");
    json_number_add(out, "case", index);
    if (one->place != 0)
        json_number_add(out, "place", one->place);
    json_text_add(out, "id", one->id);
    json_text_add(out, "file", one->file);
    json_number_add(out, "line", one->line);
    json_text_add(out, "name", one->name);
    json_text_add(out, "net", one->net);
    json_number_add(out, "seed", one->seed);
    json_text_add(out, "tags", one->tags);
    json_text_add(out, "covers", one->covers);
    line_end(out);
}

/* The folder of the pcap is this run's; its name is the case's. */
static struct view base_name(struct view path)
{
    for (size_t slash; (slash = view_find_char(path, '/')) < path.len;)
        path = view_skip(path, slash + 1);
    return path;
}

/* How a try ended. */
static void outcome_begin(struct buf *out, const char *type, const struct report_case *one,
                          size_t index)
{
    line_begin(out, type);
    json_number_add(out, "case", index);
    json_word_add(out, "verdict", verdict_text(one->verdict));
    json_text_add(out, "reason", one->reason);
    if (one->detail.ptr != NULL)
        json_object_add(out, "detail", one->detail);
    json_text_add(out, "rerun", one->rerun);
}

static void verdict_write(struct buf *out, const struct report_case *one, size_t index, bool clock)
{
    outcome_begin(out, "verdict", one, index);
    json_text_add(out, "pcap", clock ? one->pcap : base_name(one->pcap));
    json_number_add(out, "tries", one->tries);
    if (one->tried.len > 0)
        json_text_add(out, "tried", one->tried);
    json_flag_add(out, "flaky", one->flaky);
    json_word_add(out, "standing", standing_text(one->standing));
    json_text_add(out, "known", one->known);
    json_text_add(out, "level", one->level);
    json_number_add(out, "virtual_us", one->virtual_us);
    if (clock)
        json_number_add(out, "wall_us", one->wall_us);
    line_end(out);
}

/* After its events; those of the last try follow. */
static void try_write(struct buf *out, const struct report_case *one, size_t index)
{
    outcome_begin(out, "try", one, index);
    json_number_add(out, "seed", one->seed);
    json_number_add(out, "virtual_us", one->virtual_us);
    line_end(out);
}

static void requirement_write(struct buf *out, const struct report_requirement *one)
{
    line_begin(out, "requirement");
    json_text_add(out, "id", one->id);
    json_text_add(out, "rfc", one->rfc);
    json_text_add(out, "section", one->section);
    json_text_add(out, "level", one->level);
    json_text_add(out, "text", one->text);
    json_word_add(out, "verdict", verdict_text(one->verdict));
    json_text_add(out, "reason", one->reason);
    line_end(out);
}

static void score_write(struct buf *out, const struct report_score *score)
{
    buf_printf(out,
               ",\"score\":{\"must_passed\":%u,\"must_applicable\":%u,\"should_passed\":%u,"
               "\"should_applicable\":%u,\"not_applicable\":%u}",
               (unsigned)score->must_passed, (unsigned)score->must_applicable,
               (unsigned)score->should_passed, (unsigned)score->should_applicable,
               (unsigned)score->not_applicable);
}

static void excused_write(struct buf *out, const struct counts *counts)
{
    if (counts->known > 0)
        json_number_add(out, "known", counts->known);
    if (counts->quarantined > 0)
        json_number_add(out, "quarantined", counts->quarantined);
    if (counts->advisory > 0)
        json_number_add(out, "advisory", counts->advisory);
}

static void end_write(struct buf *out, const struct report_run *run)
{
    struct counts counts = counts_of(run->cases, run->case_count);
    line_begin(out, "end");
    json_number_add(out, "cases", counts.all);
    json_number_add(out, "passed", counts.passed);
    json_number_add(out, "failed", counts.failed);
    json_number_add(out, "errors", counts.errors);
    json_number_add(out, "inconclusive", counts.inconclusive);
    json_number_add(out, "skipped", counts.skipped);
    json_number_add(out, "flaky", counts.flaky);
    excused_write(out, &counts);
    if (run->requirement_count > 0)
        score_write(out, &run->score);
    json_flag_add(out, "interrupted", run->interrupted);
    json_number_add(out, "exit", run->exit_code < 0 ? 0 : (uint64_t)run->exit_code);
    if (run->started_s != 0)
        json_number_add(out, "wall_us", run->wall_us);
    line_end(out);
}

static void events_write(struct writer *writer, const struct report_case *one, size_t index,
                         struct arena *arena)
{
    struct view rest = one->events;
    for (struct trace_event event; event_take(&rest, arena, &event);) {
        if (event.kind == TRACE_KEYS) /* who has them reads what was said */
            continue;
        event_write(writer_buf(writer), &event, index);
        writer_spill(writer);
        arena_reset(arena);
    }
}

enum err report_json_write(const struct report_run *run, const char *path)
{
    struct writer writer;
    struct arena arena = {0};
    enum err err = writer_open(&writer, path);
    if (err != ERR_OK)
        return writer_close(&writer, err);
    run_write(writer_buf(&writer), run);
    for (size_t i = 0; i < run->case_count; i++) {
        case_write(writer_buf(&writer), &run->cases[i], i + 1);
        const struct report_case *earlier = run->cases[i].earlier;
        if (earlier != NULL) {
            events_write(&writer, earlier, i + 1, &arena);
            try_write(writer_buf(&writer), earlier, i + 1);
        }
        events_write(&writer, &run->cases[i], i + 1, &arena);
        verdict_write(writer_buf(&writer), &run->cases[i], i + 1, run->started_s != 0);
    }
    for (size_t i = 0; i < run->requirement_count; i++)
        requirement_write(writer_buf(&writer), &run->requirements[i]);
    end_write(writer_buf(&writer), run);
    arena_deinit(&arena);
    return writer_close(&writer, ERR_OK);
}
