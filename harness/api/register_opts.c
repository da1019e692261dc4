#include "harness/api/register_opts.h"

#include <stdio.h>
#include <string.h>

enum { EXPIRES_USUAL_S = 3600 };

/* "instance", else of its own making where it needs one: RFC 5626 §4.1, the same after a restart.
 * Absent: none. A string that stays on the stack. */
static struct view instance_of(lua_State *L, const struct opts *opts, const struct agent *agent)
{
    struct view instance;
    char room[64];

    if (opts_view(opts, "instance", &instance) && view_starts(instance, V("<")))
        scene_misuse(L, "option 'instance' of register stands without brackets: \"urn:uuid:…\"");
    if (opts_view(opts, "instance", &instance) || !opts_has(opts, "gruu"))
        return opts_has(opts, "instance") ? instance : (struct view){0};
    struct rng ids = rng_stream(agent->party.agents->scene->rng, V("instance"));
    uint64_t high = rng_at(ids, agent->party.name, 0), low = rng_at(ids, agent->party.name, 1);
    snprintf(room, sizeof room, "urn:uuid:%08x-%04x-4%03x-%04x-%012llx", (unsigned)(high >> 32),
             (unsigned)(high >> 16 & 0xffff), (unsigned)(high & 0xfff),
             (unsigned)(0x8000 | (low >> 48 & 0x3fff)), (unsigned long long)(low & 0xffffffffffff));
    lua_pushstring(L, room);
    instance.ptr = lua_tolstring(L, -1, &instance.len);
    return instance;
}

/* gruu = true, "public", "temporary": what is asked for, and used as Contact from then on. */
static enum sip_gruu gruu_read(lua_State *L, const struct opts *opts)
{
    struct view text = V("public");
    bool on = true;

    if (!opts_push(opts, "gruu"))
        return SIP_GRUU_NONE;
    if (lua_isboolean(L, -1))
        on = lua_toboolean(L, -1);
    else if (lua_isstring(L, -1))
        text.ptr = lua_tolstring(L, -1, &text.len);
    else
        text = V("");
    lua_pop(L, 1);
    if (!view_equal(text, V("public")) && !view_equal(text, V("temporary")))
        scene_misuse(L, "option 'gruu' of register is true, \"public\" or \"temporary\" "
                        "(RFC 5627)");
    return !on                                ? SIP_GRUU_NONE
           : view_equal(text, V("temporary")) ? SIP_GRUU_TEMPORARY
                                              : SIP_GRUU_PUBLIC;
}

/* "0.5", or a number from 0 to 1; a string is sent as it is. It stays on the stack. Absent: none.
 */
static struct view q_of(lua_State *L, const struct opts *opts)
{
    struct view text = {0};

    if (!opts_push(opts, "q"))
        return text;
    bool number =
        lua_type(L, -1) == LUA_TNUMBER && lua_tonumber(L, -1) >= 0 && lua_tonumber(L, -1) <= 1;
    if (!number && lua_type(L, -1) != LUA_TSTRING)
        opts_wrong(opts, "q", "a number from 0 to 1, or a string, which is sent as it is");
    text.ptr = lua_tolstring(L, -1, &text.len);
    return text;
}

/* What would be passed over in silence: who says it means something by it. */
static void contacts_check(lua_State *L, const struct opts *opts)
{
    static const char *const of_ours[] = {"q", "instance", "reg_id"};
    const char *given = opts_has(opts, "contacts")  ? "contacts"
                        : opts_has(opts, "contact") ? "contact"
                        : opts_true(opts, "fetch")  ? "fetch"
                                                    : NULL;

    if (given == NULL)
        return;
    if (given[0] == 'c' && opts_true(opts, "fetch"))
        scene_misuse(L, "fetch = true is a REGISTER without any Contact: leave '%s' away", given);
    if (strcmp(given, "contacts") == 0 && opts_has(opts, "contact"))
        scene_misuse(L, "give 'contact' or 'contacts', not both");
    for (size_t i = 0; i < sizeof of_ours / sizeof *of_ours; i++)
        if (opts_has(opts, of_ours[i]))
            scene_misuse(L, "option '%s' is of our own Contact, which '%s' leaves out%s",
                         of_ours[i], given,
                         given[0] == 'c' ? ": write it into the value, \"<sip:…>;q=0.5\"" : "");
}

