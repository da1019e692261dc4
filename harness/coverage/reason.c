#include "harness/coverage/reason.h"

const struct coverage_reason *coverage_reason_find(struct view id)
{
    for (size_t i = 0; i < coverage_reason_count; i++)
        if (view_equal(coverage_reasons[i].id, id))
            return &coverage_reasons[i];
    return NULL;
}
