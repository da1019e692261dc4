/* What reports draw as Mermaid is a flow: it can be pasted back into a scenario. */
#include "harness/flow/flow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void file_parses(const char *path)
{
    char text[8192];
    struct arena arena = {0};
    struct flow *flow = NULL;
    struct flow_error error = {0};
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    size_t len = fread(text, 1, sizeof text, file);
    assert_true(len > 0 && len < sizeof text);
    fclose(file);
    if (flow_parse((struct view){text, len}, &arena, &flow, &error) != ERR_OK)
        fail_msg("%s:%u: %s", path, (unsigned)error.line, error.sentence);
    arena_deinit(&arena);
}

static void diagrams_of_reports_are_flows(void **state)
{
    static const char *const names[] = {"busy", "call", "copies", "crossed", "device", "hostile"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[100];
        snprintf(path, sizeof path, "reports/golden/%s.mermaid", names[i]);
        file_parses(path);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(diagrams_of_reports_are_flows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
