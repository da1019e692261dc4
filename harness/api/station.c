#include "harness/api/station.h"

#include "harness/agent/words.h"

#include "harness/api/kinds.h"

#include <stdio.h>

enum { RUNG_PATIENCE_S = 180 };

static struct station of_party(struct party *party, enum station_kind kind)
{
    return (struct station){
        .kind = kind, .agents = party->agents, .party = party, .inbox = &party->inbox};
}

static struct station of_call(struct call *call)
{
    return (struct station){.kind = AT_CALL,
                            .agents = call->agent->party.agents,
                            .party = &call->agent->party,
                            .inbox = &call->inbox,
                            .call = call};
}

struct station station_at(lua_State *L, int index)
{
    const struct handle_kind *kind;
    void *record = handle_any(L, index, &kind);

    if (record != NULL && kind == &call_kind)
        return of_call(record);
    if (record != NULL && kind == &request_kind) {
        struct request *request = record;
        struct station station = of_party(&request->agent->party, AT_REQUEST);
        station.inbox = &request->inbox;
        station.request = request;
        return station;
    }
    if (record != NULL && kind == &wire_kind)
        return of_party(&((struct wire *)record)->party, AT_WIRE);
    if (record != NULL && kind == &transaction_kind) {
        struct transaction *tx = record;
        struct station station = of_party(&tx->agent->party, AT_TRANSACTION);
        station.inbox = &tx->inbox;
        station.transaction = tx;
        return station;
    }
    if (record != NULL && kind == &publication_kind) {
        struct publication *pub = record;
        struct station station = of_party(&pub->agent->party, AT_PUBLICATION);
        station.inbox = &pub->inbox;
        station.publication = pub;
        return station;
    }
    if (record != NULL && kind == &subscription_kind) {
        struct subscription *sub = record;
        struct station station = of_party(&sub->agent->party, AT_SUBSCRIPTION);
        station.inbox = &sub->inbox;
        station.subscription = sub;
        return station;
    }
    return of_party(&agent_check(L, index)->party, AT_AGENT);
}

/* A status without a method answers the call's newest INVITE. */
static bool fits(const struct station *station, const struct want *want, const struct mail *mail)
{
    if (station->kind != AT_CALL || !want->bare || mail->status == 0)
        return true;
    return mail->method == SIP_INVITE && handle_equal(mail->object, station->call->invite_out);
}

struct mail *station_find(lua_State *L, const struct station *station, struct want *want, int index)
{
    struct post *post = &station->agents->post;

    for (struct mail *mail = NULL; (mail = inbox_next(post, station->inbox, mail)) != NULL;)
        if (fits(station, want, mail) && want_matches(L, want, index, mail, NULL))
            return mail;
    return NULL;
}

int station_take_alone(lua_State *L, const struct station *station, struct mail *mail)
{
    message_push_mail(L, mail);
    mail->used = true;
    inbox_take(&station->agents->post, station->inbox, mail);
    mail_unlisted(&station->agents->post, mail);
    return 1;
}

int station_take(lua_State *L, const struct station *station, struct mail *mail)
{
    struct post *post = &station->agents->post;
    struct mail *next = mail->next[station->inbox->list];

    station_take_alone(L, station, mail);
    if (station->agents->scene->link != NULL)
        return 1; /* there a message may have come before the one that it was sent behind */
    if (station->kind == AT_CALL || station->kind == AT_REQUEST ||
        station->kind == AT_SUBSCRIPTION || station->kind == AT_PUBLICATION)
        inbox_pass(post, station->inbox, next);
    return 1;
}

static struct view say(char *room, int len)
{
    return (struct view){room, len < 0 ? 0 : len < 200 ? (size_t)len : 199};
}

static struct view final_text(const struct request *request, char *room)
{
    char what[WORDS_MAX], when[WORDS_MAX];
    struct post *post = &request->agent->party.agents->post;
    struct view time = words_time(request->answered_us, when);

    if (request->generated && request->status == 408)
        return say(room, snprintf(room, 200, "got a timeout at %.*s", VIEW_ARG(time)));
    if (request->generated)
        return say(room, snprintf(room, 200, "got a transport error at %.*s: %s", VIEW_ARG(time),
                                  net_error_text((enum net_error)request->error)));
    struct view text = words_message(post_msg(post, request->final), what);
    return say(room, snprintf(room, 200, "got %.*s at %.*s", VIEW_ARG(text), VIEW_ARG(time)));
}

