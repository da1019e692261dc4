#include "harness/run/screen.h"
#include "harness/run/files.h"
#include "harness/options/exit_code.h"
#include "harness/host/pipe.h"

#include <sys/ioctl.h>
#include <unistd.h>

enum { FLUSH_AT = 64 << 10, WIDTH_LEAST = 40, WIDTH_MOST = 1000 };

static bool given(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0';
}

static bool is_dumb(void)
{
    const char *term = getenv("TERM");

    return term == NULL || strcmp(term, "dumb") == 0;
}

bool screen_say(const struct buf *text)
{
    return text->failed == ERR_OK && pipe_write(STDOUT_FILENO, buf_view(text));
}

int screen_refuse(const struct buf *complaint, enum err err)
{
    bool usage = complaint->len > 0;

    screen_complain(usage ? buf_view(complaint) : view_of(err_text(err)));
    return usage ? EXIT_USAGE : EXIT_ENVIRONMENT;
}

bool screen_colour(uint32_t color_choice, bool terminal)
{
    if (color_choice == COLOR_ALWAYS || color_choice == COLOR_NEVER)
        return color_choice == COLOR_ALWAYS;
    if (given("NO_COLOR"))
        return false;
    if (given("FORCE_COLOR"))
        return strcmp(getenv("FORCE_COLOR"), "0") != 0;
    return terminal && !is_dumb();
}

static unsigned width_of(int fd, bool terminal)
{
    struct winsize size = {0};
    uint64_t columns = 0;
    const char *given_columns = getenv("COLUMNS");

    if (terminal && ioctl(fd, TIOCGWINSZ, &size) == 0)
        columns = size.ws_col;
    else if (given_columns == NULL || !view_to_uint(view_of(given_columns), WIDTH_MOST, &columns))
        columns = 0;
    return columns < WIDTH_LEAST || columns > WIDTH_MOST ? 0 : (unsigned)columns;
}

static unsigned height_of(int fd, bool terminal)
{
    struct winsize size = {0};

    return terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 ? size.ws_row : 0;
}

static void text_write(void *ctx, struct view text)
{
    struct screen *screen = ctx;

    buf_add(&screen->pending, text);
    if (screen->pending.len >= FLUSH_AT)
        screen_flush(screen);
}

void screen_flush(struct screen *screen)
{
    if (screen->pending.failed != ERR_OK || !pipe_write(screen->fd, buf_view(&screen->pending)))
        screen->refused = true;
    buf_clear(&screen->pending);
}

/* Where a report takes standard output, what is for eyes goes beside it. */
static int screen_fd(const struct options *options)
{
    return files_take_output(options) ? STDERR_FILENO : STDOUT_FILENO;
}

bool screen_is_terminal(const struct options *options)
{
    return isatty(screen_fd(options)) == 1 && !is_dumb();
}

enum err screen_open(const struct options *options, size_t case_count, struct screen *out)
{
    int fd = screen_fd(options);
    bool terminal = isatty(fd) == 1;
    struct console_options console = {.terminal = terminal && !is_dumb(),
                                      .colour = screen_colour(options->color, terminal),
                                      .width = width_of(fd, terminal),
                                      .height = height_of(fd, terminal),
                                      .case_count = (uint32_t)case_count,
                                      .quiet = options->quiet,
                                      .write = text_write,
                                      .ctx = out};

    *out = (struct screen){.fd = fd, .terminal = console.terminal};
    return console_create(&console, &out->console);
}

bool screen_close(struct screen *screen)
{
    if (screen->console == NULL)
        return true;
    screen_flush(screen);
    console_destroy(screen->console);
    buf_deinit(&screen->pending);
    screen->console = NULL;
    return !screen->refused;
}

/* C0, DEL, and C1 as UTF-8 writes it: 0xc2 and a byte below 0xa0. */
static bool is_control(struct view text, size_t i)
{
    unsigned char c = (unsigned char)text.ptr[i];
    unsigned char before = i > 0 ? (unsigned char)text.ptr[i - 1] : 0;

    return c < 0x20 || c == 0x7f || (before == 0xc2 && c < 0xa0 && c >= 0x80);
}

void screen_text(struct buf *out, struct view text, bool lines)
{
    for (size_t i = 0; i < text.len; i++) {
        bool control = is_control(text, i) && !(lines && text.ptr[i] == '\n');
        buf_add_char(out, control ? '?' : text.ptr[i]);
    }
}

void screen_complain(struct view sentence)
{
    struct buf line = {0};

    buf_add(&line, V("sipwright: "));
    screen_text(&line, sentence, true);
    buf_add_char(&line, '\n');
    if (!pipe_write(STDERR_FILENO, buf_view(&line)))
        line.failed = ERR_IO; /* there is nobody left to tell */
    buf_deinit(&line);
}
