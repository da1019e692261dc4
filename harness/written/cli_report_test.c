/* The built program from outside: a written run again, and its shards as one. */
#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { SHARDS = 4, PATH_MOST = 256 };

static char paths[SHARDS][PATH_MOST];

static void path_set(char room[PATH_MOST], const char *name)
{
    snprintf(room, PATH_MOST, "%s", cli_path(name));
}

/* A run of all data, of this shard where one is given. */
static void data_run(const char *path, const char *shard)
{
    CLI("run", DATA, "--grep-invert", "for ever|memory|hangs", "--root", "harness/run/testdata",
        "--seed", "7", "--no-wall-clock", "--json", path, shard == NULL ? NULL : "--shard", shard);
}

/* A run of one file, likewise. */
static void file_run(const char *file, const char *path, const char *shard)
{
    CLI("run", file, "--seed", "7", "--no-wall-clock", "--json", path,
        shard == NULL ? NULL : "--shard", shard);
}

/* "2/4" of 1; where its run is written stands in paths. */
static const char *shard_of(int index)
{
    static char shard[24];
    char name[24];

    snprintf(name, sizeof name, "%d.jsonl", index + 1);
    snprintf(shard, sizeof shard, "%d/%d", index + 1, SHARDS);
    path_set(paths[index], name);
    return shard;
}

static void shards_run(void)
{
    for (int i = 0; i < SHARDS; i++) {
        const char *shard = shard_of(i);
        data_run(paths[i], shard);
    }
}

static void same_bytes(const char *a, const char *b)
{
    struct buf one = {0}, two = {0};

    cli_read(a, &one);
    cli_read(b, &two);
    assert_true(one.len > 1000);
    assert_true(view_equal(buf_view(&one), buf_view(&two)));
    buf_deinit(&one);
    buf_deinit(&two);
}

static void four_shards_joined_are_the_bytes_of_one_run(void **state)
{
    char whole[PATH_MOST], joined[PATH_MOST];
    struct buf said = {0};

    (void)state;
    path_set(whole, "whole.jsonl");
    path_set(joined, "joined.jsonl");
    data_run(whole, NULL);
    cli_code(3);
    buf_add(&said, buf_view(&cli_end()->out));
    shards_run();
    CLI("report", "merge", paths[2], paths[0], paths[3], paths[1], "-o", joined);
    cli_code(3);
    same_bytes(whole, joined);
    assert_true(view_equal(buf_view(&said), buf_view(&cli_end()->out)));
    buf_deinit(&said);
}

/* What is counted over all cases is counted again. */
static void joined_the_score_is_that_of_one_run(void **state)
{
    char whole[PATH_MOST], joined[PATH_MOST];
    struct buf text = {0};

    (void)state;
    test_folder_file(cli_folder(), "a.lua",
                     "for i = 1, 12 do\n"
                     "  scenario('n' .. i, { covers = { i < 7 and 'CTI-001' or 'CTI-002' } },\n"
                     "    function() expect(i):never():equals(3) end)\n"
                     "end\n");
    path_set(whole, "whole.jsonl");
    path_set(joined, "joined.jsonl");
    file_run(cli_path("a.lua"), whole, NULL);
    cli_code(1);
    for (int i = 0; i < SHARDS; i++) {
        const char *shard = shard_of(i);
        file_run(cli_path("a.lua"), paths[i], shard);
    }
    CLI("report", "merge", paths[0], paths[1], paths[2], paths[3], "-o", joined);
    cli_code(1);
    same_bytes(whole, joined);
    cli_read(joined, &text);
    assert_true(view_find(buf_view(&text), V("\"requirement\"")) < text.len);
    buf_deinit(&text);
}

static void a_written_run_has_the_faces_of_the_run(void **state)
{
    char json[PATH_MOST], html[PATH_MOST], xml[PATH_MOST], html_again[PATH_MOST],
        xml_again[PATH_MOST];

    (void)state;
    path_set(json, "a.jsonl");
    path_set(html, "a.html");
    path_set(xml, "a.xml");
    path_set(html_again, "again.html");
    path_set(xml_again, "again.xml");
    CLI("run", DATA "pass.lua", DATA "fail.lua", "--seed", "7", "--no-wall-clock", "--json", json,
        "--html", html, "--junit", xml);
    cli_code(1);
    CLI("report", json, "--no-wall-clock", "-o", html_again, "--junit", xml_again);
    cli_code(1);
    same_bytes(html, html_again);
    same_bytes(xml, xml_again);
}

static void a_green_run_stays_green(void **state)
{
    char json[PATH_MOST];

    (void)state;
    path_set(json, "a.jsonl");
    CLI("run", DATA "pass.lua", "--json", json);
    CLI("report", json, "--quiet");
    cli_code(0);
    cli_said("2 passed, 0 failed");
}

