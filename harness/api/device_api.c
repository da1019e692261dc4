/* t.dut and t:device(name): the device under test, and others. */
#include "harness/agent/builtin.h"
#include "harness/api/agent_api.h"
#include "harness/api/aim.h"
#include "harness/api/kinds.h"
#include "harness/api/mutant_api.h"
#include "harness/api/opts.h"
#include "harness/api/target_view.h"
#include "harness/api/test_api.h"
#include "harness/api/trigger.h"
#include "harness/target/target.h"
#include "harness/scene/capability.h"
#include "harness/scene/run.h"

#include <stdio.h>

/* t.dut:at(user): its URI with another user. */
static int device_at(lua_State *L)
{
    struct device *device = handle_check(L, 1, &device_kind);
    struct view user = arg_view(L, 2, "a user");
    struct arena arena = {0};
    struct buf buf = {0};
    struct sip_uri uri;
    enum err err = sip_uri_parse(device->party.uri, &arena, &uri);

    uri.user = user;
    if (err == ERR_OK)
        sip_uri_write(&buf, &uri);
    if (err == ERR_OK && (err = buf.failed) == ERR_OK)
        view_push(L, buf_view(&buf));
    buf_deinit(&buf);
    arena_deinit(&arena);
    return err == ERR_OK ? 1 : luaL_error(L, "the target's URI: %s", err_text(err));
}

/* t.dut:supports(capability): what `needs` knows, its triggers as "trigger:hold". */
static int device_supports(lua_State *L)
{
    const struct device *device = handle_check(L, 1, &device_kind);
    struct view capability = arg_view(L, 2, "a capability");

    if (!capability_known(capability)) {
        const char *near = capability_near(lua_tostring(L, 2));
        return scene_misuse(L, "there is no capability '%.*s'%s%s%s", VIEW_ARG(capability),
                            near == NULL ? "" : "; did you mean '", near == NULL ? "" : near,
                            near == NULL ? "" : "'?");
    }
    lua_pushboolean(L, device->agent != NULL ? builtin_supports(capability)
                                             : target_supports(device->target, capability));
    return 1;
}

static int device_field(lua_State *L, void *record, const char *name)
{
    return party_field(L, &((struct device *)record)->party, name);
}

static const luaL_Reg methods[] = {
    {"at",       device_at      },
    {"supports", device_supports},
    {"trigger",  device_trigger },
    {NULL,       NULL           }
};
static const char *const fields[] = {"name", "uri", "address", "transport", NULL};
const struct handle_kind device_kind = {
    .name = "device", .methods = methods, .field = device_field, .fields = fields};

/* What the scenario needs of a device, our own one may lack. */
static void needs_check(lua_State *L, const struct scene *scene)
{
    for (size_t i = 0; scene->info != NULL && i < scene->info->needs.count; i++) {
        struct view need = scene->info->needs.items[i];
        if (builtin_supports(need))
            continue;
        scene_skip(L,
                   "it needs '%.*s', which the device that sipwright plays has not: run with "
                   "--target",
                   VIEW_ARG(need));
    }
}

static struct device *builtin_get(lua_State *L, struct scene *scene, struct view name)
{
    struct device *device = device_named(scene->agents, name);

    if (device != NULL)
        return device;
    needs_check(L, scene);
    struct builtin_options options = {.name = name, .agent = {.again = BUILTIN_AGAIN}};
    struct view codecs[AGENT_CODECS_MAX];
    bool under_test = view_equal(name, V("dut"));
    if (scene->info != NULL) {
        options.needs = scene->info->needs.items;
        options.need_count = scene->info->needs.count;
    }
    if (under_test)
        mutant_options_read(L, &options.agent, codecs);
    enum err err = builtin_create(scene->agents, &options, &device);
    if (err != ERR_OK)
        scene_refused(L, "%.*s cannot be set up: %s", VIEW_ARG(name), err_text(err));
    if (under_test)
        mutant_hooks_set(L, device->agent);
    return device;
}

static int device_push(lua_State *L, struct scene *scene, const struct device *device)
{
    scene->device_used = true;
    handle_push(L, &device_kind, device->party.handle);
    return 1;
}

/* On a real network sipwright plays no device: green would be taken for the device's. */
static int absent(lua_State *L)
{
    return scene_skip(L, "there is no device under test: run with --target sip:USER@ADDRESS");
}

int t_dut_push(lua_State *L, struct scene *scene)
{
    if (scene->target != NULL)
        return device_push(L, scene, device_named(scene->agents, V("dut")));
    if (scene->clock.real)
        return absent(L);
    return device_push(L, scene, builtin_get(L, scene, V("dut")));
}

/* Another target of the file, as a party of its name. */
static struct device *target_get(lua_State *L, struct scene *scene, struct view name)
{
    struct device *device = device_named(scene->agents, name);
    const struct target *target = target_named(scene->target, name);

    if (device != NULL)
        return device;
    if (target == NULL)
        scene_misuse(L, "sipwright.lua has no target '%.*s'", VIEW_ARG(name));
    enum err err = target_device_add(scene, target, name, &device);
    if (err != ERR_OK)
        scene_refused(L, "%.*s cannot be set up: %s", VIEW_ARG(name), err_text(err));
    return device;
}

static void name_check(lua_State *L, const struct scene *scene, struct view name)
{
    const char *wrong = party_name_wrong(scene->agents, name);

    if (wrong != NULL && device_named(scene->agents, name) == NULL)
        scene_misuse(L, "the name \"%.*s\" cannot be: %s", VIEW_ARG(name), wrong);
}

int t_device(lua_State *L)
{
    struct scene *scene = scene_of(L);

    lua_settop(L, 2);
    struct view name = arg_view(L, 2, "a device's name");
    name_check(L, scene, name);
    if (scene->target != NULL)
        return device_push(L, scene, target_get(L, scene, name));
    if (scene->clock.real)
        return absent(L);
    return device_push(L, scene, builtin_get(L, scene, name));
}
