#include "harness/run/setup.h"
#include "harness/host/clock.h"
#include "harness/impaired/link_option.h"
#include "harness/run/screen.h"
#include "harness/monitor/rules.h"
#include "harness/options/value.h"
#include "harness/run/parts.h"
#include "harness/target/config.h"

#include <unistd.h>

enum { JOBS_MOST = 1000 };
#define SECRET_PREFIX "SIPWRIGHT_SECRET_"

extern char **environ;

static void pair_take(const char *text, struct named_text *out)
{
    bool paired = value_pair(view_of(text), &out->name, &out->value);

    ASSERT(paired); /* the options were checked, and the environment is made of pairs */
}

static enum err params_make(struct setup *setup)
{
    const struct strings *sets = &setup->options->sets;

    setup->params = mem_zalloc((sets->count + 1) * sizeof *setup->params);
    if (setup->params == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < sets->count; i++)
        pair_take(sets->items[i], &setup->params[setup->param_count++]);
    return ERR_OK;
}

static bool is_secret(const char *variable)
{
    struct view name, value;

    return strncmp(variable, SECRET_PREFIX, sizeof SECRET_PREFIX - 1) == 0 &&
           value_pair(view_of(variable + sizeof SECRET_PREFIX - 1), &name, &value);
}

/* The command line's stand first: the first of a name is taken. */
static enum err secrets_make(struct setup *setup)
{
    const struct strings *given = &setup->options->secrets;
    size_t most = given->count + 1;

    for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
        most += is_secret(*variable);
    setup->secrets = mem_zalloc(most * sizeof *setup->secrets);
    if (setup->secrets == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < given->count; i++)
        pair_take(given->items[i], &setup->secrets[setup->secret_count++]);
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++)
        if (is_secret(*variable))
            pair_take(*variable + sizeof SECRET_PREFIX - 1, &setup->secrets[setup->secret_count++]);
    enum err err = ERR_OK;
    for (size_t i = 0; i < setup->secret_count && err == ERR_OK; i++)
        err = secrets_add(&setup->hidden, setup->secrets[i].value);
    return err;
}

/* An id is decimal, or hexadecimal behind "0x", as the trace has it. */
static bool id_read(struct view text, uint64_t *out)
{
    if (!view_starts(text, V("0x")))
        return view_to_uint(text, UINT64_MAX, out);
    return view_to_hex(view_skip(text, 2), UINT64_MAX, out);
}

static enum err choices_make(struct setup *setup, struct buf *complaint)
{
    const struct strings *given = &setup->options->choices;

    setup->choices = mem_zalloc((given->count + 1) * sizeof *setup->choices);
    if (setup->choices == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < given->count; i++) {
        struct choice *choice = &setup->choices[setup->choice_count++];
        struct view id, value;
        uint64_t number = 0;
        if (!value_pair(view_of(given->items[i]), &id, &value) || !id_read(id, &choice->id) ||
            !view_to_uint(value, UINT32_MAX - 1, &number)) {
            buf_printf(complaint,
                       "'--choice %s': give the id of a choice in the trace and a number",
                       given->items[i]);
            return ERR_SYNTAX;
        }
        *choice = (struct choice){
            .id = choice->id, .bound = (uint32_t)number + 1, .value = (uint32_t)number};
    }
    return ERR_OK;
}

enum { DNS_PORT = 53 };

static enum err dns_make(struct setup *setup, struct buf *complaint)
{
    const char *text = setup->options->dns;

    if (text == NULL)
        return ERR_OK;
    if (addr_parse(view_of(text), &setup->dns) != ERR_OK) {
        buf_printf(complaint,
                   "'--dns %s': give an IP address, with a port where it is not 53: 127.0.0.1:5353",
                   text);
        return ERR_SYNTAX;
    }
    if (setup->dns.port == 0)
        setup->dns.port = DNS_PORT;
    if (options_real(setup->options))
        return ERR_OK;
    buf_printf(complaint, "'--dns' is for real sockets: add --net real or a --target; simulated, "
                          "names stand in t.net:dns");
    return ERR_SYNTAX;
}

static enum err link_make(struct setup *setup, struct buf *complaint)
{
    const char *text = setup->options->link;

    setup->link.latency_us = options_real(setup->options) ? 0 : WORLD_LATENCY_US;
    return text == NULL ? ERR_OK : link_option_read(view_of(text), &setup->link, complaint);
}

static enum err jobs_choose(struct setup *setup, struct buf *complaint)
{
    const struct options *options = setup->options;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);

    setup->jobs = cores < 1 ? 1 : cores > JOBS_MOST ? JOBS_MOST : (uint32_t)cores;
    if (options->target != NULL)
        setup->jobs = 1; /* a device takes one call at a time, until its owner says more */
    if (!options->jobs.given)
        return ERR_OK;
    if (options->jobs.value > JOBS_MOST) {
        buf_printf(complaint, "'--jobs': give a number from 1 to %d", JOBS_MOST);
        return ERR_SYNTAX;
    }
    setup->jobs = (uint32_t)options->jobs.value;
    return ERR_OK;
}

void setup_target_jobs(struct setup *setup, uint32_t jobs)
{
    if (!setup->options->jobs.given && setup->options->target != NULL && jobs > 1)
        setup->jobs = jobs;
}

