/* x:expect_request(method, opts) and a:expect_invite(opts): requests that the script answers. */
#include "harness/api/agent_opts.h"
#include "harness/api/failing.h"
#include "harness/api/invite.h"
#include "harness/api/kinds.h"
#include "harness/api/opts.h"

static const char *const names[] = {"within", "soft", "from", "uri", "call_id", "match", NULL};

static const char *const invite_names[] = {"replaces", NULL};

enum request_gives { GIVES_TRANSACTION, GIVES_CALL, GIVES_SUBSCRIPTION };

struct choosing { /* which of several requests; behind the wait in the same userdata */
    struct waiting waiting;
    struct view uri, call_id;
    struct view from_uri;
    uint32_t from; /* party; 0: anybody */
    enum request_gives gives;
    struct view event;      /* package of a SUBSCRIBE; absent: any */
    struct handle replaces; /* call that an INVITE is to replace; none: any */
};

static bool uri_same(struct post *post, const struct mail *mail, struct view wanted)
{
    struct sip_msg *msg = post_msg(post, mail->bytes);
    struct arena arena = {0};
    struct sip_uri uri;

    if (wanted.ptr == NULL)
        return true;
    if (msg == NULL || sip_msg_request_uri(msg) == NULL)
        return false;
    bool same = sip_uri_parse(wanted, &arena, &uri) == ERR_OK &&
                sip_uri_equal(sip_msg_request_uri(msg), &uri);
    arena_deinit(&arena);
    return same;
}

static bool from_same(struct post *post, const struct mail *mail, struct view wanted)
{
    struct sip_msg *msg = post_msg(post, mail->bytes);
    struct arena arena = {0};
    struct sip_uri uri;

    if (wanted.ptr == NULL)
        return true;
    if (msg == NULL || sip_msg_from(msg) == NULL)
        return false;
    bool same = sip_uri_parse(wanted, &arena, &uri) == ERR_OK &&
                sip_uri_equal(&sip_msg_from(msg)->uri, &uri);
    arena_deinit(&arena);
    return same;
}

static bool call_id_same(struct post *post, const struct mail *mail, struct view wanted)
{
    struct sip_msg *msg = post_msg(post, mail->bytes);

    return wanted.ptr == NULL || (msg != NULL && view_equal(sip_msg_call_id(msg), wanted));
}

static bool event_same(struct post *post, const struct mail *mail, struct view wanted)
{
    struct sip_msg *msg = wanted.ptr == NULL ? NULL : post_msg(post, mail->bytes);
    const struct sip_token_params *event =
        msg == NULL ? NULL : sip_msg_get(msg, SIP_HEADER_EVENT, 0);

    return wanted.ptr == NULL || (event != NULL && view_equal(event->token, wanted));
}

/* RFC 3891 §3: the tags as if of a request to us. */
static bool replaces_same(const struct station *station, const struct mail *mail,
                          const struct choosing *choosing)
{
    const struct call *call = agents_call(station->agents, choosing->replaces);
    struct sip_msg *msg = call == NULL ? NULL : post_msg(&station->agents->post, mail->bytes);
    const struct sip_dialog_id *id = msg == NULL ? NULL : sip_msg_get(msg, SIP_HEADER_REPLACES, 0);
    struct sip_call_info info;

    if (handle_none(choosing->replaces))
        return true;
    return id != NULL && call_dialog(call, &info) == ERR_OK &&
           view_equal(id->call_id, info.call_id) && view_equal(id->to_tag, info.local_tag) &&
           view_equal(id->from_tag, info.remote_tag);
}

