#include "harness/run/worker.h"
#include "harness/host/pipe.h"
#include "harness/listing/listed.h"
#include "harness/run/files.h"
#include "harness/run/job.h"
#include "harness/run/mutants.h"
#include "harness/run/parts.h"
#include "harness/run/trial.h"
#include "harness/run/waits.h"
#include "harness/run/way.h"
#include "harness/scene/waits.h"
#include "harness/target/config.h"
#include "harness/target/target_process.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

enum { FLUSH_AT = 256 << 10 };

/* Asked by SIGUSR1 what it waits for. A signal's handler reaches nothing but these. */
static volatile sig_atomic_t asked;
static volatile sig_atomic_t wake_fd = -1;

static void on_asked(int signal)
{
    int was = errno;
    ssize_t wrote = 0;

    (void)signal;
    asked = 1;
    if (wake_fd >= 0)
        wrote = write(wake_fd, "?", 1); /* full: it is awake as it is */
    (void)wrote;
    errno = was;
}

struct worker {
    const struct worker_setup *setup;
    int out;
    struct buf buf;      /* frames to be written */
    struct suite *suite; /* the one loaded last; NULL: none */
    uint32_t suite_file;
    struct targets targets;
    bool configured; /* sipwright.lua was read */
    uint32_t number;
    char number_text[12];
    struct named_text *params; /* for sipwright.lua: the run's, and which worker asks */
    struct target_process process;
    bool gone; /* the parent is */
};

static void flush(struct worker *worker)
{
    if (worker->buf.failed != ERR_OK || !pipe_write(worker->out, buf_view(&worker->buf)))
        worker->gone = true;
    buf_clear(&worker->buf);
}

static struct suite_options suite_options_of(const struct worker *worker, struct view path,
                                             struct view name)
{
    const struct worker_setup *setup = worker->setup;

    return (struct suite_options){.path = path.ptr,
                                  .name = name,
                                  .root = setup->discovery->root.ptr,
                                  .parts = run_parts,
                                  .params = setup->params,
                                  .param_count = setup->param_count,
                                  .secrets = setup->secrets,
                                  .secret_count = setup->secret_count,
                                  .unsafe = setup->options->unsafe};
}

static enum err suite_get(struct worker *worker, uint32_t index, struct load_error *error)
{
    const struct suite_file *file = worker->setup->discovery->files[index];
    struct suite_options options = suite_options_of(worker, file->shown, file->path);

    if (worker->setup->mutant != NULL) {
        options.mutant = worker->setup->mutant->id;
        options.mutant_file = worker->setup->mutant->file;
    }
    if (worker->suite != NULL && worker->suite_file == index)
        return ERR_OK;
    suite_destroy(worker->suite);
    worker->suite = NULL;
    worker->suite_file = index;
    return suite_load(&options, &worker->suite, error);
}

/* Each worker starts one of its own: which one, only the target can tell (param("worker")). */
static enum err so_many_at_a_time(const struct options *options, const struct target *target,
                                  struct buf *complaint)
{
    uint32_t most = target == NULL || target->jobs == 0 ? 1 : target->jobs;

    if (target == NULL || target->start == NULL || options->jobs.value <= most)
        return ERR_OK;
    buf_printf(complaint, "--jobs %u: the target %.*s is a program that is started ",
               (unsigned)options->jobs.value, VIEW_ARG(target->name));
    if (most == 1)
        buf_add(complaint, V("once: --jobs 1, or jobs = N in the target"));
    else
        buf_printf(complaint, "%u times at most (jobs): --jobs %u", most, most);
    return ERR_SYNTAX;
}

/* What is --set stands first, and is taken. */
static enum err params_number(struct worker *worker, struct suite_options *options)
{
    size_t count = options->param_count;

    worker->params = mem_zalloc((count + 1) * sizeof *worker->params);
    if (worker->params == NULL)
        return ERR_MEMORY;
    if (count > 0)
        memcpy(worker->params, options->params, count * sizeof *worker->params);
    snprintf(worker->number_text, sizeof worker->number_text, "%u", (unsigned)worker->number + 1);
    worker->params[count] = (struct named_text){V("worker"), view_of(worker->number_text)};
    options->params = worker->params;
    options->param_count = count + 1;
    return ERR_OK;
}

static struct scene_way worker_way(const struct worker *worker)
{
    return way_of(worker->setup->options, targets_chosen(&worker->targets));
}

