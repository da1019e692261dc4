/* Subscriptions of a stack, RFC 6665, and the implicit ones that REFER makes, RFC 3515. A
 * subscriber's is there with its request; a notifier's comes with the SIP_TELL_REQUEST that asks
 * for it, and is accepted or refused by sip_respond.
 *
 *     enum err err = sip_subscribe(stack, now_us, &options, &request, &sub);
 *     err = sip_sub_refresh(stack, now_us, sub, &extra, &request);
 *     err = sip_notify(stack, now_us, sub, &notify, &request);
 */
#pragma once
#include "core/stack/stack.h"

enum sip_sub_state { SIP_SUB_WAITING, SIP_SUB_PENDING, SIP_SUB_ACTIVE, SIP_SUB_TERMINATED };
enum sip_sub_ended {
    SIP_SUB_NOT_ENDED,
    SIP_SUB_NOTIFIED, /* by a NOTIFY, sent or received; `reason` as it said */
    SIP_SUB_REFUSED,  /* its first request was: ended_status */
    SIP_SUB_LOST,     /* a later request in it was, for good: ended_status */
    SIP_SUB_SILENT,   /* subscriber: no NOTIFY until Timer N was over */
    SIP_SUB_EXPIRED,
    SIP_SUB_UNWANTED /* the REFER's 2xx has Refer-Sub: false */
};

struct sip_subscribe_options {
    /* method: SUBSCRIBE or REFER. With a call or subscription in it: shares that dialog. */
    struct sip_request_options request;
    struct view event, id; /* of a SUBSCRIBE; id absent: none */
    uint32_t expires_s;    /* of a SUBSCRIBE; 0: fetches the state once, RFC 6665 §4.4.3 */
    bool no_refresh;       /* the user's to do */
};

struct sip_notify_options {
    struct sip_request_options request; /* call, method, uri are not looked at */
    enum sip_sub_state state;
    struct view reason; /* of a terminated one; absent: timeout where it has run out, else none */
    uint32_t retry_after_s; /* 0: none */
};

/* Makes a subscription and sends what asks for it, RFC 6665 §4.1.2. Errors as sip_request_send. */
enum err sip_subscribe(struct sip_stack *stack, uint64_t now_us,
                       const struct sip_subscribe_options *options, struct handle *out_request,
                       struct handle *out_sub) NODISCARD;
/* Subscriber: another SUBSCRIBE in its dialog; `expires_s` 0 unsubscribes. `extra` may be NULL.
 * ERR_GONE: it has ended. ERR_STATE: no NOTIFY has made its dialog so far. */
enum err sip_sub_refresh(struct sip_stack *stack, uint64_t now_us, struct handle sub,
                         uint32_t expires_s, const struct sip_request_options *extra,
                         struct handle *out_request) NODISCARD;
/* Notifier: says the state, RFC 6665 §4.2.2. Once it has run out that is "terminated", whatever
 * options say. ERR_GONE: it has ended. ERR_STATE: it is not accepted so far, and there is no force;
 * it is a subscriber's. */
enum err sip_notify(struct sip_stack *stack, uint64_t now_us, struct handle sub,
                    const struct sip_notify_options *options, struct handle *out_request) NODISCARD;

struct sip_sub_info { /* views into the stack, valid until it changes */
    enum sip_sub_state state;
    enum sip_sub_ended ended;
    uint16_t ended_status;
    bool notifier, refer;
    struct view event, id, reason;
    uint32_t retry_after_s;
    uint64_t until_us;  /* when it expires; NEVER: not known */
    struct handle call; /* whose dialog it shares, or none */
    struct view call_id, local_tag, remote_tag, remote_target, local_uri, remote_uri;
    uint32_t local_seq, remote_seq;
    const struct view *route_set;
    size_t route_count;
    bool secure;
    bool has_dialog;
};
enum err sip_sub_info(const struct sip_stack *stack, struct handle sub,
                      struct sip_sub_info *out) NODISCARD; /* GONE */
