#include "harness/run/prepare.h"
#include "harness/listing/absent.h"
#include "harness/listing/again.h"
#include "harness/listing/select.h"
#include "harness/lua/handle.h"
#include "harness/options/value.h"
#include "harness/run/hide.h"
#include "harness/run/screen.h"

/* A parameter that no file asks for at its top level may be asked for later; but a name that is
 * nearly one of those asked for is a mistake. */
static enum err params_check(const struct options *options, struct listing *listing,
                             struct buf *complaint)
{
    size_t count = listing->params.count;
    const char **names = arena_zalloc(&listing->arena, (count + 1) * sizeof *names);
    struct view name, value;

    if (names == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < count; i++)
        names[i] = ((const struct view *)listing->params.items[i])->ptr;
    for (size_t i = 0; i < options->sets.count; i++) {
        if (!value_pair(view_of(options->sets.items[i]), &name, &value))
            continue;
        struct view copy = arena_copy(&listing->arena, name);
        const char *near = copy.ptr == NULL ? NULL : suggest(copy.ptr, names);
        if (near != NULL && !view_equal(view_of(near), name)) {
            buf_printf(complaint, "--set: no scenario asks for param '%s'; did you mean '%s'?",
                       copy.ptr, near);
            return ERR_SYNTAX;
        }
    }
    return ERR_OK;
}

/* With the target's own baseline, which only a worker could read. */
static enum err gate_open(struct setup *setup, const struct listing *listing, struct buf *complaint)
{
    const struct options *options = setup->options;
    struct gate *gate = &setup->gate;
    enum err err = ERR_OK;

    if (listing->known_failures.len > 0) {
        err =
            baseline_read(&gate->baseline, listing->known_failures, listing->known_path, complaint);
        gate->has_baseline = true;
    }
    if (err == ERR_OK)
        err = gate_settle(gate, listing->target_name, options_real(options) ? V("real") : V("sim"),
                          complaint);
    return err != ERR_OK
               ? err
               : absent_find(options, &setup->discovery, listing, &gate->baseline, complaint);
}

static int listing_get(struct setup *setup, struct pool *pool, struct listing *out,
                       struct buf *complaint)
{
    const struct options *options = setup->options;
    enum err err = listing_read(pool, &setup->discovery, options->wall_limit_us, out);

    if (err == ERR_STATE)
        return EXIT_SIGNAL + pool_signal(pool);
    if (err == ERR_OK && out->config_complaint.ptr != NULL) {
        hide_text(&setup->hidden, &out->arena, &out->config_complaint);
        screen_complain(out->config_complaint);
        return EXIT_USAGE;
    }
    if (err == ERR_OK)
        err = params_check(options, out, complaint);
    if (err == ERR_OK)
        err = gate_open(setup, out, complaint);
    if (err == ERR_OK)
        err = select_scenarios(options, &setup->discovery, out, complaint);
    if (err == ERR_OK)
        err = again_select(options, &setup->discovery, out, complaint);
    return err == ERR_OK ? EXIT_ALL_PASSED : screen_refuse(complaint, err);
}

static const char *nothing_sentence(const struct setup *setup)
{
    const struct options *options = setup->options;

    if (setup->discovery.file_count == 0)
        return "there is no file of scenarios (*.lua) there";
    if (options->last_failed)
        return "nothing failed when this suite was run last, of what is asked for";
    if (options->tags.count > 0 || options->grep != NULL || options->grep_invert != NULL ||
        options->rfcs.count > 0 || options->from_list != NULL || options->shard_count > 0)
        return "no scenario is selected; 'sipwright list' shows what there is";
    return "the files register no scenario";
}

/* A shard that got none of a suite's scenarios is no mistake of anybody's. */
static int nothing_code(const struct setup *setup, const struct listing *listing)
{
    const struct options *options = setup->options;
    char sentence[100];

    if (listing->elsewhere > 0) {
        snprintf(sentence, sizeof sentence, "no scenario is of shard %u/%u: the others have all %u",
                 (unsigned)options->shard_index, (unsigned)options->shard_count,
                 (unsigned)listing->elsewhere);
        screen_complain(view_of(sentence));
        return EXIT_ALL_PASSED;
    }
    screen_complain(view_of(nothing_sentence(setup)));
    return options->pass_with_no_tests ? EXIT_ALL_PASSED : EXIT_NOTHING;
}

/* How much the device bears at a time is known when its target was read, by the first worker. */
static enum err widen(struct setup *setup, struct pool *pool, const struct listing *listing)
{
    setup_target_jobs(setup, listing->target_jobs);
    return pool_widen(pool, setup->jobs);
}

int run_prepare(const struct options *options, struct setup *setup, struct worker_setup *worker,
                struct pool **out_pool, struct listing *out_listing)
{
    struct buf complaint = {0};
    enum err err = setup_make(options, setup, &complaint);
    int code = EXIT_ALL_PASSED;

    if (err == ERR_OK) {
        *worker = setup_worker(setup);
        struct pool_options pool = {.jobs = setup->jobs, .ctx = worker, .work = worker_work};
        err = pool_create(&pool, out_pool);
    }
    code = err == ERR_OK ? listing_get(setup, *out_pool, out_listing, &complaint)
                         : screen_refuse(&complaint, err);
    if (code == EXIT_ALL_PASSED && widen(setup, *out_pool, out_listing) != ERR_OK)
        code = screen_refuse(&complaint, ERR_MEMORY);
    if (code == EXIT_ALL_PASSED &&
        out_listing->scenarios.count - out_listing->elsewhere + out_listing->failures.count == 0)
        code = nothing_code(setup, out_listing);
    buf_deinit(&complaint);
    return code;
}

int list_prepare(const struct options *options, struct setup *setup, struct listing *out_listing)
{
    struct worker_setup worker;
    struct pool *pool = NULL;
    int code = run_prepare(options, setup, &worker, &pool, out_listing);

    if (pool != NULL && !pool_destroy(pool) && code == EXIT_ALL_PASSED)
        code = EXIT_INTERNAL;
    return code;
}
