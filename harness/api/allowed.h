/* What the scenario's option allow = {"dut->>*: OPTIONS", …} lets pass at the end. Its other
 * entries are rules of the monitor.
 *
 *     struct allowed allowed;
 *     allowed_read(&allowed, scene);
 *     if (!allowed_has(&allowed, scene, from, to, msg))
 *         blame();
 */
#pragma once
#include "harness/pattern/pattern.h"
#include "harness/scene/scene.h"

enum { ALLOWED_MAX = 64 };
struct allowed {
    struct arena arena;
    struct pattern_line lines[ALLOWED_MAX];
    size_t count;
};
void allowed_read(struct allowed *allowed, const struct scene *scene);
/* msg NULL: only a line with "*" for its pattern lets it. */
bool allowed_has(const struct allowed *allowed, struct scene *scene, uint32_t from, uint32_t to,
                 struct sip_msg *msg);
void allowed_deinit(struct allowed *allowed);
