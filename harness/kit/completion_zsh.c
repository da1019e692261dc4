#include "harness/kit/completions.h"
#include "harness/options/word_kind.h"

/* Inside single quotes, in a specification of _arguments: ' ends the word, : and brackets its
 * parts. */
static void text_add(struct buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'')
            buf_add(out, V("'\\''"));
        else if (strchr(":[]\\", *text) != NULL)
            buf_printf(out, "\\%c", *text);
        else
            buf_add_char(out, *text);
    }
}

static void action_add(struct buf *out, enum word_kind kind, struct view choices)
{
    static const char *const actions[] = {
        [WORD_NONE] = " ",
        [WORD_FILE] = "_files",
        [WORD_FOLDER] = "_files -/",
        [WORD_SCENARIO] = "_files -g \"*.lua(-.)\"",
        [WORD_CAPTURE] = "_files -g \"*.(pcap|pcapng|cap)(-.)\"",
        [WORD_COMMAND] = "_sipwright_commands",
        [WORD_TARGET] = "_sipwright_targets",
        [WORD_TAG] = "_sipwright_tags",
    };

    if (kind != WORD_CHOICE) {
        buf_add(out, view_of(actions[kind]));
        return;
    }
    buf_add_char(out, '(');
    word_choices_add(out, choices);
    buf_add_char(out, ')');
}

/* '(-j --jobs)'{-j+,--jobs=}'[how many]:N: ' */
static void option_add(struct buf *out, const struct option_row *row)
{
    bool many = row->kind == OPTION_LIST || row->kind == OPTION_PAIRS;
    const char *equals = row->argument != NULL ? "=" : "";

    buf_add(out, V(" \\\n            "));
    if (row->letter != 0)
        buf_printf(out, "'%s'{-%c%s,--%s%s}'[", many ? "*" : "", row->letter,
                   row->argument != NULL ? "+" : "", row->name, equals);
    else
        buf_printf(out, "'%s--%s%s[", many ? "*" : "", row->name, equals);
    text_add(out, row->help);
    buf_add_char(out, ']');
    if (row->argument != NULL) {
        buf_add_char(out, ':');
        text_add(out, row->argument);
        buf_add_char(out, ':');
        action_add(out, word_kind_of_option(row), word_choices_of_option(row));
    }
    buf_add_char(out, '\'');
}

static void command_add(struct buf *out, const struct command_row *row)
{
    buf_printf(out, "    %s)\n        _arguments -s -S", row->name);
    for (size_t i = 0; i < option_row_count; i++)
        if (option_taken(&option_rows[i], row->command))
            option_add(out, &option_rows[i]);
    buf_printf(out, " \\\n            '*:%s:",
               word_kind_of_command(row) == WORD_NONE ? "nothing" : "word");
    action_add(out, word_kind_of_command(row), word_choices_of_command(row));
    buf_add(out, V("'\n        ;;\n"));
}

static void commands_add(struct buf *out)
{
    buf_add(out, V("_sipwright_commands() {\n    local -a commands=(\n"));
    for (size_t i = 0; i < command_row_count; i++) {
        buf_printf(out, "        '%s:", command_rows[i].name);
        text_add(out, command_rows[i].help);
        buf_add(out, V("'\n"));
    }
    buf_add(out, V("    )\n    _describe command commands\n}\n\n"));
}

static const char helpers[] =
    "#compdef sipwright\n"
    "# zsh completions of sipwright, made by 'sipwright generate zsh'.\n"
    "\n"
    "_sipwright_targets() {\n"
    "    local -a targets=(${(f)\"$(sipwright list --targets 2>/dev/null)\"})\n"
    "    compadd -a targets\n"
    "}\n"
    "\n"
    "_sipwright_tags() {\n"
    "    local -a tags=(${(f)\"$(sipwright list --tags 2>/dev/null)\"})\n"
    "    compadd -a tags\n"
    "}\n"
    "\n";

void completion_zsh(struct buf *out)
{
    buf_add(out, view_of(helpers));
    commands_add(out);
    buf_add(out, V("_sipwright() {\n"
                   "    if ((CURRENT == 2)); then\n"
                   "        _sipwright_commands\n"
                   "        return\n"
                   "    fi\n"
                   "    local command=$words[2]\n"
                   "    shift words\n"
                   "    ((CURRENT--))\n"
                   "    case $command in\n"));
    for (size_t i = 0; i < command_row_count; i++)
        command_add(out, &command_rows[i]);
    buf_add(out, V("    esac\n}\n\n"
                   "if [ \"$funcstack[1]\" = _sipwright ]; then\n"
                   "    _sipwright \"$@\"\n"
                   "else\n"
                   "    compdef _sipwright sipwright\n"
                   "fi\n"));
}
