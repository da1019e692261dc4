#include "harness/api/dns_api.h"

#include "harness/api/kinds.h"
#include "harness/api/opts.h"
#include "harness/lua/order.h"

enum { TTL_MAX_S = 604800 };

static const char *const name_fields[] = {"a",   "aaaa",  "srv",   "naptr", "cname",
                                          "ttl", "delay", "fails", NULL};
static const char *const force_names[] = {"force", NULL};

struct reading { /* of one name */
    lua_State *L;
    struct zone_name *zone_name;
    struct view name;
    uint32_t ttl_s;
};

static int wrong(const struct reading *r, const char *what)
{
    return scene_misuse(r->L, "\"%.*s\": %s", VIEW_ARG(r->name), what);
}

static void add(const struct reading *r, struct dns_record record)
{
    record.ttl_s = r->ttl_s;
    enum err err = zone_record_add(r->zone_name, &record);
    if (err == ERR_LIMIT)
        wrong(r, "has more records than an answer can carry (128)");
    else if (err != ERR_OK)
        luaL_error(r->L, "not enough memory");
}

/* ---- addresses ---- */

/* An agent, a wire, a device, or an address as text, on top of the stack. */
static struct addr address_at(const struct reading *r, uint8_t family)
{
    struct party *party = party_test(r->L, -1);
    struct addr addr = {0};
    bool v4 = family == 4;

    if (party != NULL)
        addr = party->local;
    else if (lua_type(r->L, -1) != LUA_TSTRING ||
             addr_ip_parse(view_of(lua_tostring(r->L, -1)), &addr) != ERR_OK)
        wrong(r, v4 ? "a = wants an agent or an address, \"192.0.2.1\""
                    : "aaaa = wants an agent or an address, \"2001:db8::1\"");
    if (addr.family != family)
        wrong(r, v4 ? "that is an IPv6 address: write aaaa = instead of a ="
                    : "that is an IPv4 address: write a = instead of aaaa =");
    return addr;
}

static void address_add(const struct reading *r, uint8_t family)
{
    struct addr addr = address_at(r, family);
    struct dns_record record = {.type = family == 4 ? DNS_A : DNS_AAAA};
    memcpy(record.ip, addr.ip, family == 4 ? 4 : sizeof record.ip);
    add(r, record);
}

/* One, or a list; the value is on top of the stack. */
static void addresses_read(const struct reading *r, uint8_t family)
{
    if (lua_type(r->L, -1) != LUA_TTABLE) {
        address_add(r, family);
        return;
    }
    for (lua_Integer i = 1; lua_geti(r->L, -1, i) != LUA_TNIL; i++) {
        address_add(r, family);
        lua_pop(r->L, 1);
    }
    lua_pop(r->L, 1);
}

/* ---- rows of numbers and names ---- */

static uint16_t number_at(const struct reading *r, int field, const char *shape)
{
    lua_geti(r->L, -1, field);
    if (!lua_isinteger(r->L, -1) || lua_tointeger(r->L, -1) < 0 ||
        lua_tointeger(r->L, -1) > UINT16_MAX)
        wrong(r, shape);
    uint16_t number = (uint16_t)lua_tointeger(r->L, -1);
    lua_pop(r->L, 1);
    return number;
}

/* Borrowed from the script's table. */
static struct view text_at(const struct reading *r, int field, const char *shape)
{
    struct view text;
    if (lua_geti(r->L, -1, field) != LUA_TSTRING)
        wrong(r, shape);
    text.ptr = lua_tolstring(r->L, -1, &text.len);
    lua_pop(r->L, 1);
    return text;
}

/* Where a party listens for what the service's name says: _sip._udp, _sip._tcp, _sips._tcp. */
static bool port_of(const struct reading *r, const struct party *party, uint16_t *out)
{
    enum proto proto = view_starts_nocase(r->name, V("_sips._tcp."))  ? PROTO_TLS
                       : view_starts_nocase(r->name, V("_sip._tcp.")) ? PROTO_TCP
                       : view_starts_nocase(r->name, V("_sip._udp.")) ? PROTO_UDP
                                                                      : party->proto;
    const struct party_bind *bind = party_bind_of(party, proto);
    if (bind != NULL)
        *out = bind->local.port;
    return bind != NULL;
}

