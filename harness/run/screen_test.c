#include "harness/run/screen.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void colour_follows_option_then_environment_then_terminal(void **state)
{
    static const struct {
        enum color_choice choice;
        const char *no_color, *force_color, *term;
        bool terminal, colour;
    } rows[] = {
        {COLOR_UNSET,  NULL, NULL, "xterm", true,  true },
        {COLOR_UNSET,  NULL, NULL, "xterm", false, false},
        {COLOR_UNSET,  NULL, NULL, "dumb",  true,  false},
        {COLOR_UNSET,  NULL, NULL, NULL,    true,  false},
        {COLOR_AUTO,   "1",  NULL, "xterm", true,  false},
        {COLOR_UNSET,  "",   NULL, "xterm", true,  true },
        {COLOR_UNSET,  NULL, "1",  NULL,    false, true },
        {COLOR_UNSET,  NULL, "0",  "xterm", true,  false},
        {COLOR_UNSET,  "1",  "1",  "xterm", true,  false},
        {COLOR_ALWAYS, "1",  NULL, "dumb",  false, true },
        {COLOR_NEVER,  NULL, "1",  "xterm", true,  false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        clearenv();
        if (rows[i].no_color != NULL)
            setenv("NO_COLOR", rows[i].no_color, 1);
        if (rows[i].force_color != NULL)
            setenv("FORCE_COLOR", rows[i].force_color, 1);
        if (rows[i].term != NULL)
            setenv("TERM", rows[i].term, 1);
        assert_int_equal(screen_colour(rows[i].choice, rows[i].terminal), rows[i].colour);
    }
}

static void nothing_drives_the_terminal(void **state)
{
    struct buf out = {0};

    (void)state;
    screen_text(&out, V("a\033[31m\nb\177\302\233c \303\244"), false);
    assert_true(view_equal(buf_view(&out), V("a?[31m?b?\302?c \303\244")));
    buf_clear(&out);
    screen_text(&out, V("a\nb\r"), true);
    assert_true(view_equal(buf_view(&out), V("a\nb?")));
    buf_deinit(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colour_follows_option_then_environment_then_terminal),
        cmocka_unit_test(nothing_drives_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
