#include "harness/run/rerun.h"
#include "harness/options/value.h"

static bool is_plain(char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');

    return letter || memchr("_-./:=,@%+", c, 10) != NULL;
}

void shell_add(struct buf *out, struct view word)
{
    size_t plain = 0;

    while (plain < word.len && is_plain(word.ptr[plain]))
        plain++;
    if (plain == word.len && word.len > 0) {
        buf_add(out, word);
        return;
    }
    buf_add_char(out, '\'');
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] == '\'')
            buf_add(out, V("'\\''"));
        else
            buf_add_char(out, word.ptr[i]);
    }
    buf_add_char(out, '\'');
}

static void option_add(struct buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buf_printf(out, " --%s ", name);
    shell_add(out, view_of(value));
}

static void options_add(struct buf *out, const char *name, const struct strings *values)
{
    for (size_t i = 0; i < values->count; i++)
        option_add(out, name, values->items[i]);
}

/* What is not written is not repeated: a secret comes from the environment again. */
static void secret_names_add(struct buf *out, const struct strings *secrets)
{
    struct view name, value;

    for (size_t i = 0; i < secrets->count; i++)
        if (value_pair(view_of(secrets->items[i]), &name, &value)) {
            buf_add(out, V(" --secret "));
            shell_add(out, name);
            buf_add(out, V("=..."));
        }
}

/* Where a loop registered several scenarios at one line, the name says which. Nothing in it but
 * letters means anything but itself. */
static void name_add(struct buf *out, struct view id)
{
    struct buf regex = {0};

    buf_add_char(&regex, '^');
    for (size_t i = 0; i < id.len; i++) {
        if (memchr("\\^$.|?*+()[]{}#", id.ptr[i], 15) != NULL)
            buf_add_char(&regex, '\\');
        buf_add_char(&regex, id.ptr[i]);
    }
    buf_add_char(&regex, '$');
    buf_add(out, V(" --grep "));
    shell_add(out, buf_view(&regex));
    if (regex.failed != ERR_OK)
        out->failed = regex.failed;
    buf_deinit(&regex);
}

static void circumstances_add(struct buf *out, const struct cases_setup *setup,
                              const struct suite_file *file)
{
    const struct options *options = setup->options;

    if (options->target != NULL)
        option_add(out, "target", options->target);
    else if (options->net == NET_REAL)
        option_add(out, "net", "real");
    if (options->transport != 0)
        option_add(out, "transport", setup->listing->transport.ptr);
    option_add(out, "dns", options->dns);
    option_add(out, "mutant", options->mutant);
    option_add(out, "link", options->link);
    if (discovery_root_needed(setup->discovery, file))
        option_add(out, "root", setup->discovery->root_shown.ptr);
    options_add(out, "set", &options->sets);
    secret_names_add(out, &options->secrets);
    options_add(out, "choice", &options->choices);
    options_add(out, "ignore", &options->ignored);
    if (options->unsafe)
        buf_add(out, V(" --unsafe"));
}

enum err rerun_write(const struct cases_setup *setup, struct run_case *one, struct arena *arena)
{
    uint32_t index = one->listed != NULL ? one->listed->file : one->failure->file;
    const struct suite_file *file = setup->discovery->files[index];
    struct buf buf = {0};
    struct view line = {0};

    buf_add(&buf, V("sipwright run "));
    shell_add(&buf, file->shown);
    if (one->listed != NULL)
        buf_printf(&buf, ":%u", (unsigned)one->listed->line);
    buf_printf(&buf, " --seed %llu", (unsigned long long)one->report.seed);
    if (one->listed != NULL && one->listed->line_shared)
        name_add(&buf, one->listed->id);
    circumstances_add(&buf, setup, file);
    if (buf.failed == ERR_OK)
        line = arena_copy(arena, buf_view(&buf));
    buf_deinit(&buf);
    if (line.ptr == NULL)
        return ERR_MEMORY;
    one->report.rerun = line;
    return ERR_OK;
}

void command_line_write(struct buf *out, int argc, char **argv)
{
    struct view name, value;
    bool secret = false, password = false;

    buf_add(out, V("sipwright"));
    for (int i = 1; i < argc; i++) {
        struct view word = view_of(argv[i]);
        buf_add_char(out, ' ');
        if (password || view_starts(word, V("--password="))) {
            buf_add(out, password ? V("...") : V("--password=..."));
            password = false;
            continue;
        }
        password = view_equal(word, V("--password"));
        if (view_starts(word, V("--secret="))) {
            buf_add(out, V("--secret="));
            word = view_skip(word, sizeof "--secret=" - 1);
            secret = true;
        }
        if (secret && value_pair(word, &name, &value)) {
            shell_add(out, name);
            buf_add(out, V("=..."));
        } else {
            shell_add(out, word);
        }
        secret = view_equal(word, V("--secret"));
    }
}
