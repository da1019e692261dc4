/* The constructs, and what several of them say. Private to this folder.
 *
 *     .take = transaction_take, .answer = transaction_answer, .hear = transaction_hear
 */
#pragma once
#include "harness/record/reading.h"

extern const struct construct construct_invite, construct_ack, construct_cancel, construct_prack;
extern const struct construct construct_reinvite, construct_bye, construct_update;
extern const struct construct construct_refer, construct_notify, construct_subscribe;
extern const struct construct construct_resubscribe;
extern const struct construct construct_inside, construct_options_inside;
extern const struct construct construct_any_inside;                 /* any other in a dialog */
extern const struct construct construct_register;                   /* at a t:registrar */
extern const struct construct construct_options, construct_message; /* outside of dialogs */
extern const struct construct construct_request;                    /* any other */

void transaction_take(struct reading *reading, uint16_t transaction);
void transaction_answer(struct reading *reading, uint16_t transaction, uint32_t message,
                        uint32_t sleep_ms);
void transaction_hear(struct reading *reading, uint16_t transaction, uint32_t message);
void respond_say(struct reading *reading, struct view server, uint32_t message, uint32_t sleep_ms);

/* A variable of the flow for a tag that this party makes: "alice", "alice2". */
struct view bond_var(struct reading *reading, uint16_t party);
/* Finds the dialog that the request belongs to, by its tags; false: it is in none that is known. */
bool bond_join(struct reading *reading, uint16_t transaction);
/* bond:verb(), bound to a name where its answer is to be heard. */
struct step *bond_say(struct reading *reading, uint16_t transaction, uint32_t sleep_ms,
                      const char *base, struct view verb, struct said **out_said);
/* "sip:bob@example.com": whom a request by way of a proxy is for. */
struct view proxied_uri(struct reading *reading, uint16_t transaction);
/* The options of a proxy and of who calls by way of it. */
void proxy_say(struct reading *reading, uint16_t party);
bool asks_for_credentials(const struct reading *reading, uint16_t party);
/* The users that a registrar or proxy knows. */
void users_say(struct reading *reading, uint16_t party);
void outbound_say(struct reading *reading, uint16_t party);
/* Whom a request outside of dialogs is for. */
void target_say(struct reading *reading, struct said *said, uint16_t transaction);
/* The request goes on with an earlier one's Call-ID: says so in its options. */
void sequence_say(struct reading *reading, struct word *opts, uint16_t transaction);