/* An id that no rule has is a mistake, and not a rule that is off. */
static enum err ignored_make(struct setup *setup, struct buf *complaint)
{
    const struct strings *given = &setup->options->ignored;

    setup->ignored = mem_zalloc((given->count + 1) * sizeof *setup->ignored);
    if (setup->ignored == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < given->count; i++) {
        setup->ignored[i] = view_of(given->items[i]);
        if (!rule_any_meant(setup->ignored[i])) {
            const char *near = rule_nearest(given->items[i]);
            buf_printf(complaint, "--ignore: there is no rule '%s'", given->items[i]);
            if (near != NULL)
                buf_printf(complaint, "; did you mean '%s'?", near);
            buf_add(complaint, V(" ('sipwright lint --rules' lists them)"));
            return ERR_SYNTAX;
        }
    }
    return ERR_OK;
}

static enum err today_write(char *room, size_t room_len)
{
    struct buf text = {0};

    text_add_utc(&text, clock_date_s());
    if (text.failed == ERR_OK)
        snprintf(room, room_len, "%.*s", VIEW_ARG(view_head(buf_view(&text), room_len - 1)));
    buf_deinit(&text);
    return *room != '\0' ? ERR_OK : ERR_MEMORY;
}

static enum err gate_make(struct setup *setup, struct buf *complaint)
{
    const struct options *options = setup->options;
    enum err err = today_write(setup->today, sizeof setup->today);

    setup->gate.asked = (enum gate_asked)options->gate;
    setup->gate.flaky_passes = options->flaky == FLAKY_PASS;
    setup->gate.today = view_of(setup->today);
    for (size_t i = 0; i < options->baselines.count && err == ERR_OK; i++)
        err = gate_file_read(&setup->gate, options->baselines.items[i], complaint);
    return err;
}

static struct suite_options config_options(const struct setup *setup)
{
    const struct discovery *discovery = &setup->discovery;

    return (struct suite_options){.path = discovery->config.ptr,
                                  .name = V("sipwright.lua"),
                                  .root = discovery->root.ptr,
                                  .parts = run_parts,
                                  .params = setup->params,
                                  .param_count = setup->param_count,
                                  .secrets = setup->secrets,
                                  .secret_count = setup->secret_count,
                                  .unsafe = setup->options->unsafe};
}

static enum err mutants_make(struct setup *setup, struct buf *complaint)
{
    const struct options *options = setup->options;
    struct suite_options suite = config_options(setup);

    if (options->mutant == NULL && !options->list_mutants)
        return ERR_OK;
    if (options->mutant != NULL && options_real(options)) {
        buf_add(complaint, V("'--mutant' is of the simulated device: leave out --target and --net "
                             "real"));
        return ERR_SYNTAX;
    }
    enum err err = mutants_read(&suite, &setup->mutants, complaint);
    if (err != ERR_OK || options->mutant == NULL)
        return err;
    setup->mutant = mutants_find(&setup->mutants, options->mutant, complaint);
    return setup->mutant == NULL ? ERR_SYNTAX : ERR_OK;
}

enum err setup_make(const struct options *options, struct setup *out, struct buf *complaint)
{
    *out = (struct setup){.options = options};
    enum err err = discover(&options->paths, options->root, &out->discovery, complaint);

    if (err == ERR_OK)
        err = params_make(out);
    if (err == ERR_OK)
        err = secrets_make(out);
    if (err == ERR_OK)
        err = choices_make(out, complaint);
    if (err == ERR_OK)
        err = ignored_make(out, complaint);
    if (err == ERR_OK)
        err = dns_make(out, complaint);
    if (err == ERR_OK)
        err = link_make(out, complaint);
    if (err == ERR_OK)
        err = mutants_make(out, complaint);
    if (err == ERR_OK)
        err = gate_make(out, complaint);
    return err != ERR_OK ? err : jobs_choose(out, complaint);
}

enum err setup_targets(const struct setup *setup, struct targets *out, struct buf *complaint)
{
    struct suite_options suite = config_options(setup);

    return targets_read(&suite, setup->discovery.configured, setup->options->target, out,
                        complaint);
}

struct worker_setup setup_worker(const struct setup *setup)
{
    return (struct worker_setup){
        .shows_waits = screen_is_terminal(setup->options),
        .options = setup->options,
        .discovery = &setup->discovery,
        .params = setup->params,
        .secrets = setup->secrets,
        .param_count = setup->param_count,
        .secret_count = setup->secret_count,
        .choices = setup->choices,
        .choice_count = setup->choice_count,
        .ignored = {setup->ignored, setup->options->ignored.count},
        .link = setup->options->link == NULL ? NULL : &setup->link,
        .dns = setup->dns,
        .mutant = setup->mutant
    };
}

void setup_deinit(struct setup *setup)
{
    discovery_deinit(&setup->discovery);
    mem_free(setup->params);
    mem_free(setup->secrets);
    secrets_deinit(&setup->hidden);
    mem_free(setup->choices);
    mem_free(setup->ignored);
    gate_deinit(&setup->gate);
    mutants_deinit(&setup->mutants);
    *setup = (struct setup){0};
}
