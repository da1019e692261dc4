#include "harness/captured/record_try.h"
#include "harness/run/parts.h"
#include "harness/scene/run.h"
#include "mock/mock.h"

enum { SEED = 1, PARTIES_MOST = 256 };

struct attempt {
    const struct outline *outline;
    struct suite *suite;
    struct driver *driver;
    struct trace *trace;
    struct view names[PARTIES_MOST]; /* by the trace's numbers */
    uint32_t sent;
};

static bool party_is(const struct attempt *attempt, uint32_t number, uint16_t party)
{
    const struct actor *actor = &attempt->outline->actors[party];

    if (number >= PARTIES_MOST)
        return false;
    return view_equal(attempt->names[number], actor->kind == ACTOR_DEVICE ? V("dut") : actor->name);
}

/* The next message that went out is the call's. */
static bool message_fits(const struct attempt *attempt, const struct trace_wire *wire)
{
    const struct call *call = attempt->outline->call;
    char room[SIP_LABEL_MAX];

    if (attempt->sent >= call->message_count)
        return false;
    const struct call_message *message = &call->messages[attempt->sent];
    return party_is(attempt, wire->from, message->from) &&
           party_is(attempt, wire->to, message->to) &&
           view_equal(wire->label, sip_msg_label(message->msg, room, sizeof room));
}

static bool event_fits(struct attempt *attempt, const struct trace_event *event)
{
    if (event->kind == TRACE_PARTY && event->party < PARTIES_MOST)
        attempt->names[event->party] = event->u.note.name;
    if (event->kind != TRACE_MESSAGE || event->u.wire.side != SIDE_OUT)
        return true;
    bool fits = message_fits(attempt, &event->u.wire);
    attempt->sent += fits;
    return fits;
}

static enum err ladder_compare(struct attempt *attempt, struct buf *why)
{
    struct trace_event event;

    for (uint64_t seq = 1; seq <= trace_last(attempt->trace); seq++)
        if (trace_get(attempt->trace, seq, &event) && !event_fits(attempt, &event)) {
            if (attempt->sent == attempt->outline->call->message_count && !attempt->outline->leaves)
                return ERR_STATE;
            buf_printf(why, "its message %u would be %.*s", (unsigned)attempt->sent + 1,
                       VIEW_ARG(event.u.wire.label));
            return ERR_SYNTAX;
        }
    if (attempt->sent == attempt->outline->call->message_count)
        return ERR_OK;
    buf_printf(why, "only %u of its messages would be sent", (unsigned)attempt->sent);
    return ERR_SYNTAX;
}

static bool is_digit(struct view text, size_t at)
{
    return at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9';
}

/* Up to `end`, and behind it; all where it is not there. */
static struct view aside_skip(struct view text, struct view end)
{
    return view_skip(text, view_find(text, end) + (end.len == 1 ? 1 : 0));
}

/* Without when it was and the numbers of events: they are of this attempt, and another one has
 * others. */
static void reason_say(struct buf *why, struct view reason)
{
    reason = view_head(reason, view_find(reason, V("; the last message was ")));
    while (reason.len > 0) {
        size_t time = view_find(reason, V(" at ")), event = view_find(reason, V(" (message "));
        size_t aside = time < event ? time : event;
        buf_add(why, view_head(reason, aside));
        reason = view_skip(reason, aside);
        if (reason.len > 0 && aside == event)
            reason = aside_skip(reason, V(")"));
        else if (is_digit(reason, 4))
            reason =
                aside_skip(reason, view_find(reason, V(" (message ")) < reason.len ? V(" (message ")
                                                                                   : V(" came"));
        else {
            buf_add(why, view_head(reason, 4));
            reason = view_skip(reason, 4);
        }
    }
}

static enum err attempt_run(struct attempt *attempt, struct buf *why)
{
    struct scene_result result = {0};
    enum err err = trace_create(&(struct trace_options){0}, &attempt->trace);

    if (err == ERR_OK)
        err = mock_create(&(struct mock_options){0}, &attempt->driver);
    struct scene_options options = {.driver = attempt->driver,
                                    .trace = attempt->trace,
                                    .seed = SEED,
                                    /* a captured call may be a long one */
                                    .timeout_us = 7 * 86400 * (uint64_t)US_PER_S};
    if (err == ERR_OK)
        err = scene_run(attempt->suite, 0, &options, &result);
    if (err != ERR_OK)
        return err;
    if (result.verdict != VERDICT_PASS) {
        reason_say(why, result.reason);
        return ERR_SYNTAX;
    }
    return ladder_compare(attempt, why);
}

enum err record_try(const struct outline *outline, struct view text, struct buf *why)
{
    struct attempt *attempt = mem_zalloc(sizeof *attempt);
    struct load_error error = {0};
    struct named_text secrets[OUTLINE_SECRETS_MOST];

    if (attempt == NULL)
        return ERR_MEMORY;
    attempt->outline = outline;
    for (uint32_t i = 0; i < outline->secret_count; i++)
        secrets[i] = (struct named_text){outline->secrets[i], V("a guess")};
    struct suite_options options = {.path = "recorded.lua",
                                    .text = text,
                                    .root = ".",
                                    .parts = run_parts,
                                    .secrets = secrets,
                                    .secret_count = outline->secret_count};
    enum err err = suite_load(&options, &attempt->suite, &error);
    if (err == ERR_OK)
        err = attempt_run(attempt, why);
    else if (err == ERR_SYNTAX)
        buf_add(why, error.sentence);
    if (attempt->driver != NULL)
        attempt->driver->ops->destroy(attempt->driver);
    trace_destroy(attempt->trace);
    suite_destroy(attempt->suite);
    mem_free(attempt);
    return err;
}
