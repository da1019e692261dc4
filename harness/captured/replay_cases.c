#include "harness/captured/replay_cases.h"
#include "harness/run/rerun.h"

enum { CASES_FIRST = 64 };

static enum err room_for_one(struct replay_cases *cases)
{
    void *items =
        mem_room(cases->items, sizeof *cases->items, cases->count, &cases->size, CASES_FIRST);
    if (items == NULL)
        return ERR_MEMORY;
    cases->items = items;
    void *events = mem_room(cases->events, sizeof *cases->events, cases->count, &cases->event_size,
                            CASES_FIRST);
    if (events == NULL)
        return ERR_MEMORY;
    cases->events = events;
    return ERR_OK;
}

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

static struct view keep(struct replay_cases *cases, struct view text)
{
    return text.len == 0 ? text : arena_copy(&cases->arena, text);
}

static enum err texts_set(struct replay_cases *cases, const struct replay_about *about,
                          const struct replay_result *result, struct report_case *one)
{
    struct buf buf = {0};
    name_write(about, &buf);
    one->name = keep(cases, buf_view(&buf));
    buf_clear(&buf);
    buf_printf(&buf, "%s: %.*s", about->path, VIEW_ARG(one->name));
    one->id = keep(cases, buf_view(&buf));
    if (result->verdict != VERDICT_PASS) {
        buf_clear(&buf);
        rerun_add(cases->options, about, &buf);
        one->rerun = keep(cases, buf_view(&buf));
    }
    one->reason = keep(cases, result->reason);
    one->detail = keep(cases, result->detail);
    enum err err = buf.failed;
    buf_deinit(&buf);
    return err == ERR_OK && (one->id.ptr == NULL || one->name.ptr == NULL) ? ERR_MEMORY : err;
}

enum err replay_cases_add(struct replay_cases *cases, const struct replay_about *about,
                          const struct replay_result *result, struct report_case **out)
{
    enum err err = room_for_one(cases);
    if (err != ERR_OK)
        return err;
    struct report_case *one = &cases->items[cases->count];
    *one = (struct report_case){.file = view_of(about->path),
                                .line = about->call->messages[0].frame,
                                .verdict = result->verdict,
                                .net = about->net,
                                .seed = about->seed,
                                .wall_us = about->wall_us,
                                .virtual_us = result->virtual_us,
                                .tries = 1,
                                .events = result->events};
    err = texts_set(cases, about, result, one);
    bool kept = result->verdict != VERDICT_PASS || cases->options->json != NULL ||
                cases->options->html != NULL;
    cases->events[cases->count].from = cases->spool.len;
    cases->events[cases->count].len = kept ? result->events.len : 0;
    if (err == ERR_OK && kept)
        err = spool_add(&cases->spool, result->events);
    if (err != ERR_OK)
        return err;
    cases->count++;
    *out = one;
    return ERR_OK;
}

enum err replay_cases_settle(struct replay_cases *cases)
{
    enum err err = spool_settle(&cases->spool);
    for (uint32_t i = 0; i < cases->count && err == ERR_OK; i++) {
        cases->items[i].events =
            spool_view(&cases->spool, cases->events[i].from, cases->events[i].len);
        if (cases->items[i].events.ptr == NULL && cases->events[i].len > 0)
            err = ERR_IO;
    }
    return err;
}

void replay_cases_deinit(struct replay_cases *cases)
{
    arena_deinit(&cases->arena);
    spool_deinit(&cases->spool);
    mem_free(cases->items);
    mem_free(cases->events);
}
