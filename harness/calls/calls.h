/* The messages of a capture grouped into calls: what has one Call-ID, with who took part, which
 * transaction each message belongs to, and which are copies of others.
 *
 *     enum err err = calls_create(&options, &calls);
 *     while (err == ERR_OK && capture_next(capture, &message)) {
 *         err = calls_take(calls, &message);      ... ERR_SYNTAX: go on
 *         for (struct call *call; calls_next(calls, &call); call_destroy(call))
 *             use(call);
 *     }
 *     calls_end(calls);                           ... and calls_next until false again
 *     err = calls_failure(calls);
 *     calls_destroy(calls);
 *
 * A call is handed out when it is over and silent, when too much is held (the longest silent one
 * first), and at the end (in the order of their first messages). What an INVITE did not begin, as
 * the registrations of one phone, has no end that could be seen: it is held as long as there is
 * room. Memory is bounded: what is held are bytes as they came; a call is read when it goes.
 */
#pragma once
#include "harness/capture/capture.h"

enum { CALL_NONE = UINT16_MAX, CALL_MESSAGES_MOST = 8192 };

/* Somebody who took part. Who has one IP address is one party, whatever ports its connections have;
 * unless two parties of the call share an address (a capture of the loopback): then a port makes a
 * party, and the port that a connection was opened from belongs to the port that Via or Contact
 * name for it. */
struct call_party {
    struct addr address; /* where it listens, as far as is seen: of its first datagram, of what is
                            sent to it, of its Via */
    struct view name; /* for diagrams and scenarios: an identifier, unique in the call: the user of
                         From or To ("alice"), "proxy", "registrar" …; what options.names says goes
                         before */
    enum carrier carrier; /* of its first message */
};

struct call_message {
    uint64_t time_ns;
    uint32_t frame, stream;
    uint16_t from, to; /* parties */
    enum carrier carrier;
    struct addr source, target;
    struct sip_msg *msg;  /* a reference, held by the call */
    uint16_t transaction; /* CALL_NONE: a response whose request was not seen */
    uint32_t copy_of;     /* index + 1 of the first transmission on this hop; 0: this is it */
};

/* A request and its responses on one hop. The ACK of a 2xx is one of its own, without responses;
 * that of another final response belongs to its INVITE's. */
struct call_transaction {
    enum sip_method method;
    uint16_t client, server; /* parties */
    uint32_t request, final; /* messages; UINT32_MAX: not seen */
    uint16_t of;             /* CANCEL, ACK of a 2xx, PRACK: the INVITE's; else CALL_NONE */
    uint16_t upstream; /* a proxy's: the transaction whose request it passes on (same CSeq and From
                          tag, arriving at our client before); else CALL_NONE */
    bool in_dialog;    /* the request has a To tag */
};

struct call {
    struct view call_id;
    struct call_party *parties;
    struct call_message *messages; /* in the capture's order; at most CALL_MESSAGES_MOST */
    struct call_transaction *transactions;
    uint32_t message_count;
    uint16_t party_count, transaction_count;
    bool begun; /* its first message is a request without a To tag */
    /* From there to its end nothing is missing that a later reader needs: each request that wants
     * one has a final response, an INVITE's 2xx its ACK, a session its BYE. */
    bool complete;
    bool cut;          /* handed out before its end, or messages of it could not be kept */
    struct view lacks; /* one sentence: why it is not complete; empty otherwise */
};
void call_destroy(struct call *call); /* NULL is fine */

struct call_name {
    struct addr address; /* port 0: any */
    struct view name;    /* borrowed while the calls live */
};

struct calls_options {
    size_t held_limit;             /* bytes of messages, in all; 0: 64 MiB */
    uint32_t call_limit;           /* calls that are open at one time; 0: 65,536 */
    const struct call_name *names; /* addresses that have names (--agents); borrowed */
    size_t name_count;
};

struct calls;
enum err calls_create(const struct calls_options *options, struct calls **out) NODISCARD;
/* ERR_SYNTAX: it is not whole, no message of SIP or without a Call-ID: it was left out. ERR_MEMORY.
 * The second one is for who has read the message already. */
enum err calls_take(struct calls *calls, const struct captured *message) NODISCARD;
enum err calls_take_read(struct calls *calls, const struct captured *message,
                         struct sip_msg *msg) NODISCARD;
void calls_end(struct calls *calls);
bool calls_next(struct calls *calls, struct call **out);     /* the call is the caller's now */
enum err calls_failure(const struct calls *calls) NODISCARD; /* MEMORY: calls_next lost one */
void calls_destroy(struct calls *calls);                     /* NULL is fine */
