#include "harness/run/list.h"
#include "harness/host/pipe.h"
#include "harness/run/list_words.h"
#include "harness/run/prepare.h"
#include "harness/run/screen.h"
#include "harness/scene/json.h"

#include <unistd.h>

static void text_json(struct buf *out, const char *key, struct view text)
{
    json_text(out, key, text.len > 0 ? text : (struct view){0});
}

static void listed_json(struct buf *out, const struct listed *listed, struct view file)
{
    static const char *const nets[] = {"any", "sim", "real"};

    buf_add_char(out, '{');
    json_text(out, "id", listed->id);
    json_text(out, "file", file);
    json_number(out, "line", listed->line);
    json_text(out, "name", listed->name);
    json_words(out, "tags", listed->tags);
    json_words(out, "covers", listed->covers);
    json_words(out, "needs", listed->needs);
    json_text(out, "net", view_of(nets[listed->net]));
    text_json(out, "skip", listed->skip);
    text_json(out, "xfail", listed->xfail);
    if (listed->has_seed)
        json_number(out, "seed", listed->seed);
    buf_add(out, V("}\n"));
}

static void listed_line(struct buf *out, const struct listed *listed, struct view file)
{
    struct buf line = {0};

    buf_printf(&line, "%.*s:%u  %.*s", VIEW_ARG(file), (unsigned)listed->line,
               VIEW_ARG(listed->name));
    if (listed->tags.len > 0)
        buf_printf(&line, "  [%.*s]", VIEW_ARG(listed->tags));
    if (listed->skip.len > 0)
        buf_printf(&line, "  (skipped: %.*s)", VIEW_ARG(listed->skip));
    screen_text(out, buf_view(&line), false);
    buf_add_char(out, '\n');
    if (line.failed != ERR_OK)
        out->failed = line.failed;
    buf_deinit(&line);
}

void listing_complain(struct setup *setup, const struct listing *listing)
{
    struct buf text = {0};

    for (size_t i = 0; i < listing->failures.count; i++) {
        const struct load_failure *failure = listing->failures.items[i];
        struct view path = failure->path;
        if (view_equal(path, setup->discovery.files[failure->file]->path))
            path = setup->discovery.files[failure->file]->shown;
        buf_clear(&text);
        buf_add(&text, path);
        if (failure->line != 0)
            buf_printf(&text, ":%u", (unsigned)failure->line);
        buf_printf(&text, ": %.*s", VIEW_ARG(failure->sentence));
        if (failure->hint.len > 0)
            buf_printf(&text, "\n  hint: %.*s", VIEW_ARG(failure->hint));
        if (failure->excerpt.len > 0)
            buf_printf(&text, "\n%.*s", VIEW_ARG(failure->excerpt));
        secrets_black_out(&setup->hidden, buf_view(&text));
        screen_complain(view_trim(buf_view(&text)));
    }
    buf_deinit(&text);
}

int listing_tell(struct setup *setup, const struct listing *listing, struct buf *text)
{
    secrets_black_out(&setup->hidden, buf_view(text));
    bool told = text->failed == ERR_OK && pipe_write(STDOUT_FILENO, buf_view(text));

    buf_deinit(text);
    listing_complain(setup, listing);
    if (listing->failures.count > 0)
        return EXIT_LOAD;
    return told ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

static int listing_print(const struct options *options, struct setup *setup,
                         const struct listing *listing)
{
    struct buf text = {0};

    for (size_t i = 0; i < listing->scenarios.count; i++) {
        const struct listed *listed = listing->scenarios.items[i];
        const struct suite_file *file = setup->discovery.files[listed->file];
        if (listed->elsewhere)
            continue;
        if (options->as_json)
            listed_json(&text, listed, file->path);
        else
            listed_line(&text, listed, file->shown);
    }
    return listing_tell(setup, listing, &text);
}

static void mutant_json(struct buf *out, const struct mutant *one)
{
    buf_add_char(out, '{');
    json_text(out, "id", one->id);
    json_text(out, "row", one->row);
    json_text(out, "why", one->why);
    json_words(out, "also", one->also);
    json_text(out, "file", one->file);
    json_number(out, "line", one->line);
    buf_add(out, V("}\n"));
}

static int mutants_print(const struct setup *setup)
{
    struct buf text = {0};

    for (size_t i = 0; i < setup->mutants.count; i++) {
        const struct mutant *one = &setup->mutants.items[i];
        if (setup->options->as_json) {
            mutant_json(&text, one);
            continue;
        }
        struct buf line = {0};
        buf_printf(&line, "%-36s  %.*s", one->id.ptr, VIEW_ARG(one->why));
        screen_text(&text, buf_view(&line), false);
        buf_add_char(&text, '\n');
        buf_deinit(&line);
    }
    bool told = screen_say(&text);
    buf_deinit(&text);
    return told ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}

int command_list(const struct options *options)
{
    struct setup setup = {0};
    struct listing listing = {0};
    int code = list_prepare(options, &setup, &listing);

    if (code == EXIT_ALL_PASSED)
        code = options->list_mutants ? mutants_print(&setup)
               : options->list_tags || options->list_targets
                   ? list_words_print(&setup, &listing)
                   : listing_print(options, &setup, &listing);
    listing_deinit(&listing);
    setup_deinit(&setup);
    return code;
}
