/* Our end of the console: whether it is a terminal, has colours, how wide it is; and standard
 * output, whose refusal makes a run not green.
 *
 *     enum err err = screen_open(&options, case_count, &screen);
 *     console_begin(screen.console, &run);
 *     bool told = screen_close(&screen);
 */
#pragma once
#include "harness/options/options.h"
#include "reports/reports.h"

struct screen {
    struct console *console;
    struct buf pending;
    int fd;        /* standard output; standard error where a report takes that */
    bool terminal; /* it has a bar */
    bool refused;  /* standard output took not all */
};

enum err screen_open(const struct options *options, size_t case_count,
                     struct screen *out) NODISCARD;
void screen_flush(struct screen *screen);
bool screen_close(struct screen *screen); /* false: not all that was to be said was said */
/* The text without what would drive a terminal; line feeds stay where `lines` says so. */
void screen_text(struct buf *out, struct view text, bool lines);
/* One line on standard error: "sipwright: sentence". */
void screen_complain(struct view sentence);
/* The text on standard output; false: not all of it, or there was no memory to make it. */
bool screen_say(const struct buf *text);
/* The complaint, or without one what the error is, on standard error; the exit code that follows:
 * EXIT_USAGE, or without a complaint EXIT_ENVIRONMENT. */
int screen_refuse(const struct buf *complaint, enum err err);
bool screen_is_terminal(const struct options *options); /* one that can have a bar */
/* NO_COLOR, FORCE_COLOR, TERM and --color; terminal: whether it is one. */
bool screen_colour(uint32_t color_choice, bool terminal);
