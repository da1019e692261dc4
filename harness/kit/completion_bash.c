#include "harness/kit/completions.h"
#include "harness/options/word_kind.h"

/* What puts candidates of this kind into COMPREPLY. */
static void candidates_add(struct buf *out, enum word_kind kind, struct view choices)
{
    static const char *const calls[] = {
        [WORD_NONE] = ":",
        [WORD_FILE] = "_sipwright_files",
        [WORD_FOLDER] = "_sipwright_files -d",
        [WORD_SCENARIO] = "_sipwright_files '*.lua'",
        [WORD_CAPTURE] = "_sipwright_files '*.@(pcap|pcapng|cap)'",
        [WORD_COMMAND] = "_sipwright_words $commands",
        [WORD_TARGET] = "_sipwright_lines < <(sipwright list --targets 2>/dev/null)",
        [WORD_TAG] = "_sipwright_lines < <(sipwright list --tags 2>/dev/null)",
    };

    if (kind != WORD_CHOICE) {
        buf_add(out, view_of(calls[kind]));
        return;
    }
    buf_add(out, V("_sipwright_words "));
    word_choices_add(out, choices);
}

/* run:--net) _sipwright_words "sim real" ;; */
static void value_add(struct buf *out, const struct command_row *command,
                      const struct option_row *row)
{
    if (row->argument == NULL || !option_taken(row, command->command))
        return;
    buf_printf(out, "    %s:--%s", command->name, row->name);
    if (row->letter != 0)
        buf_printf(out, " | %s:-%c", command->name, row->letter);
    buf_add(out, V(") "));
    candidates_add(out, word_kind_of_option(row), word_choices_of_option(row));
    buf_add(out, V(" ;;\n"));
}

static void values_add(struct buf *out)
{
    buf_add(out, V("    case $command:$option in\n"));
    for (size_t i = 0; i < command_row_count; i++)
        for (size_t k = 0; k < option_row_count; k++)
            value_add(out, &command_rows[i], &option_rows[k]);
    buf_add(out, V("    *) return 1 ;;\n    esac\n"));
}

static void options_add(struct buf *out, const struct command_row *command)
{
    buf_printf(out, "        %s) options='", command->name);
    for (size_t i = 0; i < option_row_count; i++)
        if (option_taken(&option_rows[i], command->command))
            buf_printf(out, "--%s ", option_rows[i].name);
    buf_add(out, V("' ;;\n"));
}

static void operand_add(struct buf *out, const struct command_row *command)
{
    buf_printf(out, "    %s) ", command->name);
    candidates_add(out, word_kind_of_command(command), word_choices_of_command(command));
    buf_add(out, V(" ;;\n"));
}

static void commands_add(struct buf *out)
{
    buf_add(out, V("    local commands='"));
    for (size_t i = 0; i < command_row_count; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : " ", command_rows[i].name);
    buf_add(out, V("'\n"));
}

/* COMP_WORDS parts "--net=sim" into three words: the "=" is one of its own. */
static const char helpers[] =
    "# bash completions of sipwright, made by 'sipwright generate bash'.\n"
    "\n"
    "# One word a line. (compgen -W would run what stands in them.)\n"
    "_sipwright_lines() {\n"
    "    local word\n"
    "    while IFS= read -r word; do\n"
    "        [[ $word != \"$current\"* ]] || COMPREPLY+=(\"$(printf %q \"$word\")\")\n"
    "    done\n"
    "}\n"
    "\n"
    "_sipwright_words() {\n"
    "    _sipwright_lines < <(printf '%s\\n' \"$@\")\n"
    "}\n"
    "\n"
    "_sipwright_files() {\n"
    "    compopt -o filenames 2>/dev/null\n"
    "    if [ \"${1-}\" = -d ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -d -- \"$current\")\n"
    "    elif [ $# -eq 0 ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
    "    else\n"
    "        local extglob\n"
    "        extglob=$(shopt -p extglob)\n"
    "        shopt -s extglob\n"
    "        mapfile -t COMPREPLY < <({ compgen -d -- \"$current\"; compgen -f -X \"!$1\" -- "
    "\"$current\"; } | sort -u)\n"
    "        $extglob\n"
    "    fi\n"
    "}\n"
    "\n";

static const char middle[] =
    "    local current=${COMP_WORDS[COMP_CWORD]} command=${COMP_WORDS[1]} option= options=\n"
    "    COMPREPLY=()\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "        _sipwright_words $commands --help --version\n"
    "        return\n"
    "    fi\n"
    "    if [ \"$current\" = = ]; then\n"
    "        current= option=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    elif [ \"${COMP_WORDS[COMP_CWORD - 1]}\" = = ]; then\n"
    "        option=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    else\n"
    "        option=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "    fi\n"
    "    if _sipwright_value; then\n"
    "        return\n"
    "    fi\n";

void completion_bash(struct buf *out)
{
    buf_add(out, view_of(helpers));
    buf_add(out, V("# What stands behind $option of $command; 1: it takes nothing.\n"
                   "_sipwright_value() {\n"));
    values_add(out);
    buf_add(out, V("}\n\n_sipwright() {\n"));
    commands_add(out);
    buf_add(out, view_of(middle));
    buf_add(out, V("    if [ \"${current:0:1}\" = - ]; then\n        case $command in\n"));
    for (size_t i = 0; i < command_row_count; i++)
        options_add(out, &command_rows[i]);
    buf_add(out, V("        esac\n        _sipwright_words $options\n        return\n    fi\n"
                   "    case $command in\n"));
    for (size_t i = 0; i < command_row_count; i++)
        operand_add(out, &command_rows[i]);
    buf_add(out, V("    esac\n}\n\ncomplete -F _sipwright sipwright\n"));
}
