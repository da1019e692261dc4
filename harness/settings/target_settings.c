#include "harness/settings/setting.h"

#include "harness/target/target.h"

static void write(struct buf *out, const struct target *target, const char *name, struct buf *value,
                  bool given, bool explain)
{
    struct buf from = {0};

    if (given)
        buf_printf(&from, "sipwright.lua: targets.%.*s", VIEW_ARG(target->name));
    else
        buf_add(&from, V("default"));
    setting_write(out, &(struct setting){view_of(name), buf_view(value), buf_view(&from)}, explain);
    buf_deinit(&from);
    buf_deinit(value);
    *value = (struct buf){0};
}

static void list_write(struct buf *out, const struct view *items, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_printf(out, "%s%.*s", i == 0 ? "" : ", ", VIEW_ARG(items[i]));
}

static void duration_write(struct buf *out, uint64_t given_us, const char *usual)
{
    if (given_us != 0)
        buf_printf(out, "%.6gs", (double)given_us / (double)US_PER_S);
    else
        buf_add(out, view_of(usual));
}

static void words_write(struct buf *out, const char *const *argv)
{
    for (size_t i = 0; argv != NULL && argv[i] != NULL; i++)
        buf_printf(out, "%s%s", i == 0 ? "" : " ", argv[i]);
}

static void times_write(struct buf *out, const struct target *target, bool explain)
{
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
    struct buf value = {0};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        duration_write(&value, rows[i].given_us, rows[i].usual);
        write(out, target, rows[i].name, &value, rows[i].given_us != 0, explain);
    }
}

static void claims_write(struct buf *out, const struct target *target, bool explain)
{
    struct buf value = {0};

    list_write(&value, target->roles, target->role_count);
    if (!target->claims)
        buf_add(&value, V("all: nothing is claimed"));
    write(out, target, "roles", &value, target->claims, explain);
    list_write(&value, target->supports, target->support_count);
    write(out, target, "supports", &value, target->support_count > 0, explain);
    buf_add(&value, target->auto_answer ? V("true") : V("false"));
    write(out, target, "auto_answer", &value, target->auto_answer, explain);
    for (size_t i = 0; i < target->account_count; i++)
        buf_printf(&value, "%s%.*s", i == 0 ? "" : ", ", VIEW_ARG(target->accounts[i].name));
    write(out, target, "accounts", &value, target->account_count > 0, explain);
    for (size_t i = 0; i < target->action_count; i++)
        buf_printf(&value, "%s%.*s", i == 0 ? "" : ", ", VIEW_ARG(target->actions[i].name));
    write(out, target, "actions", &value, target->action_count > 0, explain);
    for (size_t i = 0; i < target->exclude_count; i++)
        buf_printf(&value, "%s%.*s", i == 0 ? "" : ", ", VIEW_ARG(target->excludes[i].id));
    write(out, target, "exclude", &value, target->exclude_count > 0, explain);
}

void target_settings_write(struct buf *out, const struct target *target, bool explain)
{
    char room[ADDR_TEXT_MAX];
    struct buf value = {0};
    bool file = target->folder != NULL, asked = target->ready.family != 0;

    buf_add(&value, target->uri);
    if (file)
        write(out, target, "uri", &value, true, explain);
    else
        buf_deinit(&value);
    if (!file)
        return;
    if (asked)
        buf_printf(&value, "%s:%.*s", proto_text(target->ready_proto),
                   VIEW_ARG(addr_text(&target->ready, room)));
    else
        buf_add(&value, target->unasked ? V("false") : V("at its uri"));
    write(out, target, "ready", &value, asked || target->unasked, explain);
    words_write(&value, target->start);
    write(out, target, "start", &value, target->start != NULL, explain);
    words_write(&value, target->reset);
    write(out, target, "reset", &value, target->reset != NULL, explain);
    claims_write(out, target, explain);
    times_write(out, target, explain);
    if (target->rate_limit != 0)
        buf_printf(&value, "%u requests a second", target->rate_limit);
    write(out, target, "rate_limit", &value, target->rate_limit != 0, explain);
    if (target->limits.calls != 0)
        buf_add_uint(&value, target->limits.calls);
    write(out, target, "limits.calls", &value, target->limits.calls != 0, explain);
}
