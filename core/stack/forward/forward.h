/* Commands of those who forward, a proxy above all: RFC 3261 §16.6, §16.7, §16.11. What goes on is
 * the message that came, byte for byte, but for what a forwarder has to change. For stacks with
 * options.forwards.
 *
 *     struct sip_forward_options options = {.transaction = tell->object, .request = tell->msg,
 *                                           .uri = target, .owner = branch};
 *     enum err err = sip_forward(stack, now_us, &options, &request);
 *     …
 *     err = sip_forward_response(stack, now_us, transaction, response, NULL, 0);
 */
#pragma once
#include "core/stack/stack.h"

struct sip_forward_options {
    struct handle transaction; /* the server transaction of the request. None: statelessly (a
                                  branch is then to be given): no client transaction comes about */
    struct sip_msg *request;   /* as it came; borrowed */
    struct addr source;        /* where it came from (struct tell), without a transaction: its top
                                  Via gets received and rport by it */
    struct view uri;           /* Request-URI; absent: as it is */
    size_t route_skip;         /* so many Route values are taken from the front, */
    bool route_drop_last;      /* and the last one: RFC 3261 §16.4 */
    const struct view *routes; /* Route values that are put before the others: "<sip:…;lr>" */
    size_t route_count;
    bool record_route;          /* puts our address, twice where the transport changes (RFC 5658) */
    bool path;                  /* of a REGISTER: puts our address into Path, RFC 3327 §5.2 */
    uint32_t max_breadth;       /* RFC 5393 §5.3.3; 0: the header stays as it is */
    struct view branch;         /* absent: one by itself, which ends with branch_tail */
    struct view branch_tail;    /* RFC 3261 §16.6 item 8: for detecting loops; absent: none */
    const struct sip_row *rows; /* more rows, at the end */
    size_t row_count;
    enum proto proto;    /* where nothing names one */
    struct addr remote;  /* next hop; family 0: by the first Route, then by the Request-URI */
    struct handle flow;  /* with remote: by this connection while it is there (RFC 5626 §5.3) */
    struct handle owner; /* comes back in each telling of the request */
};

/* Forwards a request in a client transaction of its own, by TCP where it is longer than 1,300 bytes
 * and the next hop takes it (RFC 3261 §18.1.1). Max-Forwards is one less, or 70 where
 * there is none; a first Route that is a strict router's becomes the Request-URI (§16.6 item 6).
 * ERR_ABSENT: no address to send to or from. ERR_GONE: the transaction. ERR_LIMIT, ERR_MEMORY. */
enum err sip_forward(struct sip_stack *stack, uint64_t now_us,
                     const struct sip_forward_options *options,
                     struct handle *out_request) NODISCARD;
/* Sends a response on without its top Via: by the server transaction, and where that is none or
 * gone statelessly, to where the next Via says (§16.7 item 9, §16.11). ERR_ABSENT: there is no
 * other Via, or it names nobody whom we can reach. ERR_STATE: the transaction has had its final
 * response, and this is no 2xx of an INVITE. */
enum err sip_forward_response(struct sip_stack *stack, uint64_t now_us, struct handle transaction,
                              struct sip_msg *response, const struct sip_row *rows,
                              size_t row_count) NODISCARD;
/* Ends a request or a server transaction without another word: Timer C (§16.8) of a request that
 * nobody ever answered; a non-INVITE that nothing may be answered to any more (RFC 4320 §4.2).
 * SIP_TELL_DONE follows. ERR_GONE. */
enum err sip_abandon(struct sip_stack *stack, uint64_t now_us, struct handle transaction) NODISCARD;

/* A server transaction for a stray request after all, so that it can be answered (sip_respond).
 * ERR_SYNTAX: nobody to answer. ERR_LIMIT, ERR_MEMORY. */
enum err sip_admit(struct sip_stack *stack, uint64_t now_us, struct sip_msg *request,
                   const struct addr *source, struct handle *out_transaction) NODISCARD;
/* Names a transaction: comes back as `owner` in each telling of it. ERR_GONE. */
enum err sip_own(struct sip_stack *stack, struct handle transaction, struct handle owner) NODISCARD;
/* The first address that was bound of this protocol, else of any. ERR_ABSENT: none was. */
enum err sip_stack_address(const struct sip_stack *stack, enum proto proto,
                           struct addr *out) NODISCARD;
/* Is this host and port one of the addresses that were bound? port 0: the protocol's own. */
bool sip_stack_is(const struct sip_stack *stack, struct view host, uint16_t port);
