/* Plays the Lua files of harness/api/played and scenarios/tests on the simulated network. The line
 * above a scenario says how it ends, and where it says nothing the scenario passes:
 *
 *     --> fail: bob: MESSAGE from alice at 0.001 s was never answered
 *     scenario("…", function(t)
 *
 * A "*" at its end stands for any rest. The failure has to be at the line below one that says
 * "--v".
 */
#include "harness/api/api.h"
#include "harness/scene/scene_fixture.h"
#include "harness/watch/watch_part.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static const struct scene_part *const parts[] = {&api_part, &watch_part, NULL};

static struct view file_read(const char *path, struct buf *buf)
{
    FILE *file = fopen(path, "rb");
    char room[4096];

    assert_non_null(file);
    for (size_t len; (len = fread(room, 1, sizeof room, file)) > 0;)
        buf_add(buf, (struct view){room, len});
    fclose(file);
    buf_add_char(buf, '\0');
    return (struct view){buf->ptr, buf->len - 1};
}

static struct view line_of(struct view text, uint32_t line)
{
    for (; line > 1; line--)
        text = view_skip(text, view_find_char(text, '\n') + 1);
    return view_head(text, view_find_char(text, '\n'));
}

/* The line below a "--v" of this scenario; 0: there is none. */
static uint32_t marked_line(struct view text, uint32_t first, uint32_t end)
{
    for (uint32_t line = first; line < end; line++)
        if (view_equal(view_trim(line_of(text, line)), V("--v")))
            return line + 1;
    return 0;
}

static bool is_as_expected(struct view result, struct view expected)
{
    if (view_ends(expected, V("*")))
        return view_starts(result, view_head(expected, expected.len - 1));
    return view_equal(result, expected);
}

/* "fail 12: sentence" without its line, which goes to out_line. */
static struct view line_cut(const char *result, uint32_t *out_line, struct buf *room)
{
    const char *space = strchr(result, ' '), *colon = strchr(result, ':');

    *out_line = 0;
    if (space == NULL || colon == NULL || colon < space)
        return view_of(result);
    *out_line = (uint32_t)strtoul(space + 1, NULL, 10);
    buf_add(room, (struct view){result, (size_t)(space - result)});
    buf_add(room, view_of(colon));
    return buf_view(room);
}

static int check(struct scene_fixture *f, const char *path, struct view text, size_t index)
{
    const struct scenario_info *info = suite_scenario(f->suite, index);
    uint32_t end = index + 1 < suite_count(f->suite) ? suite_scenario(f->suite, index + 1)->line
                                                     : info->line + 1000;
    struct view above = info->line > 1 ? line_of(text, info->line - 1) : V("");
    struct view expected = view_starts(above, V("--> ")) ? view_skip(above, 4) : V("pass");
    uint32_t marked = marked_line(text, info->line, end), line;
    struct buf room = {0};
    struct view result = line_cut(scene_play_at(f, index), &line, &room);
    bool good = is_as_expected(result, expected) && (marked == 0 || marked == line);

    if (!good)
        print_error("%s:%u: %.*s\n  expected: %.*s (line %u)\n  but it is: %.*s (line %u)\n", path,
                    info->line, VIEW_ARG(info->name), VIEW_ARG(expected), marked, VIEW_ARG(result),
                    line);
    buf_deinit(&room);
    return good ? 0 : 1;
}

static int play(const char *path)
{
    struct scene_fixture *f = scene_fixture_create(parts);
    struct buf buf = {0};
    struct view text = file_read(path, &buf);
    int bad = 0;

    f->suite_options.text = text;
    if (suite_load(&f->suite_options, &f->suite, &f->load_error) != ERR_OK) {
        print_error("%s:%u: %.*s\n", path, f->load_error.line, VIEW_ARG(f->load_error.sentence));
        bad = 1;
    }
    for (size_t i = 0; f->suite != NULL && i < suite_count(f->suite); i++)
        bad += check(f, path, text, i);
    scene_fixture_destroy(f);
    buf_deinit(&buf);
    return bad;
}

static int is_lua(const struct dirent *entry)
{
    size_t len = strlen(entry->d_name);

    return len > 4 && strcmp(entry->d_name + len - 4, ".lua") == 0;
}

static int play_folder(const char *folder)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, is_lua, alphasort), bad = 0;

    assert_true(count > 0);
    for (int i = 0; i < count; i++) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        bad += play(path);
        free(entries[i]);
    }
    free(entries);
    return bad;
}

static void each_scenario_ends_as_its_file_says(void **state)
{
    (void)state;
    assert_int_equal(play_folder("harness/api/played"), 0);
}

static void the_behaviour_tests_pass(void **state)
{
    (void)state;
    assert_int_equal(play_folder("scenarios/tests"), 0);
}

static void the_examples_pass(void **state)
{
    (void)state;
    assert_int_equal(play_folder("scenarios/examples"), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_scenario_ends_as_its_file_says),
        cmocka_unit_test(the_behaviour_tests_pass),
        cmocka_unit_test(the_examples_pass),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
