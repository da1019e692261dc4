#include "harness/api/target_view.h"

#include "harness/agent/device.h"
#include "harness/api/keep.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/target/target.h"

static bool is_loopback(const struct addr *addr)
{
    static const uint8_t ip6[16] = {[15] = 1};

    return addr->family == 4 ? addr->ip[0] == 127 : memcmp(addr->ip, ip6, sizeof ip6) == 0;
}

/* What the device can reach: on another host not the loopback that is usual. */
void target_bind(const struct scene *scene, struct party_options *options)
{
    const struct target *target = scene->target;

    if (target == NULL || options->address.family != 0)
        return;
    uint16_t port = options->address.port;
    struct addr addr = target_bind_of(target, options->name);
    if (addr.family == 0 &&
        (is_loopback(&target->addr) || transport_route(&target->addr, &addr) != ERR_OK)) {
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
    struct device_options options = {.target = target,
                                     .name = name,
                                     .uri = target->uri,
                                     .proto = target->proto,
                                     .addr = target->addr};

    for (int proto = PROTO_UDP; target->has_addresses && proto <= PROTO_WSS; proto++) {
        const struct addr *addr = &target->addresses[proto];
        options.binds[options.bind_count++] =
            (struct party_bind){(enum proto)proto, addr->family != 0 ? *addr : target->addr};
    }
    return device_create(scene->agents, &options, out);
}

enum err target_party_add(struct scene *scene)
{
    struct device *device;

    if (scene->target == NULL)
        return ERR_OK;
    return target_device_add(scene, scene->target, V("dut"), &device);
}

/* sip:1001@HOST of the target: its address of record, where the script gives no other. */
static struct view account_uri(lua_State *L, const struct target *target, struct view user)
{
    struct agents *agents = agents_of_lua(L);
    struct sip_uri uri;
    struct buf buf = {0};

    if (sip_uri_parse(target->uri, &agents->arena, &uri) != ERR_OK)
        return (struct view){0};
    uri.user = user;
    sip_uri_write(&buf, &uri);
    return keep_buf(L, &buf);
}

bool target_account_read(const struct opts *opts, struct party_options *party,
                         struct sip_account *out)
{
    lua_State *L = opts->L;
    const struct target *target = scene_of(L)->target;
    struct view name;

    if (!opts_view(opts, "account", &name))
        return false;
    if (opts_has(opts, "auth"))
        scene_misuse(L, "%s has an account and auth: give one of them", opts->whose);
    *out = (struct sip_account){.user = name, .password = name};
    if (target == NULL)
        return true;
    const struct target_account *account = target_account_find(target, name);
    if (account == NULL)
        scene_misuse(L, "the target %.*s has no account '%.*s'", VIEW_ARG(target->name),
                     VIEW_ARG(name));
    *out = (struct sip_account){.user = account->user, .password = account->password};
    if (party->uri.ptr == NULL)
        party->uri = account_uri(L, target, account->user);
    return true;
}