/* A number, or who listens there. */
static uint16_t port_at(const struct reading *r, int field, const char *shape)
{
    uint16_t port = 0;
    lua_geti(r->L, -1, field);
    const struct party *party = party_test(r->L, -1);
    lua_pop(r->L, 1);
    if (party == NULL)
        return number_at(r, field, shape);
    if (!port_of(r, party, &port))
        scene_misuse(r->L, "\"%.*s\": %.*s does not listen for that transport", VIEW_ARG(r->name),
                     VIEW_ARG(party->name));
    return port;
}

static void srv_row(const struct reading *r)
{
    static const char shape[] = "srv = wants rows { priority, weight, port (or who has it), "
                                "\"target\" }, {{ 10, 1, 5060, \"a.example.com\" }}";
    if (lua_type(r->L, -1) != LUA_TTABLE || lua_rawlen(r->L, -1) != 4)
        wrong(r, shape);
    struct dns_record record = {.type = DNS_SRV};
    record.a = number_at(r, 1, shape);
    record.b = number_at(r, 2, shape);
    record.port = port_at(r, 3, shape);
    record.name = text_at(r, 4, shape);
    add(r, record);
}

static void naptr_row(const struct reading *r)
{
    static const char shape[] =
        "naptr = wants rows { order, preference, \"flags\", \"service\", \"regexp\", "
        "\"replacement\" "
        "}, {{ 50, 50, \"s\", \"SIP+D2T\", \"\", \"_sip._tcp.example.com\" }}";
    if (lua_type(r->L, -1) != LUA_TTABLE || lua_rawlen(r->L, -1) != 6)
        wrong(r, shape);
    struct dns_record record = {.type = DNS_NAPTR};
    record.a = number_at(r, 1, shape);
    record.b = number_at(r, 2, shape);
    record.flags = text_at(r, 3, shape);
    record.service = text_at(r, 4, shape);
    record.regexp = text_at(r, 5, shape);
    record.name = text_at(r, 6, shape);
    add(r, record);
}

static void rows_read(const struct reading *r, void (*row)(const struct reading *))
{
    if (lua_type(r->L, -1) != LUA_TTABLE || lua_rawlen(r->L, -1) == 0) {
        lua_newtable(r->L); /* which has the wrong shape, and says so */
        row(r);
    }
    bool one = lua_geti(r->L, -1, 1) != LUA_TTABLE;
    lua_pop(r->L, 1);
    if (one) {
        row(r);
        return;
    }
    for (lua_Integer i = 1; lua_geti(r->L, -1, i) != LUA_TNIL; i++) {
        row(r);
        lua_pop(r->L, 1);
    }
    lua_pop(r->L, 1);
}

/* ---- a name ---- */

static void fails_read(const struct reading *r, const struct opts *opts)
{
    struct view how;
    if (!opts_view(opts, "fails", &how))
        return;
    if (view_equal(how, V("SERVFAIL")))
        r->zone_name->rcode = DNS_SERVFAIL;
    else if (view_equal(how, V("REFUSED")))
        r->zone_name->rcode = DNS_REFUSED;
    else if (view_equal(how, V("NXDOMAIN")))
        r->zone_name->rcode = DNS_NXDOMAIN;
    else if (view_equal(how, V("timeout")))
        r->zone_name->silent = true;
    else
        wrong(r, "fails = is \"SERVFAIL\", \"REFUSED\", \"NXDOMAIN\" or \"timeout\"");
}

static void records_read(const struct reading *r, const struct opts *opts)
{
    struct view cname;
    if (opts_push(opts, "a"))
        addresses_read(r, 4);
    if (opts_push(opts, "aaaa"))
        addresses_read(r, 6);
    if (opts_push(opts, "srv"))
        rows_read(r, srv_row);
    if (opts_push(opts, "naptr"))
        rows_read(r, naptr_row);
    if (opts_view(opts, "cname", &cname))
        add(r, (struct dns_record){.type = DNS_CNAME, .name = cname});
}

