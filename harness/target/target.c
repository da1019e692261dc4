#include "harness/target/target.h"
#include "harness/scene/capability.h"

/* Unless the target says otherwise, on a real network: 64*T1 for what comes; for times in a flow
 * the larger of 20 ms and 5 %. */
enum { PATIENCE_US = 32000000, TOLERANCE_US = 20000, TOLERANCE_PPM = 50000 };

static bool list_has(const struct view *items, size_t count, struct view item)
{
    for (size_t i = 0; i < count; i++)
        if (view_equal_nocase(items[i], item))
            return true;
    return false;
}

bool target_supports(const struct target *target, struct view capability)
{
    if (view_starts(capability, V("trigger:")))
        return (target->auto_answer && view_equal(capability, V("trigger:answer"))) ||
               target_action_find(target, view_skip(capability, V("trigger:").len)) != NULL;
    if (capability_calls(capability) > 0)
        return target->limits.calls == 0 || capability_calls(capability) <= target->limits.calls;
    if (view_equal(capability, V("auto_answer")))
        return target->auto_answer;
    return !target->claims || list_has(target->roles, target->role_count, capability) ||
           list_has(target->supports, target->support_count, capability);
}

const struct target_action *target_action_find(const struct target *target, struct view name)
{
    for (size_t i = 0; i < target->action_count; i++)
        if (view_equal(target->actions[i].name, name))
            return &target->actions[i];
    return NULL;
}

const struct target_account *target_account_find(const struct target *target, struct view name)
{
    for (size_t i = 0; i < target->account_count; i++)
        if (view_equal(target->accounts[i].name, name))
            return &target->accounts[i];
    return NULL;
}

struct view target_excludes(const struct target *target, struct view id)
{
    for (size_t i = 0; i < target->exclude_count; i++)
        if (view_equal(target->excludes[i].id, id))
            return target->excludes[i].why;
    return (struct view){0};
}

static void word_add(struct buf *out, struct view word)
{
    if (out->len > 0)
        buf_add_char(out, ' ');
    buf_add(out, word);
}

void target_claims(const struct target *target, struct buf *out)
{
    for (size_t i = 0; i < target->role_count; i++)
        word_add(out, target->roles[i]);
    for (size_t i = 0; i < target->support_count; i++)
        word_add(out, target->supports[i]);
    if (target->auto_answer)
        word_add(out, V("auto_answer"));
}

const struct target *target_named(const struct target *target, struct view name)
{
    for (const struct target *t = target->others; t != NULL; t = t->next)
        if (view_equal(t->name, name))
            return t;
    return NULL;
}

struct addr target_bind_of(const struct target *target, struct view agent)
{
    struct addr addr = {0};

    for (size_t i = 0; i < target->bind_count; i++) {
        if (view_equal(target->binds[i].agent, agent))
            return target->binds[i].addr;
        if (target->binds[i].agent.len == 0)
            addr = target->binds[i].addr;
    }
    return addr;
}

struct scene_clock target_clock(const struct target *target)
{
    struct scene_clock clock = {.real = true,
                                .tolerance_us = TOLERANCE_US,
                                .tolerance_ppm = TOLERANCE_PPM,
                                .patience_us = PATIENCE_US};

    if (target != NULL && target->tolerance_us != 0) {
        clock.tolerance_us = target->tolerance_us;
        clock.tolerance_ppm = 0;
    }
    if (target != NULL && target->patience_us != 0)
        clock.patience_us = target->patience_us;
    return clock;
}

static enum proto uri_proto(const struct sip_uri *uri)
{
    enum proto proto = uri->scheme == SIP_SCHEME_SIPS ? PROTO_TLS : PROTO_UDP, named = proto;
    struct view transport;

    if (sip_param_find(&uri->params, V("transport"), &transport) &&
        proto_parse(transport, &named) == ERR_OK)
        return named;
    return proto;
}

bool target_is_uri(struct view wanted)
{
    return view_starts_nocase(wanted, V("sip:")) || view_starts_nocase(wanted, V("sips:"));
}

static bool is_sip(enum sip_scheme scheme)
{
    return scheme == SIP_SCHEME_SIP || scheme == SIP_SCHEME_SIPS;
}

enum err target_uri_set(struct target *target, struct view text, struct arena *arena,
                        struct buf *complaint)
{
    struct sip_uri uri = {0};
    struct addr addr = {0};

    target->uri = arena_copy(arena, text);
    if (target->uri.ptr == NULL)
        return ERR_MEMORY;
    if (sip_uri_parse(target->uri, arena, &uri) != ERR_OK || !is_sip(uri.scheme)) {
        buf_printf(complaint, "the target '%.*s' is no SIP URI, as in sip:100@127.0.0.1:5070",
                   VIEW_ARG(text));
        return ERR_SYNTAX;
    }
    if (addr_parse(uri.host, &addr) != ERR_OK) {
        buf_printf(complaint, "the target '%.*s': give its IP address in place of '%.*s'",
                   VIEW_ARG(text), VIEW_ARG(uri.host));
        return ERR_SYNTAX;
    }
    target->addr = addr;
    target->addr.port = sip_uri_port(&uri);
    target->proto = uri_proto(&uri);
    return ERR_OK;
}
