#include "harness/run/trial.h"
#include "core/core.h"
#include "harness/host/clock.h"
#include "harness/run/frame.h"
#include "harness/run/way.h"
#include "mock/mock.h"

struct view trial_skip(const struct scenario_info *info, const struct trial_options *options,
                       struct buf *room)
{
    const struct target *target = options->target;
    bool real = options->real;

    if (info->skip.len > 0)
        return info->skip;
    buf_clear(room);
    if (real && info->net == NET_SIM)
        buf_printf(room, "it is for the simulated network only (net = \"sim\")");
    else if (!real && info->net == NET_REAL)
        buf_printf(room, "it is for the real network only (net = \"real\")");
    else if (way_is_foreign(&options->way, info))
        buf_printf(room, "it is about UDP, and the run goes by %s", proto_text(options->way.proto));
    for (size_t i = 0; target != NULL && room->len == 0 && i < info->needs.count; i++)
        if (!target_supports(target, info->needs.items[i]))
            buf_printf(room, "%.*s does not claim '%.*s'", VIEW_ARG(target->name),
                       VIEW_ARG(info->needs.items[i]));
    for (size_t i = 0; target != NULL && room->len == 0 && i < info->covers.count; i++) {
        struct view why = target_excludes(target, info->covers.items[i]);
        if (why.ptr != NULL)
            buf_printf(room, "%.*s is excluded for %.*s: %.*s", VIEW_ARG(info->covers.items[i]),
                       VIEW_ARG(target->name), VIEW_ARG(why));
    }
    return buf_view(room);
}

static struct addr dns_of(const struct trial_options *options)
{
    return options->dns.family == 0 && options->target != NULL ? options->target->dns
                                                               : options->dns;
}

static enum err real_open(const struct trial_options *options, struct trial *trial)
{
    struct driver *transport;
    struct addr dns = dns_of(options);
    enum err err = transport_create(&transport);

    if (err != ERR_OK)
        return err;
    trial->driver = live_init(&trial->live, transport, options->ctx, options->waits);
    if (options->wake_fd != NULL)
        *options->wake_fd = transport_wake_fd(transport);
    return dns.family == 0 ? ERR_OK : transport_resolver_set(transport, &dns, 0);
}

static enum err trial_open(const struct trial_options *options, struct trial *trial)
{
    enum err err = trace_create(&(struct trace_options){.window = options->window,
                                                        .full = options->full,
                                                        .ctx = options->ctx},
                                &trial->trace);

    if (err == ERR_OK && options->real)
        err = real_open(options, trial);
    else if (err == ERR_OK)
        err = mock_create(&(struct mock_options){0}, &trial->driver);
    trial->environment = err == ERR_IO;
    return err;
}

static struct scene_options scene_options_of(const struct trial_options *options,
                                             const struct trial *trial)
{
    struct scene_options scene = {.driver = trial->driver,
                                  .trace = trial->trace,
                                  .seed = options->seed,
                                  .skip = options->skip,
                                  .choices = options->choices,
                                  .choice_count = options->choice_count,
                                  .ignored = options->ignored,
                                  .link = options->link,
                                  .target = options->target,
                                  .way = options->way,
                                  .watch = options->watch};

    if (options->target != NULL)
        scene.target_name = options->target->name;
    if (options->real) {
        scene.clock = target_clock(options->target);
        scene.epoch_s = (int64_t)clock_date_s(); /* a device's certificate holds today */
    }
    return scene;
}

/* What the kernel threw away because our buffers were full could have made the verdict another. */
static void judge_dropped(struct trial *trial)
{
    bool judged = trial->result.verdict == VERDICT_PASS || trial->result.verdict == VERDICT_FAIL;

    if (!judged || transport_dropped(trial->live.inner) == 0)
        return;
    trial->result.verdict = VERDICT_INCONCLUSIVE;
    trial->result.reason =
        V("the system dropped datagrams that had come: our socket's buffer was full");
}

enum err trial_run(struct suite *suite, const struct trial_options *options, struct trial *out)
{
    enum err err = trial_open(options, out);

    if (err != ERR_OK)
        return err;
    struct scene_options scene = scene_options_of(options, out);
    uint64_t started_us = clock_wall_us();
    err = scene_run(suite, options->index, &scene, &out->result);
    out->wall_us = clock_wall_us() - started_us;
    if (err == ERR_OK && options->real)
        judge_dropped(out);
    return err;
}

static struct view failed_reason(enum err err)
{
    switch (err) {
    case ERR_MEMORY:
        return V("there is not enough memory to run it");
    case ERR_GONE:
        return V("its file changed while the run was going on");
    case ERR_IO:
        return V("the system gives no network to run it on");
    default:
        return view_of(err_text(err));
    }
}

void trial_pack(const struct trial *trial, enum err err, struct buf *buf)
{
    const struct scene_result *result = &trial->result;
    size_t start = frame_begin(buf, FRAME_RESULT);

    pack_uint(buf, err == ERR_OK ? result->verdict : VERDICT_ERROR);
    pack_uint(buf, trial->environment || result->environment);
    pack_uint(buf, result->misuse);
    pack_uint(buf, result->xfailed);
    pack_uint(buf, trial->trace != NULL && trace_cut(trial->trace));
    pack_view(buf, err == ERR_OK ? result->reason : failed_reason(err));
    pack_view(buf, err == ERR_OK ? result->detail : V(""));
    pack_uint(buf, result->virtual_us);
    pack_uint(buf, trial->wall_us);
    frame_end(buf, start);
}

void trial_deinit(struct trial *trial)
{
    if (trial->driver != NULL)
        trial->driver->ops->destroy(trial->driver);
    trace_destroy(trial->trace);
    *trial = (struct trial){0};
}