/* The configuration, once; false: it is wrong. The parent is told either way. */
static bool targets_get(struct worker *worker)
{
    const struct discovery *discovery = worker->setup->discovery;
    struct suite_options options = suite_options_of(worker, discovery->config, V("sipwright.lua"));
    struct buf complaint = {0}, claims = {0};

    if (worker->configured)
        return true;
    enum err err = params_number(worker, &options);
    if (err == ERR_OK)
        err = targets_read(&options, discovery->configured, worker->setup->options->target,
                           &worker->targets, &complaint);
    if (err == ERR_OK && worker->targets.has_chosen)
        err = way_settle(worker->setup->options, &worker->targets.chosen, &worker->targets.arena,
                         &complaint);
    if (err == ERR_OK)
        err =
            so_many_at_a_time(worker->setup->options, targets_chosen(&worker->targets), &complaint);
    worker->configured = err == ERR_OK;
    size_t start = frame_begin(&worker->buf, FRAME_TARGET);
    pack_uint(&worker->buf, worker->configured);
    pack_view(&worker->buf,
              worker->configured ? worker->targets.chosen.name : buf_view(&complaint));
    pack_view(&worker->buf, worker->targets.chosen.uri);
    pack_view(&worker->buf, worker->targets.chosen.known.path);
    pack_view(&worker->buf, worker->targets.chosen.known.text);
    target_claims(&worker->targets.chosen, &claims);
    pack_view(&worker->buf, buf_view(&claims));
    pack_uint(&worker->buf, worker->targets.chosen.jobs);
    struct scene_way way = worker_way(worker);
    pack_view(&worker->buf, way_told(worker->setup->options, &way));
    for (const struct target *target = worker->targets.first; target != NULL; target = target->next)
        pack_view(&worker->buf, target->name);
    frame_end(&worker->buf, start);
    buf_deinit(&claims);
    buf_deinit(&complaint);
    return worker->configured;
}

static void loaded_pack(struct buf *buf, enum err err, const struct load_error *error)
{
    size_t start = frame_begin(buf, FRAME_LOADED);

    pack_uint(buf, err == ERR_OK);
    pack_uint(buf, error->line);
    pack_view(buf, error->file);
    pack_view(buf,
              err == ERR_MEMORY ? V("there is not enough memory to load it") : error->sentence);
    pack_view(buf, error->hint);
    pack_view(buf, error->excerpt);
    frame_end(buf, start);
}

static void params_pack(struct buf *buf, const struct suite *suite)
{
    struct view_list params = suite_params(suite);

    for (size_t i = 0; i < params.count; i++) {
        size_t start = frame_begin(buf, FRAME_PARAM);
        pack_view(buf, params.items[i]);
        frame_end(buf, start);
    }
}

static void scenarios_pack(struct worker *worker, uint32_t file)
{
    struct trial_options options = {.real = options_real(worker->setup->options),
                                    .target = targets_chosen(&worker->targets),
                                    .way = worker_way(worker)};
    struct buf room = {0};

    for (uint32_t i = 0; i < suite_count(worker->suite); i++) {
        struct view skip = trial_skip(suite_scenario(worker->suite, i), &options, &room);
        listed_pack(
            &worker->buf,
            &(struct listed_by){.suite = worker->suite, .file = file, .index = i, .skip = skip});
    }
    buf_deinit(&room);
}

static void file_list(struct worker *worker, uint32_t file)
{
    struct load_error error = {0};
    enum err err = suite_get(worker, file, &error);

    if (err == ERR_OK) {
        scenarios_pack(worker, file);
        params_pack(&worker->buf, worker->suite);
    }
    loaded_pack(&worker->buf, err, &error);
}

/* In pieces that the parent can take at once. */
static void events_pack(struct worker *worker, struct trace *trace)
{
    char head[FRAME_HEAD_LEN];

    for (struct view run; trace != NULL && (run = trace_unsent(trace)).len > 0;)
        for (; run.len > 0 && !worker->gone; run = view_skip(run, FRAME_EVENTS_MOST)) {
            struct view piece = view_head(run, FRAME_EVENTS_MOST);
            frame_head(head, FRAME_EVENTS, piece.len);
            buf_add(&worker->buf, (struct view){head, sizeof head});
            buf_add(&worker->buf, piece);
            if (worker->buf.len >= FLUSH_AT)
                flush(worker);
        }
}

struct stream {
    struct worker *worker;
    struct trial *trial;
    struct scene_watch watch;
};

/* On the real network, where somebody may look on: what has come, and what is waited for. */
static void stream_flush(void *ctx)
{
    struct stream *stream = ctx;
    struct worker *worker = stream->worker;
    bool shown = worker->setup->shows_waits || asked != 0;

    asked = 0;
    events_pack(worker, stream->trial->trace);
    if (shown && stream->watch.scene != NULL)
        waits_pack(&worker->buf, stream->watch.scene, NULL);
    if (worker->buf.len > 0)
        flush(worker);
}

static void stream_answer(void *ctx, struct scene *scene, lua_State *running)
{
    struct stream *stream = ctx;

    asked = 0;
    waits_pack(&stream->worker->buf, scene, running);
    flush(stream->worker);
}

/* It was listed, so it is there, unless somebody edited the file meanwhile. */
static enum err scenario_check(const struct suite *suite, size_t index, uint64_t id_hash)
{
    if (index >= suite_count(suite) || view_hash(suite_scenario(suite, index)->id) != id_hash)
        return ERR_GONE;
    return ERR_OK;
}

/* Of a case that passed only the reports show what happened; without one nobody would look. */
static bool events_wanted(const struct worker *worker, const struct scene_result *result)
{
    return files_wanted(worker->setup->options) || result->xfailed ||
           result->verdict != VERDICT_PASS;
}

enum { WINDOW = 4 << 20 };

