#include "harness/kit/man.h"
#include "harness/options/command_page.h"

#define MAN_DATE "2026-11-23" /* of the version */

enum { LINE_WIDTH = 72 };

static void char_add(struct buf *out, char c)
{
    static const struct {
        char c;
        const char *roff;
    } rows[] = {
        {'\\', "\\e"  },
        {'-',  "\\-"  },
        {'\'', "\\(aq"},
        {'~',  "\\(ti"},
        {'^',  "\\(ha"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].c == c) {
            buf_add(out, view_of(rows[i].roff));
            return;
        }
    buf_add_char(out, c);
}

/* A line of roff that begins with "." or "'" would be a request. */
static void word_add(struct buf *out, struct view word, bool begins)
{
    if (begins && word.len > 0 && (word.ptr[0] == '.' || word.ptr[0] == '\''))
        buf_add(out, V("\\&"));
    for (size_t i = 0; i < word.len; i++)
        char_add(out, word.ptr[i]);
}

/* "-" and "\" as they are, and no line that begins with a control character. */
static void text_add(struct buf *out, struct view text)
{
    for (size_t column = 0; text.len > 0;) {
        struct view word = view_head(text, view_find_char(text, ' '));
        bool begins = column == 0 || column + word.len > LINE_WIDTH;
        if (column > 0)
            buf_add_char(out, begins ? '\n' : ' ');
        word_add(out, word, begins);
        column = (begins ? 0 : column) + word.len + 1;
        text = view_skip(text, word.len + 1);
    }
}

static void line_add(struct buf *out, const char *text)
{
    text_add(out, view_of(text));
    buf_add_char(out, '\n');
}

/* The argument of a macro stays on its line. */
static void argument_add(struct buf *out, const char *text)
{
    word_add(out, view_of(text), false);
    buf_add_char(out, '\n');
}

static void tagged_add(struct buf *out, const char *name, const char *what)
{
    buf_add(out, V(".TP\n.B "));
    argument_add(out, name);
    line_add(out, what);
}

static void head_add(struct buf *out)
{
    buf_add(out, V(".TH SIPWRIGHT 1 " MAN_DATE " \"sipwright " SIPWRIGHT_VERSION "\" "
                   "\"User Commands\"\n.SH NAME\nsipwright \\- Playwright for SIP\n"
                   ".SH SYNOPSIS\n"));
    for (size_t i = 0; i < command_row_count; i++) {
        buf_add(out, i == 0 ? V(".B sipwright ") : V(".br\n.B sipwright "));
        argument_add(out, command_rows[i].usage);
    }
    buf_add(out, V(".SH DESCRIPTION\n"));
    line_add(
        out,
        "A call flow is twenty lines of Lua. It runs in milliseconds against a simulated network "
        "with a virtual clock, byte for byte the same for the same seed; and the same file, "
        "unchanged, gates a real phone, PBX or proxy over UDP, TCP, TLS or WebSocket.");
}

static void paragraphs_add(struct buf *out, struct view text)
{
    while (text.len > 0) {
        size_t len = view_find_char(text, '\n');
        buf_add(out, V(".PP\n"));
        text_add(out, view_head(text, len));
        buf_add_char(out, '\n');
        text = view_skip(text, len + 1);
    }
}

/* .TP
 * \fB-j\fR, \fB--jobs\fR \fIN\fR */
static void option_add(struct buf *out, const struct option_row *row)
{
    buf_add(out, V(".TP\n"));
    if (row->letter != 0)
        buf_printf(out, "\\fB\\-%c\\fR, ", row->letter);
    buf_add(out, V("\\fB\\-\\-"));
    word_add(out, view_of(row->name), false);
    buf_add(out, V("\\fR"));
    if (row->argument != NULL) {
        buf_add(out, V(" \\fI"));
        word_add(out, view_of(row->argument), false);
        buf_add(out, V("\\fR"));
    }
    buf_add_char(out, '\n');
    line_add(out, row->help);
}

static void exits_add(struct buf *out, const struct exit_row *rows)
{
    buf_add(out, V(".PP\nIt ends with\n"));
    for (const struct exit_row *row = rows; row->when != NULL; row++)
        tagged_add(out, row->code, row->when);
}

static void examples_add(struct buf *out, const struct example_row *rows)
{
    for (const struct example_row *row = rows; row->line != NULL; row++)
        tagged_add(out, row->line, row->what);
}

static void command_add(struct buf *out, const struct command_row *row)
{
    const struct command_page *page = command_page_of(row->command);

    buf_printf(out, ".SS %s\n.B sipwright ", row->name);
    argument_add(out, row->usage);
    paragraphs_add(out, view_of(page->text));
    for (size_t i = 0; i < option_row_count; i++)
        if ((option_rows[i].commands & row->command) != 0)
            option_add(out, &option_rows[i]);
    exits_add(out, page->exits);
}

static void named_add(struct buf *out, const char *section, const struct named_row *rows)
{
    buf_printf(out, ".SH %s\n", section);
    for (; rows->name != NULL; rows++)
        tagged_add(out, rows->name, rows->what);
}

void man_write(struct buf *out)
{
    head_add(out);
    buf_add(out, V(".SH COMMANDS\n"));
    for (size_t i = 0; i < command_row_count; i++)
        command_add(out, &command_rows[i]);
    named_add(out, "ENVIRONMENT", environment_rows);
    named_add(out, "FILES", file_rows);
    buf_add(out, V(".SH EXAMPLES\n"));
    for (size_t i = 0; i < command_row_count; i++)
        examples_add(out, command_page_of(command_rows[i].command)->examples);
}
