#include "reports/counts.h"
#include "reports/json_event.h"
#include "reports/json_member.h"
#include "reports/report.h"
#include "reports/text.h"

#include <errno.h>
#include <stdio.h>

enum { CASES_FIRST = 64, FAILED_EXIT = 1, CUT_EXIT = 5 };

struct report_read {
    struct report_run run;
    struct report_case *cases;
    struct buf *events; /* of each case */
    uint32_t size;
    struct report_requirement *requirements;
    uint32_t requirement_size;
    struct arena arena; /* texts of the run and its cases */
    struct arena scrap; /* of one event */
    bool begun, ended;  /* its first and its last line were there */
    bool open;          /* the last case has no verdict yet */
};

static enum err file_take(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rbe");
    if (file == NULL)
        return errno == ENOENT ? ERR_ABSENT : ERR_IO;
    for (;;) {
        char *room = buf_room(out, 64 << 10);
        size_t got = room == NULL ? 0 : fread(room, 1, 64 << 10, file);
        if (got == 0)
            break;
        out->len += got;
    }
    enum err err = out->failed != ERR_OK ? out->failed : ferror(file) ? ERR_IO : ERR_OK;
    fclose(file);
    return err;
}

static enum err run_read(struct report_read *read, const json_t *line)
{
    struct json_taker taker = {.object = line, .arena = &read->arena};
    struct report_run *run = &read->run;
    read->begun = true;
    json_take_text(&taker, "version", &run->version);
    json_take_number(&taker, "seed", UINT64_MAX, &run->seed);
    json_take_text(&taker, "net", &run->net);
    json_take_text(&taker, "target", &run->target);
    json_take_text(&taker, "link", &run->link);
    json_take_text(&taker, "transport", &run->transport);
    json_take_text(&taker, "mutant", &run->mutant);
    json_take_text(&taker, "root", &run->root);
    json_take_text(&taker, "claims", &run->claims);
    json_take_text(&taker, "gate", &run->gate);
    json_take_number(&taker, "started_s", UINT64_MAX, &run->started_s);
    json_take_text(&taker, "command_line", &run->command_line);
    json_take_number32(&taker, "shard", &run->shard.index);
    json_take_number32(&taker, "shards", &run->shard.count);
    json_take_number(&taker, "plan", UINT64_MAX, &run->shard.plan);
    json_take_number(&taker, "plan_cases", UINT64_MAX, &run->shard.case_count);
    return taker.err;
}

static enum err grow(struct report_read *read)
{
    uint32_t count = (uint32_t)read->run.case_count, size = read->size;
    struct report_case *cases = mem_room(read->cases, sizeof *cases, count, &size, CASES_FIRST);
    if (cases == NULL)
        return ERR_MEMORY;
    read->cases = cases;
    struct buf *events = mem_room(read->events, sizeof *events, count, &read->size, CASES_FIRST);
    if (events == NULL)
        return ERR_MEMORY;
    read->events = events;
    return ERR_OK;
}

static enum err case_read(struct report_read *read, const json_t *line)
{
    struct json_taker taker = {.object = line, .arena = &read->arena, .err = grow(read)};
    struct report_case one = {.verdict =
                                  VERDICT_ERROR, /* until its own comes: never a false green */
                              .reason = V("the file breaks off before its verdict")};
    json_take_number32(&taker, "place", &one.place);
    json_take_text(&taker, "id", &one.id);
    json_take_text(&taker, "file", &one.file);
    json_take_number32(&taker, "line", &one.line);
    json_take_text(&taker, "name", &one.name);
    json_take_text(&taker, "net", &one.net);
    json_take_number(&taker, "seed", UINT64_MAX, &one.seed);
    json_take_text(&taker, "tags", &one.tags);
    json_take_text(&taker, "covers", &one.covers);
    if (taker.err != ERR_OK)
        return taker.err;
    read->run.interrupted = read->run.interrupted || read->open;
    read->open = true;
    read->cases[read->run.case_count] = one;
    read->events[read->run.case_count++] = (struct buf){0};
    return ERR_OK;
}

/* Events and verdicts belong to the case begun last. */
static struct report_case *case_last(struct report_read *read, const json_t *line)
{
    struct json_taker taker = {.object = line};
    uint64_t index = 0;
    json_take_number(&taker, "case", UINT64_MAX, &index);
    if (taker.err != ERR_OK || index == 0 || index != read->run.case_count)
        return NULL;
    return &read->cases[index - 1];
}