static void name_read(lua_State *L, struct zone *zone, struct view name)
{
    struct reading r = {.L = L, .name = name};
    uint64_t ttl_us;
    if (lua_type(L, -1) == LUA_TBOOLEAN && !lua_toboolean(L, -1)) {
        zone_name_remove(zone, name);
        return;
    }
    if (lua_type(L, -1) != LUA_TTABLE)
        wrong(&r, "a name wants a table of its records, { a = bob }, or false to take it away");
    struct opts opts = opts_open(L, lua_gettop(L), "a name of t.net:dns", name_fields, NULL);
    enum err err = zone_name_add(zone, name, &r.zone_name);
    if (err == ERR_SYNTAX)
        wrong(&r, "is no name");
    else if (err != ERR_OK)
        luaL_error(L, "not enough memory");
    if (opts_duration(&opts, "ttl", &ttl_us))
        r.ttl_s = ttl_us < TTL_MAX_S * US_PER_S ? (uint32_t)(ttl_us / US_PER_S) : TTL_MAX_S;
    opts_duration(&opts, "delay", &r.zone_name->delay_us);
    fails_read(&r, &opts);
    records_read(&r, &opts);
}

/* ---- what makes no sense ---- */

static bool has_type(const struct zone_name *name, uint16_t type)
{
    for (size_t i = 0; i < name->record_count; i++)
        if (name->records[i].type == type)
            return true;
    return false;
}

static bool leads_on(const struct dns_record *record)
{
    bool named = record->type == DNS_SRV || record->type == DNS_NAPTR || record->type == DNS_CNAME;
    return named && record->name.len > 0 && !view_equal(record->name, V("."));
}

static void target_check(lua_State *L, const struct zone *zone, const struct zone_name *name,
                         const struct dns_record *record)
{
    const struct zone_name *target = zone_find(zone, record->name);
    if (target == NULL)
        scene_misuse(L,
                     "\"%.*s\" leads to \"%.*s\", which is not there: add [\"%.*s\"] = { … }, or "
                     "say { force = true } if that is meant",
                     VIEW_ARG(name->name), VIEW_ARG(record->name), VIEW_ARG(record->name));
    else if (record->type == DNS_SRV && has_type(target, DNS_CNAME)) /* RFC 2782 */
        scene_misuse(
            L,
            "the SRV record of \"%.*s\" leads to \"%.*s\", which is an alias (cname): name "
            "the host itself, or say { force = true } if that is meant",
            VIEW_ARG(name->name), VIEW_ARG(record->name));
    else if (target == name && record->type == DNS_CNAME)
        scene_misuse(L, "\"%.*s\" is an alias of itself: say { force = true } if that is meant",
                     VIEW_ARG(name->name));
}

static void name_check(lua_State *L, const struct zone *zone, const struct zone_name *name)
{
    bool service = name->name.ptr[0] == '_';
    if (has_type(name, DNS_CNAME) && name->record_count > 1) /* RFC 1034 §3.6.2 */
        scene_misuse(L,
                     "\"%.*s\" has a cname and other records: an alias has nothing else; say "
                     "{ force = true } if that is meant",
                     VIEW_ARG(name->name));
    if (has_type(name, DNS_SRV) && !service)
        scene_misuse(L,
                     "SRV records belong to a service, [\"_sip._udp.%.*s\"], not to \"%.*s\"; say "
                     "{ force = true } if that is meant",
                     VIEW_ARG(name->name), VIEW_ARG(name->name));
    for (size_t i = 0; i < name->record_count; i++)
        if (leads_on(&name->records[i]))
            target_check(L, zone, name, &name->records[i]);
}

static void zone_check(lua_State *L, const struct zone *zone)
{
    const struct zone_name *name = NULL;
    while ((name = zone_next(zone, name)) != NULL)
        name_check(L, zone, name);
}

/* dns(zone, opts): names are added to those that are there, or take their place. In the order of
 * their names, so that the first wrong one is the same each time. */
int net_dns(lua_State *L)
{
    struct zone *zone = world_zone(scene_of(L)->world);

    lua_settop(L, 3);
    struct opts opts = opts_open(L, 3, "dns", force_names, NULL);
    if (lua_type(L, 2) != LUA_TTABLE)
        return scene_misuse(L, "dns wants a table of names, { [\"example.com\"] = { a = bob } }");
    lua_Integer count = order_keys(L, 2);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_geti(L, 4, i) != LUA_TSTRING)
            return scene_misuse(L, "a name of t.net:dns is text, [\"example.com\"], not %s",
                                handle_type_text(L, -1));
        lua_pushvalue(L, -1);
        lua_gettable(L, 2); /* keys, name, records */
        name_read(L, zone, view_of(lua_tostring(L, 5)));
        lua_settop(L, 4);
    }
    if (!opts_true(&opts, "force"))
        zone_check(L, zone);
    return 0;
}
