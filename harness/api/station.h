/* Where messages are waited for: an agent, a call, a client or server transaction, a wire. They
 * share the verbs expect, expect_all, expect_none, maybe and expect_request.
 *
 *     struct station station = station_at(L, 1);
 *     struct mail *mail = station_find(L, &station, want, 2);
 */
#pragma once
#include "harness/api/want.h"

enum station_kind {
    AT_AGENT,
    AT_CALL,
    AT_REQUEST,
    AT_TRANSACTION,
    AT_SUBSCRIPTION,
    AT_PUBLICATION,
    AT_WIRE
};

struct station {
    enum station_kind kind;
    struct agents *agents;
    struct party *party;
    struct inbox *inbox;
    struct call *call;                 /* AT_CALL */
    struct request *request;           /* AT_REQUEST */
    struct transaction *transaction;   /* AT_TRANSACTION */
    struct subscription *subscription; /* AT_SUBSCRIPTION */
    struct publication *publication;   /* AT_PUBLICATION */
};

struct station station_at(lua_State *L, int index); /* raises */
/* Of the messages that have come the first one that the want at `index` means; NULL: none. */
struct mail *station_find(lua_State *L, const struct station *station, struct want *want,
                          int index);
/* Takes it: those before it are passed over in a call or transaction. Pushes the message. */
int station_take(lua_State *L, const struct station *station, struct mail *mail);
/* The same, and leaves the others where they are. */
int station_take_alone(lua_State *L, const struct station *station, struct mail *mail);
/* Forgets what w:ignore named at the head of a wire's inbox. */
void wire_pass_ignored(lua_State *L, const struct station *station);
bool wire_ignores(lua_State *L, const struct wire *wire, const struct mail *mail);
/* Why nothing of that kind can come any more; absent: it can. In room of 200. */
struct view station_over(const struct station *station, const struct want *want, char *room);
/* How long such a message is waited for, where the script does not say: the instant. */
uint64_t station_deadline(const struct station *station, const struct want *want,
                          uint64_t began_us);
/* The party at the other end, where there is one: for sentences. */
uint32_t station_peer(const struct station *station);
/* Raises where the pattern does not say enough here: a status without a method after another
 * request. */
void station_check(lua_State *L, const struct station *station, const struct want *want);