static enum err event_read(struct report_read *read, const json_t *line)
{
    struct trace_event event;
    if (case_last(read, line) == NULL)
        return ERR_SYNTAX;
    enum err err = json_event_read(line, &read->scrap, &event);
    struct buf *events = &read->events[read->run.case_count - 1];
    if (err == ERR_OK)
        trace_encode(events, &event);
    arena_reset(&read->scrap);
    return err == ERR_OK ? events->failed : err;
}

static bool verdict_of(struct view text, enum verdict *out)
{
    for (unsigned i = 0; i <= VERDICT_SKIP; i++)
        if (view_equal(text, view_of(verdict_text((enum verdict)i)))) {
            *out = (enum verdict)i;
            return true;
        }
    return false;
}

static bool standing_of(const json_t *word, enum standing *out)
{
    if (word == NULL)
        return true;
    for (unsigned i = STANDING_PLAIN + 1; i <= STANDING_EXPECTED; i++)
        if (view_equal(json_view(word), view_of(standing_text((enum standing)i)))) {
            *out = (enum standing)i;
            return true;
        }
    return false;
}

/* How a try ended, of a "verdict" or a "try". */
static void outcome_take(struct json_taker *taker, struct report_case *one)
{
    if (!verdict_of(json_view(json_object_get(taker->object, "verdict")), &one->verdict))
        json_take_fail(taker, ERR_SYNTAX);
    one->reason = (struct view){0};
    json_take_text(taker, "reason", &one->reason);
    json_take_object(taker, "detail", &one->detail);
    json_take_text(taker, "rerun", &one->rerun);
    json_take_number(taker, "virtual_us", UINT64_MAX, &one->virtual_us);
}

static enum err verdict_read(struct report_read *read, const json_t *line)
{
    struct json_taker taker = {.object = line, .arena = &read->arena};
    struct report_case *one = case_last(read, line);
    if (one == NULL || !read->open ||
        !standing_of(json_object_get(line, "standing"), &one->standing))
        return ERR_SYNTAX;
    read->open = false;
    outcome_take(&taker, one);
    json_take_text(&taker, "pcap", &one->pcap);
    json_take_number32(&taker, "tries", &one->tries);
    json_take_text(&taker, "tried", &one->tried);
    json_take_flag(&taker, "flaky", &one->flaky);
    json_take_text(&taker, "known", &one->known);
    json_take_text(&taker, "level", &one->level);
    json_take_number(&taker, "wall_us", UINT64_MAX, &one->wall_us);
    return taker.err;
}

/* The events so far were those of its first try. */
static enum err try_read(struct report_read *read, const json_t *line)
{
    struct json_taker taker = {.object = line, .arena = &read->arena};
    struct report_case *one = case_last(read, line);
    if (one == NULL || !read->open || one->earlier != NULL)
        return ERR_SYNTAX;
    struct buf *events = &read->events[read->run.case_count - 1];
    struct report_case *earlier = arena_zalloc(&read->arena, sizeof *earlier);
    struct view kept = arena_copy(&read->arena, buf_view(events));
    if (earlier == NULL || kept.ptr == NULL)
        return ERR_MEMORY;
    buf_clear(events);
    earlier->id = one->id;
    earlier->file = one->file;
    earlier->name = one->name;
    earlier->line = one->line;
    earlier->net = one->net;
    earlier->tries = 1;
    earlier->events = kept;
    outcome_take(&taker, earlier);
    json_take_number(&taker, "seed", UINT64_MAX, &earlier->seed);
    one->earlier = earlier;
    return taker.err;
}

static enum err requirement_read(struct report_read *read, const json_t *line)
{
    struct json_taker taker = {.object = line, .arena = &read->arena};
    struct report_requirement one = {0};
    struct report_requirement *all =
        mem_room(read->requirements, sizeof *all, (uint32_t)read->run.requirement_count,
                 &read->requirement_size, CASES_FIRST);
    if (all == NULL)
        return ERR_MEMORY;
    read->requirements = all;
    if (!verdict_of(json_view(json_object_get(line, "verdict")), &one.verdict))
        return ERR_SYNTAX;
    json_take_text(&taker, "id", &one.id);
    json_take_text(&taker, "rfc", &one.rfc);
    json_take_text(&taker, "section", &one.section);
    json_take_text(&taker, "level", &one.level);
    json_take_text(&taker, "text", &one.text);
    json_take_text(&taker, "reason", &one.reason);
    if (taker.err == ERR_OK)
        all[read->run.requirement_count++] = one;
    return taker.err;
}

