/* t.dut: the device under test. */
#include "harness/api/agent_api.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/api/target_view.h"
#include "harness/api/test_api.h"

#include <stdio.h>
#include <string.h>

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

static int device_field(lua_State *L, void *record, const char *name)
{
    return party_field(L, &((struct device *)record)->party, name);
}

static const luaL_Reg methods[] = {
    {"at", device_at},
    {NULL, NULL     }
};
static const char *const fields[] = {"name", "uri", "address", NULL};
const struct handle_kind device_kind = {
    .name = "device", .methods = methods, .field = device_field, .fields = fields};

int t_dut_push(lua_State *L, struct scene *scene)
{
    struct party *party = agents_named(scene->agents, V("dut"));

    if (party == NULL)
        return scene_refused(L,
                             "there is no device under test: run with --target sip:USER@ADDRESS");
    scene->device_used = true;
    return party_push(L, party);
}