static struct view request_over(const struct request *request, char *room)
{
    if (request->status != 0)
        return final_text(request, room);
    if (request->done)
        return V("its transaction has ended without a response");
    return (struct view){0};
}

static struct view call_over(const struct call *call, const struct want *want, char *room)
{
    struct agents *agents = call->agent->party.agents;
    const struct request *invite = agents_request(agents, call->invite_out);
    bool of_invite = want->bare || (want->response && want->method == SIP_INVITE);
    bool ended = call->state == SIP_CALL_TERMINATED;

    if (of_invite && invite != NULL && invite->status != 0 &&
        (invite->status >= 300 || ended || handle_none(call->next_leg)))
        return final_text(invite, room);
    if (!ended || call->open > 0)
        return (struct view){0};
    const char *how = call_ended_word(call);
    return say(room, snprintf(room, 200, "the call has ended%s%s", how == NULL ? "" : ": ",
                              how == NULL ? "" : how));
}

/* Its SUBSCRIBE or REFER may still be answered when it has ended. */
static struct view subscription_over(const struct subscription *sub, char *room)
{
    const struct request *request = agents_request(sub->agent->party.agents, sub->request);
    struct sip_sub_info info;

    if (sub->state != SIP_SUB_TERMINATED || (request != NULL && request->status == 0))
        return (struct view){0};
    const char *how =
        subscription_info(sub, &info) == ERR_OK ? subscription_ended_word(&info) : NULL;
    return say(room, snprintf(room, 200, "the subscription has ended%s%s", how == NULL ? "" : ": ",
                              how == NULL ? "" : how));
}

struct view station_over(const struct station *station, const struct want *want, char *room)
{
    if (!station->party->up)
        return V("it is down");
    switch (station->kind) {
    case AT_CALL:
        return call_over(station->call, want, room);
    case AT_REQUEST:
        return request_over(station->request, room);
    case AT_PUBLICATION:
        return station->publication->state == SIP_PUB_TERMINATED ? V("the publication has ended")
                                                                 : (struct view){0};
    case AT_SUBSCRIPTION:
        return subscription_over(station->subscription, room);
    case AT_TRANSACTION:
        return station->transaction->done ? V("its transaction has ended") : (struct view){0};
    default:
        return (struct view){0};
    }
}

static uint64_t life_us(const struct station *station)
{
    const struct agent *agent = (const struct agent *)station->party;
    uint64_t t1_us = 0;

    if (station->party->kind == PARTY_AGENT)
        t1_us = agent->stack.timers.t1_us;
    return 64 * (t1_us != 0 ? t1_us : sip_timers_default.t1_us);
}

static bool has_rung(const struct station *station, const struct want *want)
{
    if (station->kind == AT_REQUEST)
        return station->request->method == SIP_INVITE && station->request->rung;
    return station->kind == AT_CALL && station->call->rung &&
           (want->bare || want->method == SIP_INVITE);
}

uint64_t station_deadline(const struct station *station, const struct want *want, uint64_t began_us)
{
    const struct scene_clock *clock = &station->agents->scene->clock;
    uint64_t patience_us = clock->patience_us;

    if (want != NULL && want->response && station->kind != AT_WIRE) {
        if (has_rung(station, want))
            return began_us + RUNG_PATIENCE_S * US_PER_S;
        return began_us + life_us(station);
    }
    return began_us + (clock->real && patience_us != 0 ? patience_us : life_us(station));
}

uint32_t station_peer(const struct station *station)
{
    switch (station->kind) {
    case AT_CALL:
        return station->call->peer;
    case AT_REQUEST:
        return station->request->peer;
    case AT_PUBLICATION:
        return station->publication->peer;
    case AT_SUBSCRIPTION:
        return station->subscription->peer;
    case AT_TRANSACTION:
        return station->transaction->peer;
    default:
        return 0;
    }
}

void station_check(lua_State *L, const struct station *station, const struct want *want)
{
    if (station->kind != AT_CALL || !want->bare || !station->call->others)
        return;
    scene_misuse(L,
                 "another request went out in this call since its INVITE: say which one \"%.*s\" "
                 "answers, \"%.*s INVITE\" or \"%.*s BYE\"",
                 VIEW_ARG(want->text), VIEW_ARG(want->text), VIEW_ARG(want->text));
}