static enum err score_read(const json_t *line, struct report_score *out)
{
    struct json_taker taker = {.object = json_object_get(line, "score")};
    if (taker.object == NULL)
        return ERR_OK;
    json_take_number32(&taker, "must_passed", &out->must_passed);
    json_take_number32(&taker, "must_applicable", &out->must_applicable);
    json_take_number32(&taker, "should_passed", &out->should_passed);
    json_take_number32(&taker, "should_applicable", &out->should_applicable);
    json_take_number32(&taker, "not_applicable", &out->not_applicable);
    return taker.err;
}

static enum err end_read(struct report_read *read, const json_t *line)
{
    struct json_taker taker = {.object = line, .arena = &read->arena};
    uint64_t exit_code = 0, case_count = 0;
    bool interrupted = false;
    json_take_flag(&taker, "interrupted", &interrupted);
    json_take_number(&taker, "cases", UINT64_MAX, &case_count);
    json_take_number(&taker, "exit", UINT8_MAX, &exit_code);
    json_take_number(&taker, "wall_us", UINT64_MAX, &read->run.wall_us);
    read->run.exit_code = (int)exit_code;
    read->run.interrupted = read->run.interrupted || interrupted;
    read->ended = case_count == read->run.case_count;
    return taker.err != ERR_OK ? taker.err : score_read(line, &read->run.score);
}

static enum err object_read(struct report_read *read, const json_t *line)
{
    static const struct {
        const char *type;
        enum err (*read)(struct report_read *read, const json_t *line);
    } types[] = {
        {"event",       event_read      },
        {"case",        case_read       },
        {"verdict",     verdict_read    },
        {"try",         try_read        },
        {"run",         run_read        },
        {"requirement", requirement_read},
        {"end",         end_read        },
    };
    struct json_taker taker = {.object = line};
    uint64_t version = 0;
    json_take_number(&taker, "v", UINT64_MAX, &version);
    if (taker.err != ERR_OK || version == 0)
        return ERR_SYNTAX;
    if (version != 1)
        return ERR_UNSUPPORTED;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (view_equal(json_view(json_object_get(line, "type")), view_of(types[i].type)))
            return types[i].read(read, line);
    return ERR_OK; /* a later version may have more */
}

static enum err lines_read(struct report_read *read, struct view text, size_t *line_number)
{
    const char *end = text.ptr + text.len;
    enum err err = ERR_OK;
    while (text.len > 0 && err == ERR_OK) {
        struct view line = text_line_take(&text);
        ++*line_number;
        if (view_trim(line).len == 0)
            continue;
        json_t *object = NULL;
        err = json_load(line, &object);
        if (err == ERR_SYNTAX && text.len == 0 && line.ptr + line.len == end)
            return ERR_OK; /* without its newline it was cut off: the run has no end */
        if (err == ERR_OK)
            err = json_is_object(object) ? object_read(read, object) : ERR_SYNTAX;
        json_decref(object);
    }
    return err;
}

/* What was cut off is not green, whatever was through by then. */
static int cut_exit_code(const struct report_run *run)
{
    struct counts counts = counts_of(run->cases, run->case_count);
    return counts.passed + counts.skipped == counts.all ? CUT_EXIT : FAILED_EXIT;
}

/* Buffers move while they grow: views of the events are taken when all is there. */
static void run_finish(struct report_read *read)
{
    for (size_t i = 0; i < read->run.case_count; i++)
        read->cases[i].events = buf_view(&read->events[i]);
    read->run.cases = read->cases;
    read->run.requirements = read->requirements;
    read->run.interrupted = read->run.interrupted || read->open || !read->ended;
    if (read->run.interrupted && read->run.exit_code == 0)
        read->run.exit_code = cut_exit_code(&read->run);
}

enum err report_json_read(const char *path, struct report_read **out, size_t *out_line)
{
    struct report_read *read = mem_zalloc(sizeof *read);
    struct buf text = {0};
    *out_line = 0;
    if (read == NULL)
        return ERR_MEMORY;
    enum err err = file_take(path, &text);
    if (err == ERR_OK)
        err = lines_read(read, buf_view(&text), out_line);
    buf_deinit(&text);
    if (err == ERR_OK && !read->begun)
        err = ERR_SYNTAX;
    if (err != ERR_OK) {
        report_read_destroy(read);
        return err;
    }
    run_finish(read);
    *out = read;
    return ERR_OK;
}

const struct report_run *report_read_run(const struct report_read *read)
{
    return &read->run;
}

void report_read_destroy(struct report_read *read)
{
    if (read == NULL)
        return;
    for (size_t i = 0; i < read->run.case_count; i++)
        buf_deinit(&read->events[i]);
    mem_free(read->events);
    mem_free(read->requirements);
    mem_free(read->cases);
    arena_deinit(&read->arena);
    arena_deinit(&read->scrap);
    mem_free(read);
}
