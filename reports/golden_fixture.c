#include "reports/run_fixture.h"
#include "reports/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

void file_read(const char *path, struct buf *into)
{
    char room[4096];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        fail_msg("%s is not there", path);
    for (size_t got; (got = fread(room, 1, sizeof room, file)) > 0;)
        buf_add(into, (struct view){room, got});
    assert_int_equal(ferror(file), 0);
    fclose(file);
}

static void golden_update(const char *path, struct view got)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(got.ptr, 1, got.len, file), got.len);
    assert_int_equal(fclose(file), 0);
}

static void golden_compare(const char *path, struct view want, struct view got)
{
    bool same = view_equal(want, got);
    for (int line = 1; !same && want.len + got.len > 0; line++) {
        struct view left = text_line_take(&want), right = text_line_take(&got);
        if (!view_equal(left, right)) {
            print_error("%s:%d\nis:      %.*s\nshould:  %.*s\n", path, line, VIEW_ARG(right),
                        VIEW_ARG(left));
            break;
        }
    }
    assert_true(same);
}

void golden_check(const char *name, struct view got)
{
    char path[200];
    const char *update = getenv("SIPWRIGHT_UPDATE_GOLDEN");
    snprintf(path, sizeof path, "reports/golden/%s", name);
    if (update != NULL && strcmp(update, "1") == 0) {
        golden_update(path, got);
        return;
    }
    struct buf want = {0};
    file_read(path, &want);
    golden_compare(path, buf_view(&want), got);
    buf_deinit(&want);
}

size_t times_in(struct view text, struct view what)
{
    size_t count = 0;
    for (size_t at; (at = view_find(text, what)) < text.len; count++)
        text = view_skip(text, at + what.len);
    return count;
}

void scratch_make(char *room, size_t room_len)
{
    snprintf(room, room_len, "%s/sipwright-test-XXXXXX", P_tmpdir);
    assert_non_null(mkdtemp(room));
}

int program_run(const char *command, struct buf *into)
{
    char room[4096];
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    for (size_t got; (got = fread(room, 1, sizeof room, pipe)) > 0;)
        buf_add(into, (struct view){room, got});
    int status = pclose(pipe);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

void scratch_remove(const char *folder)
{
    char command[300];
    struct buf none = {0};
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    assert_int_equal(program_run(command, &none), 0);
    buf_deinit(&none);
}

bool program_found(const char *name)
{
    char command[100];
    struct buf none = {0};
    snprintf(command, sizeof command, "command -v %s", name);
    bool found = program_run(command, &none) == 0;
    buf_deinit(&none);
    return found;
}
