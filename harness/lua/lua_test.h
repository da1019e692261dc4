/* A table of snippets and what each must give, for tests.
 *
 *     static const struct snippet rows[] = {{"return 1", "1"}};
 *     check_snippets(rows, 1);
 */
#pragma once
#include "harness/lua/lua_fixture.h"

struct snippet {
    const char *code, *result; /* result: a trailing '*' stands for any rest */
};

static inline bool text_fits(const char *text, const char *wanted)
{
    size_t len = strlen(wanted);
    if (len > 0 && wanted[len - 1] == '*')
        return strncmp(text, wanted, len - 1) == 0;
    return strcmp(text, wanted) == 0;
}

static inline void check_snippets(const struct snippet *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct lua_fixture *f = lua_fixture_create(NULL);
        const char *result = lua_run(f, rows[i].code);
        if (!text_fits(result, rows[i].result))
            fail_msg("%s\n  gave     %s\n  and not  %s", rows[i].code, result, rows[i].result);
        lua_fixture_destroy(f);
    }
}
