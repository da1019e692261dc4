#include "harness/kit/completions.h"
#include "harness/options/word_kind.h"

/* Inside single quotes fish knows \' and \\ only. */
static void text_add(struct buf *out, const char *text)
{
    buf_add_char(out, '\'');
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, *text);
    }
    buf_add_char(out, '\'');
}

static void candidates_add(struct buf *out, enum word_kind kind, struct view choices)
{
    static const char *const texts[] = {
        [WORD_NONE] = " -x",
        [WORD_FILE] = " -rF",
        [WORD_FOLDER] = " -xa '(__fish_complete_directories)'",
        [WORD_SCENARIO] = " -xa '(__sipwright_files lua)'",
        [WORD_CAPTURE] = " -xa '(__sipwright_files \"pcap|pcapng|cap\")'",
        [WORD_COMMAND] = " -xa '(__sipwright_commands)'",
        [WORD_TARGET] = " -xa '(sipwright list --targets 2>/dev/null)'",
        [WORD_TAG] = " -xa '(sipwright list --tags 2>/dev/null)'",
    };

    if (kind != WORD_CHOICE) {
        buf_add(out, view_of(texts[kind]));
        return;
    }
    buf_add(out, V(" -xa '"));
    word_choices_add(out, choices);
    buf_add_char(out, '\'');
}

static void option_add(struct buf *out, const struct command_row *command,
                       const struct option_row *row)
{
    buf_printf(out, "complete -c sipwright -n '__fish_seen_subcommand_from %s' -l %s",
               command->name, row->name);
    if (row->letter != 0)
        buf_printf(out, " -s %c", row->letter);
    if (row->argument != NULL)
        candidates_add(out, word_kind_of_option(row), word_choices_of_option(row));
    buf_add(out, V(" -d "));
    text_add(out, row->help);
    buf_add_char(out, '\n');
}

static void command_add(struct buf *out, const struct command_row *row)
{
    enum word_kind kind = word_kind_of_command(row);

    for (size_t i = 0; i < option_row_count; i++)
        if (option_taken(&option_rows[i], row->command))
            option_add(out, row, &option_rows[i]);
    if (kind == WORD_NONE)
        return;
    buf_printf(out, "complete -c sipwright -n '__fish_seen_subcommand_from %s'", row->name);
    candidates_add(out, kind, word_choices_of_command(row));
    buf_add_char(out, '\n');
}

void completion_fish(struct buf *out)
{
    buf_add(out, V("# fish completions of sipwright, made by 'sipwright generate fish'.\n\n"
                   "function __sipwright_commands\n"));
    for (size_t i = 0; i < command_row_count; i++) {
        buf_printf(out, "    printf '%%s\\t%%s\\n' %s ", command_rows[i].name);
        text_add(out, command_rows[i].help);
        buf_add_char(out, '\n');
    }
    buf_add(out,
            V("end\n\n"
              "function __sipwright_files\n"
              "    __fish_complete_path (commandline -ct) | "
              "string match -r '^.*(?:/|\\.(?:'$argv[1]'))(?:\\t.*)?$'\n"
              "end\n\n"
              "complete -c sipwright -f\n"
              "complete -c sipwright -n __fish_use_subcommand -xa '(__sipwright_commands)'\n"));
    for (size_t i = 0; i < command_row_count; i++)
        command_add(out, &command_rows[i]);
}