static bool is_chosen(lua_State *L, const struct station *station, const struct choosing *choosing,
                      const struct mail *mail)
{
    struct post *post = &station->agents->post;

    if (choosing->gives == GIVES_CALL && handle_none(mail->call))
        return false; /* the agent has refused it by itself */
    if (choosing->gives == GIVES_SUBSCRIPTION && mail->answered)
        return false; /* likewise */
    if (choosing->from != 0 && mail->from != choosing->from)
        return false;
    if (!event_same(post, mail, choosing->event) || !replaces_same(station, mail, choosing))
        return false;
    if (!uri_same(post, mail, choosing->uri) || !from_same(post, mail, choosing->from_uri) ||
        !call_id_same(post, mail, choosing->call_id))
        return false;
    if (!lua_isfunction(L, 5))
        return true;
    struct want *want = want_at(L, (lua_pushvalue(L, 5), lua_gettop(L)));
    bool holds = want_matches(L, want, lua_gettop(L), mail, NULL);
    lua_pop(L, 1);
    return holds;
}

static struct mail *find(lua_State *L, const struct station *station,
                         const struct choosing *choosing)
{
    struct post *post = &station->agents->post;
    struct want *want = lua_touserdata(L, 2);

    for (struct mail *mail = NULL; (mail = inbox_next(post, station->inbox, mail)) != NULL;)
        if (mail->status == 0 && want_matches(L, want, 2, mail, NULL) &&
            is_chosen(L, station, choosing, mail))
            return mail;
    return NULL;
}

static int take_call(lua_State *L, const struct station *station, struct mail *mail)
{
    struct call *call = agents_call(station->agents, mail->call);
    struct transaction *tx = agents_transaction(station->agents, mail->object);

    if (tx != NULL)
        tx->taken = true;
    station_take(L, station, mail);
    if (call == NULL)
        return scene_misuse(L,
                            "this INVITE began no call; take it with expect_request(\"INVITE\")");
    return call_push(L, call);
}

static int take_subscription(lua_State *L, const struct station *station, struct mail *mail)
{
    struct transaction *tx = agents_transaction(station->agents, mail->object);
    struct subscription *sub =
        tx == NULL ? NULL : agents_subscription(station->agents, tx->subscription);

    if (tx != NULL)
        tx->taken = true;
    station_take(L, station, mail);
    if (sub == NULL)
        return scene_misuse(L,
                            "this request asks for no subscription; take it with expect_request");
    return subscription_push(L, sub);
}

static int take_transaction(lua_State *L, const struct station *station, struct mail *mail)
{
    struct transaction *tx = agents_transaction(station->agents, mail->object);
    struct want *want = lua_touserdata(L, 2);

    if (tx == NULL || tx->by_agent)
        return scene_misuse(L,
                            "%.*s has answered %.*s by itself; to answer it here give the agent "
                            "the option manual = {\"%.*s\"}",
                            VIEW_ARG(station->party->name), VIEW_ARG(want->text),
                            VIEW_ARG(manual_name((enum sip_method)mail->method, mail)));
    tx->taken = true;
    station_take(L, station, mail);
    return transaction_push(L, tx);
}

static void request_say(lua_State *waiting, struct buf *out)
{
    const struct want *want = lua_touserdata(waiting, 2);
    const struct choosing *choosing = lua_touserdata(waiting, 4);

    waiting_say(&choosing->waiting, want->text, out);
}

static int request_again(lua_State *L, int status, lua_KContext ctx);
static const struct wait_kind asking_kind = {request_again, request_say, false};

/* Stack: the station, the want, the options, the wait, the match function or nil. */
static int request_again(lua_State *L, int status, lua_KContext ctx)
{
    struct station station = station_at(L, 1);
    struct want *want = lua_touserdata(L, 2);
    struct choosing *choosing = lua_touserdata(L, 4);
    char room[200];
    struct mail *mail = find(L, &station, choosing);

    (void)status;
    (void)ctx;
    if (mail != NULL) {
        verb_held(L, &station, want->text, mail);
        switch (choosing->gives) {
        case GIVES_CALL:
            return take_call(L, &station, mail);
        case GIVES_SUBSCRIPTION:
            return take_subscription(L, &station, mail);
        default:
            return take_transaction(L, &station, mail);
        }
    }
    struct view over = station_over(&station, want, room);
    uint64_t deadline_us = waiting_deadline(&choosing->waiting, &station, want);
    if (over.ptr != NULL || scene_now(station.agents->scene) >= deadline_us)
        return failing_expect(L, &station, &choosing->waiting, want, over);
    return sched_wait_for(L, &station.inbox->waiters, deadline_us, 4, &asking_kind);
}

