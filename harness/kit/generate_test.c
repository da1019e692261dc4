/* What is generated knows every command and every option: none of the four can fall behind. */
#include "harness/kit/generate.h"
#include "harness/options/command_page.h"
#include "harness/options/word_kind.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct buf texts[4];

static int setup(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++)
        generated_rows[i].write(&texts[i]);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < 4; i++)
        buf_deinit(&texts[i]);
    return 0;
}

/* The part of the text that speaks of this command: from one heading to the next. */
static struct view part_of(struct view text, const char *begin, const char *end)
{
    size_t at = view_find(text, view_of(begin));

    assert_true(at < text.len);
    struct view rest = view_skip(text, at + strlen(begin));
    return view_head(rest, view_find(rest, view_of(end)));
}

static void assert_has(struct view text, const char *what)
{
    if (view_find(text, view_of(what)) == text.len)
        fail_msg("'%s' is not in it:\n%.*s", what, VIEW_ARG(text));
}

/* Until the next call. */
__attribute__((format(printf, 1, 2))) static const char *wanted(const char *format, ...)
{
    static char room[256];
    va_list args;

    va_start(args, format);
    vsnprintf(room, sizeof room, format, args);
    va_end(args);
    return room;
}

/* "junit-dialect" as roff has it. */
static const char *roff_of(const char *name, char *room, size_t size)
{
    size_t len = 0;

    for (; *name != '\0' && len + 3 < size; name++) {
        if (*name == '-')
            room[len++] = '\\';
        room[len++] = *name;
    }
    room[len] = '\0';
    return room;
}

static void row_is_everywhere(const struct command_row *command, const struct option_row *row)
{
    char room[64], begin[64];
    struct view man = buf_view(&texts[0]), bash = buf_view(&texts[1]), zsh = buf_view(&texts[2]);

    snprintf(begin, sizeof begin, ".SS %s\n", command->name);
    assert_has(part_of(man, begin, ".S"),
               wanted("\\fB\\-\\-%s\\fR", roff_of(row->name, room, sizeof room)));
    snprintf(begin, sizeof begin, "        %s) options='", command->name);
    assert_has(part_of(bash, begin, "'"), wanted("--%s ", row->name));
    if (row->argument != NULL)
        assert_has(bash, wanted("    %s:--%s", command->name, row->name));
    snprintf(begin, sizeof begin, "    %s)\n", command->name);
    assert_has(part_of(zsh, begin, ";;"),
               wanted("--%s%s", row->name, row->argument != NULL ? "=" : ""));
    assert_has(buf_view(&texts[3]),
               wanted("__fish_seen_subcommand_from %s' -l %s ", command->name, row->name));
}

static void each_option_is_in_each_of_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_row_count; i++)
        for (size_t k = 0; k < option_row_count; k++)
            if ((option_rows[k].commands & command_rows[i].command) != 0)
                row_is_everywhere(&command_rows[i], &option_rows[k]);
}

static void each_command_is_in_each_of_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < command_row_count; i++) {
        const char *name = command_rows[i].name;
        const struct command_page *page = command_page_of(command_rows[i].command);
        assert_has(buf_view(&texts[0]), wanted(".SS %s\n.B sipwright %s", name, name));
        assert_has(part_of(buf_view(&texts[1]), "commands='", "'"), name);
        assert_has(buf_view(&texts[2]), wanted("'%s:", name));
        assert_has(buf_view(&texts[3]), wanted("'%%s\\t%%s\\n' %s '", name));
        assert_non_null(page->exits[0].when);
        assert_non_null(page->examples[0].line);
    }
}

/* Words of an example apart by blanks, but for those in single quotes; what goes on for the shell
 * (a redirection) ends it. */
static int words_of(char *line, char **words, int most)
{
    int count = 0;

    for (char *at = line; *at != '\0' && *at != '>' && *at != '&' && count < most;) {
        char end = *at == '\'' ? '\'' : ' ';
        at += end == '\'';
        words[count++] = at;
        at = strchr(at, end);
        if (at == NULL)
            break;
        *at++ = '\0';
        while (*at == ' ')
            at++;
    }
    return count;
}

static void each_example_parses_as_its_command(void **state)
{
    char line[200], *words[16];
    struct buf complaint = {0};

    (void)state;
    for (size_t i = 0; i < command_row_count; i++) {
        const struct command_page *page = command_page_of(command_rows[i].command);
        for (const struct example_row *row = page->examples; row->line != NULL; row++) {
            struct options options = {0};
            snprintf(line, sizeof line, "%s", row->line);
            int count = words_of(line, words, 16);
            if (options_parse(count, words, &options, &complaint) != ERR_OK)
                fail_msg("%s: %.*s", row->line, VIEW_ARG(buf_view(&complaint)));
            assert_int_equal(options.command, command_rows[i].command);
            options_deinit(&options);
        }
    }
    buf_deinit(&complaint);
}

static void what_is_generated_is_what_the_usage_names(void **state)
{
    struct view word;
    size_t count = 0;

    (void)state;
    for (size_t i = 0; i < command_row_count; i++) {
        struct view choices = word_choices_of_command(&command_rows[i]);
        if (command_rows[i].command != COMMAND_GENERATE)
            continue;
        for (; word_choice_next(&choices, &word); count++)
            assert_true(view_equal(word, view_of(generated_rows[count].name)));
    }
    assert_true(count > 0);
    assert_null(generated_rows[count].name);
}

static void no_line_of_the_manual_is_a_request_by_mistake(void **state)
{
    struct view rest = buf_view(&texts[0]);

    (void)state;
    while (rest.len > 0) {
        struct view line = view_head(rest, view_find_char(rest, '\n'));
        if (line.len > 0 && line.ptr[0] == '.')
            assert_true(line.len > 2 && line.ptr[1] >= 'B' && line.ptr[1] <= 'b');
        assert_true(line.len == 0 || line.ptr[0] != '\'');
        rest = view_skip(rest, line.len + 1);
    }
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    for (size_t i = 0; generated_rows[i].name != NULL; i++) { /* all that write into a buf */
        struct buf text = {0};
        mem_fail_at(1, true);
        generated_rows[i].write(&text);
        mem_fail_at(0, false);
        assert_int_equal(text.failed, ERR_MEMORY);
        buf_deinit(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_is_in_each_of_them),
        cmocka_unit_test(each_command_is_in_each_of_them),
        cmocka_unit_test(each_example_parses_as_its_command),
        cmocka_unit_test(what_is_generated_is_what_the_usage_names),
        cmocka_unit_test(no_line_of_the_manual_is_a_request_by_mistake),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
