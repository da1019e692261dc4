/* A request that came to an agent and is somebody's to answer: a server transaction.
 *
 *     enum err err = transaction_respond(tx, &options);
 */
#pragma once
#include "harness/agent/call.h"

struct transaction {
    struct handle handle;
    struct agent *agent;
    struct handle stack;
    struct handle call;         /* record, or none */
    struct handle subscription; /* likewise: that it is of, or asks for */
    struct blob *request;
    struct blob *response; /* the newest one sent; NULL: none */
    uint64_t seq;          /* of the request's IN event */
    uint32_t peer;
    uint16_t status; /* of the newest response; 0: none */
    uint8_t method;  /* enum sip_method */
    bool taken;      /* a script has it */
    bool by_agent;   /* the agent answered it by itself */
    bool cancelled;
    bool done;
    bool mailed;        /* while sweeping: its request waits to be taken */
    struct inbox inbox; /* what else comes for it: ACK and CANCEL are the call's, so nothing */
};

struct transaction *transaction_create(struct agent *agent, enum sip_method method,
                                       struct handle stack);
void transaction_destroy(struct transaction *tx);
/* Responds, and keeps record of it in the transaction and its call. */
enum err transaction_respond(struct transaction *tx,
                             const struct sip_response_options *options) NODISCARD;
/* Nobody has said anything final to it, and to an INVITE nothing at all: at the end a fault. */
bool transaction_unanswered(const struct transaction *tx);
const char *transaction_state(const struct transaction *tx);