/* A long load: what the reports want goes to the parent, else the oldest is let go of. */
static void trace_full(void *ctx, struct trace *trace)
{
    struct stream *stream = ctx;

    if (files_wanted(stream->worker->setup->options)) {
        events_pack(stream->worker, trace);
        trace_drop(trace, trace_last(trace) + 1);
    } else {
        trace_thin(trace, WINDOW / 2);
    }
}

/* Its device has to be there. What is skipped does without. */
static bool device_ready(struct worker *worker, const struct trial_options *options,
                         struct trial *out)
{
    if (options->skip.len > 0 || options->target == NULL ||
        target_process_prepare(&worker->process, options->target))
        return true;
    out->result = (struct scene_result){.verdict = VERDICT_ERROR,
                                        .environment = true,
                                        .reason = buf_view(&worker->process.complaint)};
    return false;
}

/* What the scenario itself has to say stands behind it. */
static void blame(struct worker *worker, struct scene_result *result)
{
    struct buf *reason = &worker->process.complaint;

    if (result->verdict != VERDICT_PASS && result->reason.len > 0)
        buf_printf(reason, "; besides: %.*s", VIEW_ARG(result->reason));
    result->reason = buf_view(reason);
}

/* A device that has gone in it has failed, whatever it had answered by then. Of nobody's that never
 * spoke in it nothing is known but that. */
static void judge_device(struct worker *worker, const struct trial_options *options, struct view id,
                         struct trial *trial)
{
    const struct target *target = options->target;
    struct scene_result *result = &trial->result;
    struct target_past past = {
        .id = id,
        .ran = options->skip.len == 0,
        .green = result->verdict == VERDICT_PASS || result->verdict == VERDICT_SKIP,
        .mute = result->verdict == VERDICT_INCONCLUSIVE && result->environment,
        .untidy = result->untidy};

    if (target == NULL || !target_process_after(&worker->process, target, &past))
        return;
    blame(worker, result);
    if (result->verdict == VERDICT_ERROR || (past.mute && target->start == NULL))
        return;
    result->verdict = VERDICT_FAIL;
    result->environment = false;
}

static enum err scenario_try(struct worker *worker, struct trial_options *options,
                             struct trial *out)
{
    const struct scenario_info *info = suite_scenario(worker->suite, options->index);
    struct buf room = {0};
    enum err err = ERR_OK;

    options->skip = trial_skip(info, options, &room);
    if (device_ready(worker, options, out)) {
        err = trial_run(worker->suite, options, out);
        judge_device(worker, options, info->id, out);
    }
    buf_deinit(&room);
    return err;
}

static void scenario_run(struct worker *worker, const struct job *job)
{
    struct trial trial = {0};
    struct stream stream = {.worker = worker, .trial = &trial};
    struct load_error error = {0};

    stream.watch = (struct scene_watch){.asked = &asked, .answer = stream_answer, .ctx = &stream};
    struct trial_options options = {.ctx = &stream,
                                    .watch = &stream.watch,
                                    .wake_fd = &wake_fd,
                                    .waits = stream_flush,
                                    .window = WINDOW,
                                    .full = trace_full,
                                    .index = job->index,
                                    .seed = job->seed,
                                    .real = options_real(worker->setup->options),
                                    .target = targets_chosen(&worker->targets),
                                    .way = worker_way(worker),
                                    .choices = worker->setup->choices,
                                    .choice_count = worker->setup->choice_count,
                                    .ignored = worker->setup->ignored,
                                    .link = worker->setup->link,
                                    .dns = worker->setup->dns};
    enum err err = suite_get(worker, job->file, &error);

    if (err == ERR_SYNTAX || err == ERR_IO)
        err = ERR_GONE;
    if (err == ERR_OK)
        err = scenario_check(worker->suite, job->index, job->id_hash);
    if (err == ERR_OK)
        err = scenario_try(worker, &options, &trial);
    if (err != ERR_OK || events_wanted(worker, &trial.result))
        events_pack(worker, trial.trace);
    trial_pack(&trial, err, &worker->buf);
    flush(worker); /* before what takes time and is nobody's concern */
    wake_fd = -1;
    trial_deinit(&trial);
}

static void job_do(struct worker *worker, const struct job *job)
{
    worker->number = job->worker;
    if (targets_get(worker) && job->kind == FRAME_LIST)
        file_list(worker, job->file);
    else if (worker->configured)
        scenario_run(worker, job);
    flush(worker);
}

static void asked_listen(void)
{
    struct sigaction action = {.sa_handler = on_asked, .sa_flags = SA_RESTART};
    sigset_t mask;

    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL);
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &mask, NULL);
}

void worker_work(void *setup, int in, int out)
{
    struct worker worker = {.setup = setup, .out = out};
    char room[JOB_LEN];
    struct job job;

    asked_listen();
    while (!worker.gone && pipe_read(in, room, sizeof room) && job_unpack(room, &job))
        job_do(&worker, &job);
    suite_destroy(worker.suite);
    target_process_end(&worker.process, targets_chosen(&worker.targets));
    targets_deinit(&worker.targets);
    mem_free(worker.params);
    buf_deinit(&worker.buf);
}
