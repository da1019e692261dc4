/* Messages as the stack writes them: what a request or response is to have, and Via.
 *
 *     struct response_plan plan = {.options = options, .request = request};
 *     struct blob *bytes = response_write(stack, &plan);
 */
#pragma once
#include "core/stack/self.h"
#include "core/transaction/compose.h"

/* via.c: into a message that is being composed */
void via_write_value(struct compose *c, const struct sip_bound *bound, struct view branch);
/* The top Via of a request that came from there, with received and rport: RFC 3261 §18.2.1, RFC
 * 3581 §4. */
void via_write_received(struct compose *c, const struct sip_via *via, const struct addr *source);
/* The row of a request of ours, unless the user gives one. */
void via_write_own(struct compose *c, const struct sip_bound *bound, struct view branch);
/* All of a request, for its response; source NULL: as they are. */
void via_write_copied(struct compose *c, struct sip_msg *request, const struct addr *source);
/* Where the response to a request goes that came in this packet, RFC 3261 §18.2.2; bound stays. */
void via_response_hop(struct sip_msg *request, const struct packet *packet, struct sip_hop *out);

/* write_request.c */
struct request_plan {
    const struct sip_request_options *options;
    struct view method, uri;
    enum sip_method id;
    struct view branch, from, from_tag, to, to_tag, call_id;
    struct route_plan route;
    uint32_t seq;
    struct sip_hop hop;
    struct handle lookup; /* of its name: the request's to end; none: it was none */
    struct view credentials;
    struct refresh_wish refresh;
};
void session_write(struct compose *c, uint32_t expires_s, uint8_t refresher); /* Session-Expires */
/* NULL, both: failed, which the layer knows. */
struct blob *bytes_written(struct sip_stack *stack, const struct buf *buf);
struct blob *request_write(struct sip_stack *stack, const struct request_plan *plan);

/* write_response.c */
struct response_plan {
    const struct sip_response_options *options;
    struct sip_msg *request;    /* or a response of ours that is made anew */
    const struct addr *source;  /* of the request; NULL: Via is copied as it is */
    struct view to_tag;         /* absent: none is added */
    bool contact, capabilities; /* has these by itself */
    bool has_expires;
    uint32_t expires_s;
    struct refresh_terms refresh;
    uint32_t rseq;     /* it is reliable: RFC 3262 §3; 0: it is not */
    uint64_t delay_us; /* since the request came */
};
struct blob *response_write(struct sip_stack *stack,
                            const struct response_plan *plan); /* NULL: failed */
