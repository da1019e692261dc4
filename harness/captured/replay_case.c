#include "harness/captured/replay_case.h"
#include "harness/run/rerun.h"

static struct view party_name(const struct call *call, uint16_t party)
{
    return party < call->party_count ? call->parties[party].name : V("somebody");
}

/* "call 3: INVITE, alice to bob" */
static void name_write(const struct replay_about *about, struct buf *out)
{
    const struct call *call = about->call;
    const struct call_message *first = &call->messages[0];
    buf_printf(out, "call %u: ", about->number);
    if (!sip_msg_is_request(first->msg))
        buf_printf(out, "%u ", sip_msg_status(first->msg));
    buf_add(out, sip_msg_method_name(first->msg));
    buf_printf(out, ", %.*s to %.*s", VIEW_ARG(party_name(call, first->from)),
               VIEW_ARG(party_name(call, first->to)));
}

static void option_add(struct buf *out, const char *name, const char *value)
{
    if (value == NULL)
        return;
    buf_printf(out, " --%s ", name);
    shell_add(out, view_of(value));
}

static void rerun_add(const struct options *options, const struct replay_about *about,
                      struct buf *out)
{
    buf_add(out, V("sipwright replay "));
    shell_add(out, view_of(about->path));
    buf_printf(out, " --calls %u --seed %llu", about->number, (unsigned long long)about->seed);
    option_add(out, "play", options->play);
    option_add(out, "target", options->target);
    option_add(out, "bind", options->bind);
    option_add(out, "speed", options->speed);
    option_add(out, "user", options->user);
    option_add(out, "keylog", options->keylog);
    for (size_t i = 0; i < options->agents.count; i++)
        option_add(out, "agents", options->agents.items[i]);
    if (options->password != NULL)
        buf_add(out, V(" --password ..."));
    if (options->net == NET_REAL && options->target == NULL)
        buf_add(out, V(" --net real"));
}

/* The text in the arena; the buf is empty again. */
static enum err text_take(struct buf *text, struct arena *arena, struct view *out)
{
    enum err err = text->failed;
    *out = arena_copy(arena, buf_view(text));
    buf_clear(text);
    return err == ERR_OK && out->ptr == NULL ? ERR_MEMORY : err;
}

static enum err texts_set(const struct options *options, const struct replay_about *about,
                          struct arena *arena, struct report_case *one)
{
    struct buf text = {0};
    name_write(about, &text);
    enum err err = text_take(&text, arena, &one->name);
    if (err == ERR_OK) {
        buf_printf(&text, "%s: %.*s", about->path, VIEW_ARG(one->name));
        err = text_take(&text, arena, &one->id);
    }
    if (err == ERR_OK && one->verdict != VERDICT_PASS) {
        rerun_add(options, about, &text);
        err = text_take(&text, arena, &one->rerun);
    }
    buf_deinit(&text);
    return err;
}

enum err replay_case_make(const struct options *options, const struct replay_about *about,
                          const struct replay_result *result, struct arena *arena,
                          struct report_case *out)
{
    *out = (struct report_case){.file = view_of(about->path),
                                .line = about->call->messages[0].frame,
                                .verdict = result->verdict,
                                .reason = result->reason,
                                .detail = result->detail,
                                .net = about->net,
                                .seed = about->seed,
                                .wall_us = about->wall_us,
                                .virtual_us = result->virtual_us,
                                .tries = 1,
                                .events = result->events};
    return texts_set(options, about, arena, out);
}
