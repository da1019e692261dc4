#include "harness/run/cli_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>

#include <cmocka.h>

static struct test_folder folder;
static struct binary_end end;

int cli_setup(void **state)
{
    (void)state;
    test_folder_make(&folder);
    return 0;
}

int cli_teardown(void **state)
{
    (void)state;
    binary_end_free(&end);
    test_folder_remove(&folder);
    return 0;
}

void cli_words(const struct binary_start *start, const char *const *words)
{
    binary_end_free(&end);
    binary_run_words(&end, start, words);
}

void cli_run(const struct binary_start *start, ...)
{
    const char *words[BINARY_WORDS_MOST + 1] = {0};
    va_list list;

    va_start(list, start);
    for (size_t i = 0; i < BINARY_WORDS_MOST && (words[i] = va_arg(list, const char *)) != NULL;
         i++)
        continue;
    va_end(list);
    cli_words(start, words);
}

struct binary_end *cli_end(void)
{
    return &end;
}

static void show_and_fail(const char *what)
{
    print_error("standard output:\n%sstandard error:\n%s", end.out.ptr, end.err.ptr);
    fail_msg("%s", what);
}

void cli_code(int code)
{
    char text[64];

    snprintf(text, sizeof text, "exit code %d, expected %d", end.code, code);
    if (end.code != code)
        show_and_fail(text);
}

void cli_said(const char *what)
{
    if (!binary_said(&end.out, what) && !binary_said(&end.err, what))
        show_and_fail(what);
}

void cli_unsaid(const char *what)
{
    if (binary_said(&end.out, what) || binary_said(&end.err, what))
        show_and_fail(what);
}

struct test_folder *cli_folder(void)
{
    return &folder;
}

const char *cli_path(const char *path)
{
    return test_folder_path(&folder, path);
}

void cli_read(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rb");
    char *room;
    size_t len;

    if (file == NULL)
        fail_msg("there is no %s", path);
    while ((room = buf_room(out, 65536)) != NULL && (len = fread(room, 1, 65536, file)) > 0)
        out->len += len;
    fclose(file);
}

bool cli_there(const char *path)
{
    return access(path, F_OK) == 0;
}
