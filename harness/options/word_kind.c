#include "harness/options/word_kind.h"

/* Words in small letters, apart by "|": what is typed as it stands there. */
static bool is_choice(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] != '|' && text.ptr[i] != '-' && (text.ptr[i] < 'a' || text.ptr[i] > 'z'))
            return false;
    return text.len > 0 && text.ptr[0] != '|' && view_find_char(text, '|') < text.len;
}

struct view word_choices_of_option(const struct option_row *row)
{
    struct view argument = view_of(row->argument);

    return is_choice(argument) ? argument : (struct view){0};
}

struct view word_choices_of_command(const struct command_row *row)
{
    struct view rest = view_of(row->usage);

    while (rest.len > 0) {
        size_t len = view_find_char(rest, ' ');
        if (is_choice(view_head(rest, len)))
            return view_head(rest, len);
        rest = view_skip(rest, len + 1);
    }
    return rest;
}

bool word_choice_next(struct view *choices, struct view *out)
{
    size_t len = view_find_char(*choices, '|');

    if (choices->len == 0)
        return false;
    *out = view_head(*choices, len);
    *choices = view_skip(*choices, len + 1);
    return true;
}

void word_choices_add(struct buf *out, struct view choices)
{
    struct view word;

    for (bool first = true; word_choice_next(&choices, &word); first = false)
        buf_printf(out, "%s%.*s", first ? "" : " ", VIEW_ARG(word));
}

enum word_kind word_kind_of_option(const struct option_row *row)
{
    struct view argument = view_of(row->argument);

    if (word_choices_of_option(row).len > 0)
        return WORD_CHOICE;
    if (strcmp(row->name, "target") == 0)
        return WORD_TARGET;
    if (strcmp(row->name, "tag") == 0)
        return WORD_TAG;
    if (view_starts(argument, V("FILE")))
        return WORD_FILE;
    return view_starts(argument, V("DIR")) ? WORD_FOLDER : WORD_NONE;
}

enum word_kind word_kind_of_command(const struct command_row *row)
{
    static const struct {
        const char *word;
        enum word_kind kind;
    } rows[] = {
        {"PATH",    WORD_SCENARIO},
        {"CAPTURE", WORD_CAPTURE },
        {"COMMAND", WORD_COMMAND },
        {"FILE",    WORD_FILE    },
        {"DIR",     WORD_FOLDER  },
    };

    if (word_choices_of_command(row).len > 0)
        return WORD_CHOICE;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strstr(row->usage, rows[i].word) != NULL)
            return rows[i].kind;
    return WORD_NONE;
}