static void choose_from(lua_State *L, const struct opts *opts, struct choosing *out)
{
    if (!opts_push(opts, "from"))
        return;
    struct party *party = party_test(L, -1);
    if (party != NULL)
        out->from = party->number;
    else if (lua_type(L, -1) == LUA_TSTRING)
        out->from_uri.ptr = lua_tolstring(L, -1, &out->from_uri.len);
    else
        opts_wrong(opts, "from", "an agent, a wire, t.dut or a URI");
    lua_pop(L, 1);
}

static void replaces_read(const struct opts *opts, struct choosing *out)
{
    if (!opts_push(opts, "replaces"))
        return;
    struct call *call = handle_test(opts->L, -1, &call_kind);
    if (call == NULL)
        opts_wrong(opts, "replaces", "a call of this agent");
    out->replaces = call->handle;
    lua_pop(opts->L, 1);
}

/* The package of the SUBSCRIBE that is meant stands at 4, where the wait has to stand, which keeps
 * its text from now on. */
static void event_keep(lua_State *L)
{
    lua_pushvalue(L, 4);
    lua_setiuservalue(L, 5, 1);
    lua_remove(L, 4);
}

static int request_begin(lua_State *L, const char *whose, enum request_gives gives,
                         struct view event)
{
    struct station station = station_at(L, 1);
    struct opts opts = opts_open(L, 3, whose, names, gives == GIVES_CALL ? invite_names : NULL);
    struct choosing choosing = {
        .waiting = {.station = station,
                    .began_us = scene_now(station.agents->scene),
                    .within_us = NEVER},
        .gives = gives,
        .event = event
    };

    opts_duration(&opts, "within", &choosing.waiting.within_us);
    choosing.waiting.soft = opts_true(&opts, "soft");
    opts_view(&opts, "uri", &choosing.uri);
    opts_view(&opts, "call_id", &choosing.call_id);
    choose_from(L, &opts, &choosing);
    if (gives == GIVES_CALL)
        replaces_read(&opts, &choosing);
    struct choosing *kept = lua_newuserdatauv(L, sizeof *kept, 1);
    *kept = choosing;
    if (event.ptr != NULL)
        event_keep(L);
    if (!opts_push(&opts, "match"))
        lua_pushnil(L);
    else if (!lua_isfunction(L, -1))
        opts_wrong(&opts, "match", "a function of the message");
    return request_again(L, LUA_OK, 4);
}

int verb_expect_request(lua_State *L)
{
    lua_settop(L, 3);
    struct want *want = want_at(L, 2);
    if (want->response)
        return scene_misuse(L, "expect_request wants a method, not \"%.*s\"", VIEW_ARG(want->text));
    return request_begin(L, "expect_request", GIVES_TRANSACTION, (struct view){0});
}

int agent_expect_invite(lua_State *L)
{
    agent_check(L, 1);
    lua_settop(L, 2);
    lua_pushliteral(L, "INVITE");
    lua_insert(L, 2);
    want_at(L, 2);
    return request_begin(L, "expect_invite", GIVES_CALL, (struct view){0});
}

int verb_expect_subscription(lua_State *L, const char *whose, struct view method, struct view event)
{
    lua_pushlstring(L, method.ptr, method.len);
    lua_insert(L, 2);
    lua_settop(L, event.ptr != NULL ? 4 : 3);
    want_at(L, 2);
    return request_begin(L, whose, GIVES_SUBSCRIPTION, event);
}
