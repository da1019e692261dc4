/* A request that somebody of ours sent: a client transaction, as scripts see it.
 *
 *     struct request *request = request_create(agent, method, handle);
 */
#pragma once
#include "harness/agent/call.h"

struct request {
    struct handle handle;
    struct agent *agent;
    struct handle stack;
    struct handle call;         /* record, or none */
    struct handle follows;      /* subscription of the REFER that it was sent for, or none */
    struct handle publication;  /* that it is of, or none */
    struct handle subscription; /* likewise: that it is of */
    struct inbox inbox;         /* of MAIL_REQUEST: its responses */
    struct blob *sent;          /* the request */
    struct blob *final;         /* its final response, or the generated one */
    struct blob *met;           /* the last one after which the agent tried once more; NULL: none */
    uint64_t sent_us;
    uint64_t answered_us; /* when the final response came */
    uint32_t peer;
    uint16_t status; /* of the final response; 0: none yet */
    uint8_t method;  /* enum sip_method */
    bool generated;  /* the final response is the stack's own */
    uint8_t error;   /* enum net_error of a generated one */
    bool rung;
    bool done;   /* the stack has let it go */
    bool mailed; /* while sweeping: a response of it has to be judged yet */
    bool script; /* a script asked for it: its final response must be used */
    bool shown;  /* a script has had its handle, and may look into its inbox */
};

struct request *request_create(struct agent *agent, enum sip_method method, struct handle stack);
void request_destroy(struct request *request);
/* "calling", "trying", "proceeding", "completed", "accepted", "terminated". */
const char *request_state(const struct request *request);
/* A response above 100 has come for it, or was made by the stack. */
void request_answered(struct request *request, const struct tell *tell);
/* It goes out once more, or is about to, as another transaction of the stack. */
void request_retried(struct request *request, struct handle stack, bool sent);
/* It will not go out once more after all: what it met was its final response. */
void request_given_up(struct request *request, uint16_t status);
/* Nothing has to be said of this refusal: the agent has tried once more. */
bool request_met(const struct request *request, const struct mail *mail);
void request_asked(struct request *request, struct call *call); /* it went out in this call */
/* Sends it, keeps its bytes, and makes the record of it and (INVITE outside a dialog) of its call,
 * which may be NULL where none is wanted. */
enum err request_send(struct agent *agent, const struct sip_request_options *options,
                      struct request **out, struct call **out_call) NODISCARD;
/* The PRACK of a reliable response: RAck from it, where the options have none; their method and
 * call are set. ERR_ABSENT: the response has no RSeq. */
enum err request_prack(struct call *call, const struct sip_request_options *options,
                       struct sip_msg *response, struct request **out) NODISCARD;
