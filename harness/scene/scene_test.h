/* A table of scenarios and their verdicts, for tests.
 *
 *     static const struct play rows[] = {{"t:fail('x')", "fail 1: x"}};
 *     check_bodies(rows, 1);
 */
#pragma once
#include "harness/scene/scene_fixture.h"

static inline bool result_fits(const char *text, const char *wanted)
{
    size_t len = strlen(wanted);
    if (len > 0 && wanted[len - 1] == '*')
        return strncmp(text, wanted, len - 1) == 0;
    return strcmp(text, wanted) == 0;
}

static inline void check_play(struct scene_fixture *f, const char *code, const char *wanted)
{
    const char *result = scene_play(f, code);
    if (!result_fits(result, wanted))
        fail_msg("%s\n  gave     %s\n  and not  %s", code, result, wanted);
}

/* Each is a whole file. */
static inline void check_files(const struct play *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct scene_fixture *f = scene_fixture_create(NULL);
        check_play(f, rows[i].code, rows[i].result);
        scene_fixture_destroy(f);
    }
}

/* Each is what stands in scenario('s', function(t) … end), its first line the file's first. */
static inline void check_bodies(const struct play *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct scene_fixture *f = scene_fixture_create(NULL);
        struct buf code = {0};
        buf_printf(&code, "scenario('s', function(t) %s end)", rows[i].code);
        buf_add_char(&code, '\0');
        check_play(f, code.ptr, rows[i].result);
        buf_deinit(&code);
        scene_fixture_destroy(f);
    }
}
