#include "harness/options/option_table.h"

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
        buf_printf(out, "  sipwright %-34s %s\n", command_rows[i].usage, command_rows[i].help);
    buf_printf(out, "\n'sipwright help run' lists the options of run.\n");
}

static void exit_codes_help(struct buf *out)
{
    buf_printf(out, "\nExit: 0 all passed, 1 a scenario failed, 2 usage or configuration, 3 a file "
                    "does not load,\n4 nothing was selected, 5 the environment (a port, the "
                    "target, a report), 130 or 143 a signal.\n");
}

void options_help(struct buf *out, enum command command)
{
    if (command == COMMAND_NONE) {
        program_help(out);
        return;
    }
    for (size_t i = 0; i < command_row_count; i++)
        if (command_rows[i].command == command)
            buf_printf(out, "sipwright %s\n%s\n\n", command_rows[i].usage, command_rows[i].help);
    for (size_t i = 0; i < option_row_count; i++)
        if ((option_rows[i].commands & command) != 0)
            row_help(out, &option_rows[i]);
    if (command == COMMAND_RUN)
        exit_codes_help(out);
    if (command == COMMAND_RECORD)
        buf_printf(out,
                   "\nExit: 0 it is written, 2 not a capture, or a call or party that is not in "
                   "it, 5 not all of it\ncan be written.\n");
    if (command == COMMAND_LINT)
        buf_printf(
            out, "\nExit: 0 no MUST is broken, 1 one is, 2 not a capture or one without SIP, 5 it "
                 "cannot be read,\nor the report not be written.\n");
    if (command == COMMAND_REPLAY)
        buf_printf(out,
                   "\nExit: 0 each call is as captured, 1 one is not (or the capture has not all "
                   "of it), 2 usage, or\nno capture of SIP, 4 nothing could be replayed, 5 the "
                   "environment (a port, the target, a report).\n");
}
