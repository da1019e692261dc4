#include "harness/options/command_page.h"

enum { HELP_WIDTH = 96 };

static void row_help(struct buf *out, const struct option_row *row)
{
    char head[64];

    snprintf(head, sizeof head, "%s--%s%s%s", row->letter != 0 ? "-x, " : "    ", row->name,
             row->argument != NULL ? " " : "", row->argument != NULL ? row->argument : "");
    if (row->letter != 0)
        head[1] = row->letter;
    buf_printf(out, "  %-38s %s\n", head, row->help);
}

static void program_help(struct buf *out)
{
    buf_printf(out, "sipwright " SIPWRIGHT_VERSION ": Playwright for SIP\n\n");
    for (size_t i = 0; i < command_row_count; i++)
        buf_printf(out, "  %-10s %s\n", command_rows[i].name, command_rows[i].help);
    buf_printf(out,
               "\n'sipwright help run' has what run takes and all of its options, 'sipwright help "
               "language' the words\nof scenarios; 'sipwright demo' shows what it does.\n");
}

/* One paragraph, its lines as full as they get. */
static void paragraph_help(struct buf *out, struct view text)
{
    size_t column = 0;

    while (text.len > 0) {
        struct view word = view_head(text, view_find_char(text, ' '));
        if (column > 0 && column + 1 + word.len > HELP_WIDTH) {
            buf_add_char(out, '\n');
            column = 0;
        } else if (column > 0) {
            buf_add_char(out, ' ');
            column++;
        }
        buf_add(out, word);
        column += word.len;
        text = view_skip(text, word.len + 1);
    }
    buf_add_char(out, '\n');
}

static void text_help(struct buf *out, struct view text)
{
    while (text.len > 0) {
        size_t len = view_find_char(text, '\n');
        paragraph_help(out, view_head(text, len));
        text = view_skip(text, len + 1);
    }
    buf_add_char(out, '\n');
}

static void exits_help(struct buf *out, const struct exit_row *rows)
{
    struct buf line = {0};

    buf_add(&line, V("Exit: "));
    for (const struct exit_row *row = rows; row->when != NULL; row++)
        buf_printf(&line, "%s%s %s", row == rows ? "" : ", ", row->code, row->when);
    buf_add_char(&line, '.');
    buf_add_char(out, '\n');
    paragraph_help(out, buf_view(&line));
    if (line.failed != ERR_OK)
        out->failed = line.failed;
    buf_deinit(&line);
}

static void examples_help(struct buf *out, const struct example_row *rows)
{
    buf_add(out, V("\nExamples:\n"));
    for (const struct example_row *row = rows; row->line != NULL; row++)
        buf_printf(out, "  %s\n      %s\n", row->line, row->what);
}

void options_help(struct buf *out, enum command command)
{
    if (command == COMMAND_NONE) {
        program_help(out);
        return;
    }
    const struct command_page *page = command_page_of(command);
    for (size_t i = 0; i < command_row_count; i++)
        if (command_rows[i].command == command)
            buf_printf(out, "sipwright %s\n\n", command_rows[i].usage);
    text_help(out, view_of(page->text));
    for (size_t i = 0; i < option_row_count; i++)
        if ((option_rows[i].commands & command) != 0)
            row_help(out, &option_rows[i]);
    examples_help(out, page->examples);
    exits_help(out, page->exits);
}
