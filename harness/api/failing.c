#include "harness/api/failing.h"

#include "harness/agent/words.h"
#include "harness/api/challenged.h"
#include "harness/api/kinds.h"
#include "harness/api/untaken.h"
#include "harness/impaired/resend.h"

#include <stdarg.h>
#include <stdio.h>

enum { TEXT_MAX = 201 };

struct text {
    char room[TEXT_MAX];
    size_t len;
};

static void add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    int len = vsnprintf(text->room + text->len, TEXT_MAX - text->len, format, args);
    va_end(args);
    if (len > 0)
        text->len += (size_t)len;
    if (text->len >= TEXT_MAX)
        text->len = TEXT_MAX - 1;
}

static struct view text_view(const struct text *text)
{
    return (struct view){text->room, text->len};
}

static struct view peer_name(const struct station *station)
{
    uint32_t peer = station_peer(station);

    return peer == 0 ? (struct view){0} : agents_name(station->agents, peer);
}

/* "180 from bob" */
static void add_expected(struct text *text, const struct station *station, struct view what)
{
    struct view peer = peer_name(station);

    add(text, "%.*s", VIEW_ARG(what));
    if (peer.ptr != NULL)
        add(text, " from %.*s", VIEW_ARG(peer));
}

static void add_within(struct text *text, const struct station *station,
                       const struct waiting *waiting, bool over)
{
    char room[WORDS_MAX];
    uint64_t waited_us = scene_now(station->agents->scene) - waiting->began_us;

    if (waiting->within_us != NEVER)
        waited_us = waiting->within_us;
    else if (over)
        return; /* it failed at once: no bound was reached */
    struct view within = words_duration(waited_us, room);
    add(text, " within %.*s", VIEW_ARG(within));
}

static void add_message(struct text *text, const struct station *station, const struct mail *mail)
{
    char what[WORDS_MAX], when[WORDS_MAX];
    struct sip_msg *msg = post_msg(&station->agents->post, mail->bytes);
    struct view message = words_message(msg, what);
    struct view time = words_time(mail->time_us, when);

    add(text, "%.*s at %.*s", VIEW_ARG(message), VIEW_ARG(time));
}

/* What is there, though it is not what was waited for: the last one of it. */
static void add_instead(struct text *text, const struct station *station)
{
    struct post *post = &station->agents->post;
    const struct mail *last = NULL;

    for (struct mail *m = NULL; (m = inbox_next(post, station->inbox, m)) != NULL;)
        last = m;
    if (last == NULL) {
        add(text, "nothing came");
        return;
    }
    add(text, "got only ");
    add_message(text, station, last);
}

/* "bob->>alice: 180 INVITE": as a line of a flow, so that ladders can draw it. */
static void add_ghost(struct text *text, const struct station *station, const struct want *want)
{
    struct view peer = peer_name(station);

    if (peer.ptr == NULL || want->pattern == NULL)
        return;
    add(text, "%.*s->>%.*s: %.*s", VIEW_ARG(peer), VIEW_ARG(station->party->name),
        VIEW_ARG(want->text));
    if (want->bare && station->kind == AT_CALL)
        add(text, " INVITE");
}

/* The request whose refusal says why nothing more comes; NULL: none. */
static const struct request *asked_at(const struct station *station)
{
    const struct agents *agents = station->agents;

    switch (station->kind) {
    case AT_CALL:
        return agents_request(agents, station->call->invite_out);
    case AT_REQUEST:
        return station->request;
    case AT_SUBSCRIPTION:
        return agents_request(agents, station->subscription->request);
    case AT_PUBLICATION:
        return agents_request(agents, station->publication->request);
    default:
        return NULL;
    }
}

enum {
    HINT_MAX =
        (int)UNTAKEN_HINT_MAX > (int)AUTH_HINT_MAX ? (int)UNTAKEN_HINT_MAX : (int)AUTH_HINT_MAX
};

/* What the request itself tells of why it went wrong; in room of HINT_MAX. */
static struct view asked_hint(const struct request *asked, char *room)
{
    struct view hint = auth_hint(asked, room);

    if (hint.ptr == NULL)
        hint = untaken_hint(asked, room);
    return hint.ptr != NULL ? hint : nowhere_hint(asked, room);
}

static struct view expect_hint(const struct station *station, const struct want *want,
                               struct view over, char *room)
{
    struct view hint = {0};

    if (!want->response)
        return hint;
    hint = asked_hint(asked_at(station), room);
    if (hint.ptr != NULL || want->final || over.ptr == NULL)
        return hint;
    return station->kind == AT_CALL ? V("make it optional with call:maybe(…)")
                                    : V("make it optional with x:maybe(…)");
}

