/* Event state that we publish, RFC 3903: it is there for a while, is refreshed by itself, and is
 * named by the entity-tag that its compositor gave it last.
 *
 *     enum err err = sip_publish(stack, now_us, &options, &request, &pub);
 *     err = sip_publish_again(stack, now_us, pub, 0, NULL, &request);      removes it
 */
#pragma once
#include "core/stack/stack.h"

enum sip_pub_state { SIP_PUB_PENDING, SIP_PUB_ACTIVE, SIP_PUB_TERMINATED };
enum sip_pub_ended {
    SIP_PUB_NOT_ENDED,
    SIP_PUB_REMOVED, /* by us */
    SIP_PUB_REFUSED, /* its first PUBLISH was: ended_status */
    SIP_PUB_LOST,    /* 412: the compositor knows it no more */
    SIP_PUB_EXPIRED
};

struct sip_publish_options {
    struct sip_request_options request; /* outside of any dialog; the body is the state */
    struct view event;
    uint32_t expires_s;
    bool no_refresh; /* the user's to do */
};

/* Publishes for the first time, RFC 3903 §4.1. Errors as sip_request_send. */
enum err sip_publish(struct sip_stack *stack, uint64_t now_us,
                     const struct sip_publish_options *options, struct handle *out_request,
                     struct handle *out_pub) NODISCARD;
/* Another PUBLISH with its entity-tag: with a body in `extra` modifies it, without refreshes it,
 * and with expires_s 0 removes it (RFC 3903 §4.1, Table 1). `extra` may be NULL. ERR_GONE: it has
 * ended. ERR_STATE: the last PUBLISH has no final response so far (§4), and there is no force. */
enum err sip_publish_again(struct sip_stack *stack, uint64_t now_us, struct handle pub,
                           uint32_t expires_s, const struct sip_request_options *extra,
                           struct handle *out_request) NODISCARD;

struct sip_pub_info { /* views into the stack, valid until it changes */
    enum sip_pub_state state;
    enum sip_pub_ended ended;
    uint16_t ended_status;
    struct view event, etag; /* etag absent: none so far */
    uint64_t until_us;       /* when it expires; NEVER: not known */
};
enum err sip_pub_info(const struct sip_stack *stack, struct handle pub,
                      struct sip_pub_info *out) NODISCARD; /* GONE */
