/* Any text as a pattern, and then as a flow: an answer, with a sentence where it is wrong. */
#include "harness/flow/flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct view text = {(const char *)data, len};
    struct arena arena = {.limit = 16u << 20};
    struct pattern *pattern;
    struct pattern_error pattern_error = {0};
    struct flow *flow;
    struct flow_error flow_error = {0};
    if (pattern_parse(text, &arena, &pattern, &pattern_error) == ERR_SYNTAX)
        ASSERT(pattern_error.sentence[0] != '\0');
    if (flow_parse(text, &arena, &flow, &flow_error) == ERR_SYNTAX)
        ASSERT(flow_error.sentence[0] != '\0');
    arena_deinit(&arena);
    return 0;
}
