#include "harness/kit/generate.h"
#include "harness/kit/completions.h"
#include "harness/kit/man.h"
#include "harness/lua/handle.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"
#include "harness/language/language.h"

const struct generated generated_rows[] = {
    {"man",       man_write         },
    {"bash",      completion_bash   },
    {"zsh",       completion_zsh    },
    {"fish",      completion_fish   },
    {"lua",       language_meta     },
    {"luacheck",  language_luacheck },
    {"reference", language_reference},
    {NULL,        NULL              }
};
enum { GENERATED_COUNT = sizeof generated_rows / sizeof *generated_rows - 1 };

static void names_add(struct buf *out)
{
    for (size_t i = 0; i < GENERATED_COUNT; i++)
        buf_printf(out, "%s%s",
                   i == 0                     ? ""
                   : i + 1 == GENERATED_COUNT ? " or "
                                              : ", ",
                   generated_rows[i].name);
}

static const struct generated *generated_find(const struct strings *words, struct buf *complaint)
{
    const char *names[GENERATED_COUNT + 1] = {0};

    if (words->count != 1) {
        buf_add(complaint, V("generate one thing: "));
        names_add(complaint);
        return NULL;
    }
    for (size_t i = 0; i < GENERATED_COUNT; i++) {
        if (strcmp(generated_rows[i].name, words->items[0]) == 0)
            return &generated_rows[i];
        names[i] = generated_rows[i].name;
    }
    const char *near = suggest(words->items[0], names);
    buf_printf(complaint, "there is no '%s' to generate; ", words->items[0]);
    if (near != NULL)
        buf_printf(complaint, "did you mean '%s'?", near);
    else
        names_add(complaint);
    return NULL;
}

int command_generate(const struct options *options)
{
    struct buf complaint = {0}, text = {0};
    const struct generated *generated = generated_find(&options->paths, &complaint);
    int code = EXIT_USAGE;

    if (generated == NULL) {
        screen_complain(buf_view(&complaint));
    } else {
        generated->write(&text);
        code = screen_say(&text) ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
    }
    buf_deinit(&complaint);
    buf_deinit(&text);
    return code;
}
