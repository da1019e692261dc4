#include "harness/target/target_keys.h"
#include "harness/catalogue/requirement.h"
#include "harness/lua/handle.h"
#include "harness/scene/capability.h"

#include <lauxlib.h>
#include <string.h>

void key_roles(lua_State *L, struct reading *r, int value)
{
    static const char *const roles[] = {"uas", "uac", "registrar", "proxy", "redirect", NULL};

    reading_list(L, r, "roles", value, &r->into->roles, &r->into->role_count);
    r->into->claims = true;
    for (size_t i = 0; i < r->into->role_count; i++) {
        const char *role = r->into->roles[i].ptr;
        size_t known = 0;
        while (roles[known] != NULL && strcmp(roles[known], role) != 0)
            known++;
        const char *near = roles[known] == NULL ? suggest(role, roles) : NULL;
        if (roles[known] == NULL)
            luaL_error(L, "targets.%s.roles: unknown role '%s'; %s%s%s", r->target, role,
                       near != NULL ? "did you mean '" : "there are uas, uac, registrar, proxy",
                       near != NULL ? near : "", near != NULL ? "'?" : " and redirect");
    }
}

void key_supports(lua_State *L, struct reading *r, int value)
{
    reading_list(L, r, "supports", value, &r->into->supports, &r->into->support_count);
    r->into->claims = true;
    for (size_t i = 0; i < r->into->support_count; i++) {
        const char *name = r->into->supports[i].ptr;
        const char *near = capability_known(r->into->supports[i]) ? NULL : capability_near(name);
        if (near != NULL)
            luaL_error(L, "targets.%s.supports: unknown capability '%s'; did you mean '%s'?",
                       r->target, name, near);
    }
}

void key_auto_answer(lua_State *L, struct reading *r, int value)
{
    r->into->auto_answer = reading_bool(L, r, "auto_answer", value);
}

/* { "REGISTER", "SUBSCRIBE" } */
void key_background(lua_State *L, struct reading *r, int value)
{
    struct target *target = r->into;

    reading_list(L, r, "background", value, &target->background, &target->background_count);
    for (size_t i = 0; i < target->background_count; i++) {
        enum sip_method method = sip_method_find(target->background[i]);
        if (method == SIP_INVITE || method == SIP_ACK || method == SIP_BYE ||
            method == SIP_CANCEL || method == SIP_PRACK)
            luaL_error(L, "targets.%s.background: %s is what calls are made of: it is judged",
                       r->target, target->background[i].ptr);
    }
}

/* One that the catalogue has. */
static struct view requirement_id(lua_State *L, struct reading *r, int index)
{
    struct view id = reading_copy(L, r, index);

    if (requirement_find(id) != NULL)
        return id;
    const char *near = requirement_near(id.ptr);
    luaL_error(L, "targets.%s.exclude: the catalogue has no '%s'%s%s%s", r->target, id.ptr,
               near != NULL ? "; did you mean '" : ", whose ids look like UAS-005",
               near != NULL ? near : "", near != NULL ? "'?" : "");
    return id;
}

/* { ["UAS-005"] = "no Require handling, ticket 17" } */
void key_exclude(lua_State *L, struct reading *r, int value)
{
    struct target_exclude *excludes = reading_named(L, r, "exclude", value, sizeof *excludes);
    size_t count = 0;

    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        reading_want_text(L, r, "exclude", -1);
        if (lua_rawlen(L, -1) == 0)
            luaL_error(L, "targets.%s.exclude: say why: { [\"UAS-005\"] = \"ticket 17\" }",
                       r->target);
        excludes[count].id = requirement_id(L, r, -2);
        excludes[count++].why = reading_copy(L, r, -1);
    }
    r->into->excludes = excludes;
    r->into->exclude_count = count;
}

static struct target_known known_read(lua_State *L, struct reading *r, int value)
{
    reading_want_text(L, r, "known_failures", value);
    return (struct target_known){reading_file(L, r, value), reading_copy(L, r, value)};
}

/* "device.known", or { "device.known", tcp = "device.tcp.known" } */
void key_known_failures(lua_State *L, struct reading *r, int value)
{
    struct target *target = r->into;

    if (lua_type(L, value) != LUA_TTABLE) {
        target->known = known_read(L, r, value);
        return;
    }
    for (lua_pushnil(L); lua_next(L, value) != 0; lua_pop(L, 1)) {
        bool first = lua_type(L, -2) == LUA_TNUMBER;
        struct target_known known = known_read(L, r, lua_gettop(L));
        if (first)
            target->known = known;
        else
            target->known_by[reading_transport(L, r, "known_failures", -2)] = known;
    }
}