static void what_is_not_one_run_is_refused(void **state)
{
    char other[PATH_MOST], joined[PATH_MOST];

    (void)state;
    path_set(other, "other.jsonl");
    path_set(joined, "joined.jsonl");
    shards_run();
    CLI("report", "merge", paths[0], paths[1], paths[3], "-o", joined);
    cli_code(2);
    cli_said("not all shards are there: 3/4 is missing");
    CLI("report", "merge", paths[0], paths[1], paths[1], paths[2], paths[3], "-o", joined);
    cli_code(2);
    cli_said("are both shard 2/4; name each shard once");
    CLI("run", DATA "pass.lua", "--seed", "7", "--shard", "4/4", "--json", other);
    CLI("report", "merge", paths[0], paths[1], paths[2], other, "-o", joined);
    cli_code(2);
    cli_said("of other scenarios, or other options");
    CLI("run", DATA "pass.lua", "--seed", "8", "--shard", "4/4", "--json", other);
    CLI("report", "merge", paths[0], paths[1], paths[2], other, "-o", joined);
    cli_code(2);
    cli_said("of another seed; give all shards the same --seed");
    CLI("run", DATA "pass.lua", "--seed", "7", "--json", other);
    CLI("report", "merge", paths[0], other, "-o", joined);
    cli_code(2);
    cli_said("no shard, but a whole run");
    assert_false(cli_there(joined));
}

/* The first bytes of a file, as a full disk or a lost runner leaves them. */
static void file_cut(const char *path, const char *name, struct view until)
{
    struct buf all = {0};

    cli_read(path, &all);
    size_t at = view_find(buf_view(&all), until);
    assert_true(at < all.len);
    all.len = at;
    buf_add_char(&all, '\0');
    test_folder_file(cli_folder(), name, all.ptr);
    buf_deinit(&all);
}

static void a_run_that_was_cut_off_is_not_green(void **state)
{
    char json[PATH_MOST], cut[PATH_MOST];

    (void)state;
    path_set(json, "a.jsonl");
    path_set(cut, "cut.jsonl");
    CLI("run", DATA "pass.lua", "--seed", "7", "--json", json);
    cli_code(0);
    file_cut(json, "cut.jsonl", V("{\"v\":1,\"type\":\"end\""));
    CLI("report", cut);
    cli_code(5);
    cli_said("interrupted");
    file_cut(json, "cut.jsonl", V(",\"type\":\"verdict\",\"case\":2"));
    CLI("report", cut);
    cli_code(1);
    cli_said("the file breaks off before its verdict");
}

static void what_is_no_written_run_is_told_with_the_mend(void **state)
{
    (void)state;
    test_folder_file(cli_folder(), "later.jsonl", "{\"v\":2,\"type\":\"run\"}\n");
    test_folder_file(cli_folder(), "empty.jsonl", "");
    CLI("report", cli_path("later.jsonl"));
    cli_code(2);
    cli_said("later.jsonl:1: written in another version of the format");
    CLI("report", cli_path("empty.jsonl"));
    cli_code(2);
    cli_said("this is no written run; give the file of 'sipwright run --json FILE'");
    CLI("report", DATA "pass.lua");
    cli_code(2);
    CLI("report", cli_path("none.jsonl"));
    cli_code(2);
    cli_said("there is no ");
    CLI("report");
    cli_code(2);
    CLI("report", "merge");
    cli_code(2);
    CLI("report", DATA "pass.lua", "-o", "report.docx");
    cli_code(2);
    cli_said("ends in .html");
}

/* More shards than scenarios: those without any are runs all the same. */
static void an_empty_shard_can_be_joined(void **state)
{
    char joined[PATH_MOST];
    int empty = 0;

    (void)state;
    path_set(joined, "joined.jsonl");
    for (int i = 0; i < SHARDS; i++) {
        const char *shard = shard_of(i);
        file_run(DATA "pass.lua", paths[i], shard);
        cli_code(0);
        empty += binary_said(&cli_end()->err, "no scenario is of shard");
    }
    assert_true(empty >= SHARDS - 2);
    CLI("report", "merge", paths[0], paths[1], paths[2], paths[3], "-o", joined);
    cli_code(0);
    cli_said("2 passed");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CLI_TEST(four_shards_joined_are_the_bytes_of_one_run),
        CLI_TEST(joined_the_score_is_that_of_one_run),
        CLI_TEST(a_written_run_has_the_faces_of_the_run),
        CLI_TEST(a_green_run_stays_green),
        CLI_TEST(what_is_not_one_run_is_refused),
        CLI_TEST(a_run_that_was_cut_off_is_not_green),
        CLI_TEST(what_is_no_written_run_is_told_with_the_mend),
        CLI_TEST(an_empty_shard_can_be_joined),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
