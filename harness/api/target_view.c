#include "harness/api/target_view.h"

#include "harness/agent/device.h"
#include "harness/run/target.h"

void target_bind(const struct scene *scene, struct party_options *options)
{
    const struct target *target = scene->target;

    if (target == NULL || options->address.family != 0)
        return;
    uint16_t port = options->address.port;
    struct addr addr = target_bind_of(target, options->name);
    if (addr.family == 0) {
        options->ipv6 = options->ipv6 || target->addr.family == 6;
        return;
    }
    if (port != 0)
        addr.port = port;
    options->address = addr;
}

enum err target_device_add(struct scene *scene, const struct target *target, struct view name,
                           struct device **out)
{
    return device_create(
        scene->agents,
        &(struct device_options){
            .target = target, .name = name, .uri = target->uri, .addr = target->addr},
        out);
}

enum err target_party_add(struct scene *scene)
{
    struct device *device;

    if (scene->target == NULL)
        return ERR_OK;
    return target_device_add(scene, scene->target, V("dut"), &device);
}
