/* A device under test that was not used, or that never spoke: then there is no verdict on it. */
#include "harness/target/target.h"
#include "harness/scene/stage.h"

static void reason_set(struct stage *stage, const char *format, const struct target *target)
{
    struct buf *reason = &stage->suite->reason, text = {0};

    buf_printf(&text, format, VIEW_ARG(target->uri));
    if (reason->len > 0)
        buf_printf(&text, ": %.*s", VIEW_ARG(buf_view(reason)));
    buf_clear(reason);
    buf_add(reason, buf_view(&text));
    buf_deinit(&text);
}

void stage_judge_silence(struct stage *stage, struct scene_result *out)
{
    const struct target *target = stage->scene.target;

    if (target == NULL || out->verdict == VERDICT_ERROR || out->verdict == VERDICT_SKIP ||
        stage->scene.device_heard)
        return;
    if (!stage->scene.device_used) {
        buf_clear(&stage->suite->reason);
        buf_clear(&stage->suite->detail);
        buf_add(&stage->suite->reason, V("it does not use the device under test (t.dut)"));
        out->verdict = VERDICT_SKIP;
        return;
    }
    reason_set(stage, "nothing came from the device, %.*s", target);
    out->verdict = VERDICT_INCONCLUSIVE;
    out->environment = true;
}