/* What the options say of our one Contact: q, instance, reg_id. A string that stays on the stack;
 * absent: nothing. */
static struct view own_contact(lua_State *L, const struct opts *opts, const struct agent *agent)
{
    struct view instance = instance_of(L, opts, agent), text;
    struct buf buf = {0};
    uint64_t reg_id;

    if (opts_has(opts, "reg_id") && instance.ptr == NULL)
        scene_misuse(L, "reg_id wants an instance: { instance = \"urn:uuid:…\", reg_id = 1 } "
                        "(RFC 5626 §4.2)");
    if (!opts_has(opts, "q") && instance.ptr == NULL)
        return (struct view){0};
    struct view q = q_of(L, opts);
    bool flow = opts_uint(opts, "reg_id", INT32_MAX, &reg_id);
    buf_printf(&buf, "<sip:%.*s@", VIEW_ARG(agent->party.name));
    addr_write(&buf, &agent->party.local);
    if (agent->party.proto != PROTO_UDP)
        buf_printf(&buf, ";transport=%s", proto_text(agent->party.proto));
    buf_add_char(&buf, '>');
    if (q.ptr != NULL)
        buf_printf(&buf, ";q=%.*s", VIEW_ARG(q));
    if (instance.ptr != NULL)
        buf_printf(&buf, ";+sip.instance=\"<%.*s>\"", VIEW_ARG(instance));
    if (flow)
        buf_printf(&buf, ";reg-id=%u", (unsigned)reg_id);
    lua_pushlstring(L, buf.failed == ERR_OK ? buf.ptr : "", buf.failed == ERR_OK ? buf.len : 0);
    enum err err = buf.failed;
    buf_deinit(&buf);
    if (err != ERR_OK)
        luaL_error(L, "not enough memory");
    text.ptr = lua_tolstring(L, -1, &text.len);
    return text;
}

static void contacts_read(lua_State *L, const struct opts *opts, struct agent *agent,
                          struct view *room, struct sip_register_options *out)
{
    struct view one = out->request.contact;

    contacts_check(L, opts);
    out->request.contact = (struct view){0};
    if (opts_push(opts, "contacts")) {
        int list = lua_gettop(L);
        size_t count = list_count(L, list, "option 'contacts'");
        if (count > REGISTER_CONTACTS_MAX)
            scene_misuse(L, "a REGISTER has %d contacts at most", REGISTER_CONTACTS_MAX);
        for (size_t i = 0; i < count; i++)
            room[i] = list_item(L, list, i + 1, "option 'contacts'");
        out->contacts = room;
        out->contact_count = count;
        return; /* the list stays on the stack, and its strings with it */
    }
    if (one.ptr == NULL)
        one = own_contact(L, opts, agent);
    if (opts_true(opts, "fetch")) {
        out->contacts = room;
    } else if (one.ptr != NULL) {
        room[0] = one;
        out->contacts = room;
        out->contact_count = 1;
    }
}

static void times_read(const struct opts *opts, struct sip_register_options *out)
{
    bool on;

    out->expires_s = EXPIRES_USUAL_S;
    opts_seconds(opts, "expires", &out->expires_s);
    if (opts_bool(opts, "refresh", &on))
        out->no_refresh = !on;
    out->request.again |= SIP_AGAIN_EXPIRES;
    if (opts_bool(opts, "retry", &on) && !on)
        out->request.again &= ~(uint32_t)SIP_AGAIN_EXPIRES;
}

void register_opts_read(const struct opts *opts, struct agent *agent, struct view *room,
                        struct sip_register_options *out)
{
    times_read(opts, out);
    out->gruu = gruu_read(opts->L, opts);
    contacts_read(opts->L, opts, agent, room, out);
}
