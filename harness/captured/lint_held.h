/* Findings that wait for their call: by Call-ID, in the order in which they were found.
 *
 *     enum err err = lint_held_add(&held, &finding);
 *     struct lint_group *group = lint_held_take(&held, call_id);
 *     lint_group_destroy(group);
 */
#pragma once
#include "harness/captured/lint_finding.h"

enum { LINT_TOLD_MOST = 100 }; /* findings that are told of one call; the others are counted */

struct lint_group { /* of one Call-ID */
    struct lint_finding *items;
    uint32_t count, size;
    uint32_t must, should; /* of all, told or not */
    struct view call_id;
};

struct lint_held { /* zeroed: none */
    struct lint_slot *slots;
};

enum err lint_held_add(struct lint_held *held, const struct lint_finding *finding) NODISCARD;
/* The caller's now; NULL: there are none about it. */
struct lint_group *lint_held_take(struct lint_held *held, struct view call_id);
struct lint_group *lint_held_any(struct lint_held *held); /* the oldest one */
void lint_group_destroy(struct lint_group *group);        /* NULL is fine */
