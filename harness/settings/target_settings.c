#include "harness/settings/setting.h"
#include "harness/target/target.h"

struct keys {
    const struct target *target;
    struct buf *out;
    struct buf value; /* of the key that is written next */
    bool explain;
};

static void key_write(struct keys *keys, const char *name, bool given)
{
    struct buf from = {0};

    if (given)
        buf_printf(&from, "sipwright.lua: targets.%.*s", VIEW_ARG(keys->target->name));
    else
        buf_add(&from, V("default"));
    setting_write(keys->out,
                  &(struct setting){view_of(name), buf_view(&keys->value), buf_view(&from)},
                  keys->explain);
    buf_deinit(&from);
    buf_clear(&keys->value);
}

static void item_add(struct keys *keys, struct view item)
{
    buf_add(&keys->value, keys->value.len > 0 ? V(", ") : V(""));
    buf_add(&keys->value, item);
}

static void words_add(struct keys *keys, const char *const *argv)
{
    for (size_t i = 0; argv != NULL && argv[i] != NULL; i++)
        buf_printf(&keys->value, "%s%s", i == 0 ? "" : " ", argv[i]);
}

static void process_write(struct keys *keys)
{
    const struct target *target = keys->target;
    bool asked = target->ready.family != 0;
    char room[ADDR_TEXT_MAX];

    if (asked)
        buf_printf(&keys->value, "%s:%.*s", proto_text(target->ready_proto),
                   VIEW_ARG(addr_text(&target->ready, room)));
    else
        buf_add(&keys->value, target->unasked ? V("false") : V("at its uri"));
    key_write(keys, "ready", asked || target->unasked);
    words_add(keys, target->start);
    key_write(keys, "start", target->start != NULL);
    words_add(keys, target->reset);
    key_write(keys, "reset", target->reset != NULL);
}

static void claims_write(struct keys *keys)
{
    const struct target *target = keys->target;

    for (size_t i = 0; i < target->role_count; i++)
        item_add(keys, target->roles[i]);
    if (!target->claims)
        buf_add(&keys->value, V("all: nothing is claimed"));
    key_write(keys, "roles", target->claims);
    for (size_t i = 0; i < target->support_count; i++)
        item_add(keys, target->supports[i]);
    key_write(keys, "supports", target->support_count > 0);
    buf_add(&keys->value, target->auto_answer ? V("true") : V("false"));
    key_write(keys, "auto_answer", target->auto_answer);
}

static void names_write(struct keys *keys)
{
    const struct target *target = keys->target;

    for (size_t i = 0; i < target->account_count; i++)
        item_add(keys, target->accounts[i].name);
    key_write(keys, "accounts", target->account_count > 0);
    for (size_t i = 0; i < target->action_count; i++)
        item_add(keys, target->actions[i].name);
    key_write(keys, "actions", target->action_count > 0);
    for (size_t i = 0; i < target->exclude_count; i++)
        item_add(keys, target->excludes[i].id);
    key_write(keys, "exclude", target->exclude_count > 0);
}

static void times_write(struct keys *keys)
{
    const struct target *target = keys->target;
    const struct {
        const char *name, *usual;
        uint64_t given_us;
    } rows[] = {
        {"patience",      "32s, 5s for the first answer", target->patience_us     },
        {"tolerance",     "20ms or 5 %",                  target->tolerance_us    },
        {"limits.start",  "30s",                          target->limits.start_us },
        {"limits.reset",  "60s",                          target->limits.reset_us },
        {"limits.action", "30s",                          target->limits.action_us},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].given_us != 0)
            setting_duration_write(&keys->value, rows[i].given_us);
        else
            buf_add(&keys->value, view_of(rows[i].usual));
        key_write(keys, rows[i].name, rows[i].given_us != 0);
    }
}

static void numbers_write(struct keys *keys)
{
    const struct target *target = keys->target;

    if (target->rate_limit != 0)
        buf_printf(&keys->value, "%u requests a second", target->rate_limit);
    key_write(keys, "rate_limit", target->rate_limit != 0);
    buf_add_uint(&keys->value, target->jobs == 0 ? 1 : target->jobs);
    key_write(keys, "jobs", target->jobs != 0);
    if (target->limits.calls != 0)
        buf_add_uint(&keys->value, target->limits.calls);
    key_write(keys, "limits.calls", target->limits.calls != 0);
}

void target_settings_write(struct buf *out, const struct target *target, bool explain)
{
    struct keys keys = {.target = target, .out = out, .explain = explain};

    if (target->folder == NULL) /* a URI of the command line has no keys */
        return;
    buf_add(&keys.value, target->uri);
    key_write(&keys, "uri", true);
    process_write(&keys);
    claims_write(&keys);
    names_write(&keys);
    times_write(&keys);
    numbers_write(&keys);
    buf_deinit(&keys.value);
}