static int fail(lua_State *L, struct failure *failure, bool soft)
{
    failure->verdict = VERDICT_FAIL;
    failure->soft = soft;
    scene_fail(L, failure);
    lua_pushnil(L);
    return 1;
}

int failing_expect(lua_State *L, const struct station *station, const struct waiting *waiting,
                   const struct want *want, struct view over)
{
    struct text sentence = {0}, expected = {0}, actual = {0}, ghost = {0};
    char hint[HINT_MAX];

    add_expected(&expected, station, want->text);
    add_within(&expected, station, waiting, over.ptr != NULL);
    if (over.ptr != NULL)
        add(&actual, "%.*s", VIEW_ARG(over));
    else
        add_instead(&actual, station);
    add_ghost(&ghost, station, want);
    add(&sentence, "%.*s: expected %s, %s", VIEW_ARG(station->party->name), expected.room,
        actual.room);
    struct failure failure = {.sentence = text_view(&sentence),
                              .expected = text_view(&expected),
                              .actual = text_view(&actual),
                              .hint = expect_hint(station, want, over, hint)};
    if (ghost.len > 0)
        failure.ghost = text_view(&ghost);
    if (resend_lost_for(station->agents->scene, station->party->number))
        failure.network = V("--link has lost something for it that nobody sends again");
    return fail(L, &failure, waiting->soft);
}

int failing_none(lua_State *L, const struct station *station, const struct waiting *waiting,
                 const struct want *want, const struct mail *mail)
{
    struct text sentence = {0}, expected = {0}, actual = {0};
    char room[WORDS_MAX];
    struct view within = words_duration(waiting->within_us, room);

    add(&expected, "no %.*s for %.*s", VIEW_ARG(want->text), VIEW_ARG(within));
    add(&actual, "got ");
    add_message(&actual, station, mail);
    add(&sentence, "%.*s: expected %s, %s", VIEW_ARG(station->party->name), expected.room,
        actual.room);
    return fail(L,
                &(struct failure){.sentence = text_view(&sentence),
                                  .expected = text_view(&expected),
                                  .actual = text_view(&actual),
                                  .network = NETWORK_BLURS,
                                  .message = mail->arrived ? mail->seq : 0},
                waiting->soft);
}

int failing_wrong_one(lua_State *L, const struct station *station, const struct waiting *waiting,
                      struct want *want, const struct mail *mail)
{
    struct text sentence = {0}, expected = {0}, actual = {0};
    struct view check = {0};

    if (want->pattern != NULL)
        want_matches(L, want, 2, mail, &check);
    add(&expected, "%.*s next", VIEW_ARG(want->text));
    add(&actual, "got ");
    add_message(&actual, station, mail);
    if (check.len > 0)
        add(&actual, " (%.*s)", VIEW_ARG(check));
    add(&sentence, "%.*s: expected %s, %s", VIEW_ARG(station->party->name), expected.room,
        actual.room);
    return fail(L,
                &(struct failure){.sentence = text_view(&sentence),
                                  .expected = text_view(&expected),
                                  .actual = text_view(&actual),
                                  .hint = V("a wire takes messages in their order: expect it "
                                            "first, or pass over it with {skip = true}"),
                                  .message = mail->arrived ? mail->seq : 0},
                waiting->soft);
}

int failing_state(lua_State *L, const struct failing_state *failing)
{
    struct text sentence = {0}, expected = {0};
    char hint[HINT_MAX];

    add(&expected, "%s to be %s", failing->thing, failing->state);
    add(&sentence, "%.*s: expected %s, %.*s", VIEW_ARG(failing->party->name), expected.room,
        VIEW_ARG(failing->why));
    return fail(L,
                &(struct failure){.sentence = text_view(&sentence),
                                  .expected = text_view(&expected),
                                  .actual = failing->why,
                                  .hint = asked_hint(failing->asked, hint)},
                failing->soft);
}

int failing_connection(lua_State *L, const struct party *party, const struct waiting *waiting,
                       struct view what)
{
    struct text sentence = {0};
    char room[WORDS_MAX];
    uint64_t waited_us = scene_now(scene_of(L)) - waiting->began_us;

    add(&sentence, "%.*s: expected %.*s, there was none within %.*s", VIEW_ARG(party->name),
        VIEW_ARG(what), VIEW_ARG(words_duration(waited_us, room)));
    return fail(L, &(struct failure){.sentence = text_view(&sentence), .expected = what},
                waiting->soft);
}
