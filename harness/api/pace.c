#include "harness/api/pace.h"

#include "harness/agent/device.h"
#include "harness/host/clock.h"
#include "harness/target/target.h"

static const struct target *target_of(const struct scene *scene, uint32_t to)
{
    const struct party *party = agents_party(scene->agents, to);

    return party == NULL || party->kind != PARTY_DEVICE ? NULL
                                                        : ((const struct device *)party)->target;
}

static void told(struct scene *scene, const struct target *target, const struct sip_msg *msg,
                 uint64_t delay_us)
{
    struct trace_event event = {.time_us = scene_now(scene), .kind = TRACE_LOG};
    struct buf text = {0};

    buf_printf(&text, "rate_limit of %.*s: %.*s waits %.3g ms", VIEW_ARG(target->name),
               VIEW_ARG(sip_msg_method_name(msg)), (double)delay_us / 1000);
    event.u.note.name = V("rate_limit");
    event.u.note.text = buf_view(&text);
    trace_append(scene->trace, &event);
    buf_deinit(&text);
}

struct fate pace_judge(struct scene *scene, uint32_t from, uint32_t to, const struct sip_msg *msg)
{
    const struct target *target = target_of(scene, to);

    if (target == NULL || target->pace == NULL || msg == NULL || !sip_msg_is_request(msg) ||
        sip_msg_method(msg) == SIP_ACK || target_of(scene, from) != NULL)
        return (struct fate){0};
    uint64_t now_us = clock_wall_us();
    uint64_t at_us = target->pace->next_us > now_us ? target->pace->next_us : now_us;
    target->pace->next_us = at_us + US_PER_S / target->rate_limit;
    if (at_us == now_us)
        return (struct fate){0};
    told(scene, target, msg, at_us - now_us);
    return (struct fate){.delay_us = at_us - now_us, .why = V("rate_limit")};
}
