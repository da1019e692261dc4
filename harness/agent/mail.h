/* A message that came to somebody, as it waits to be looked at. It holds the bytes; the parsed
 * message is made when asked for, so that ten thousand open calls stay small.
 *
 *     struct mail *mail = mail_create(post, &arrival);
 *     struct sip_msg *msg = mail_msg(post, mail);
 *     mail_drop(post, mail);
 */
#pragma once
#include "core/core.h"
#include "harness/flow/log.h"

/* The lists that one mail can stand in at the same time. */
enum mail_list {
    MAIL_INBOX,    /* of an agent, a call, a wire */
    MAIL_REQUEST,  /* of the client transaction that it answers */
    MAIL_REFUSALS, /* final responses of 300 and more that somebody must use */
    MAIL_LISTS
};

struct mail {
    struct mail *next[MAIL_LISTS];
    struct blob *bytes;
    struct passage passage;
    uint64_t time_us;
    uint64_t seq;         /* of the last message that had arrived anywhere when it came about */
    struct handle call;   /* record of the call it is in, or none */
    struct handle object; /* record of its client or server transaction, or none */
    uint32_t from;        /* party; 0: not known */
    uint16_t status;      /* 0: a request */
    uint8_t method;       /* enum sip_method; of a response, that of its CSeq */
    uint8_t error;        /* enum net_error of a generated one */
    uint8_t refs;         /* lists it stands in */
    bool arrived;         /* seq is its own IN event */
    bool generated;       /* the stack's own 408 or 503 */
    bool again;           /* a final response after which the agent tried once more */
    bool answered;        /* a request that the stack has answered by itself */
    bool taken;           /* a script has it */
    bool used;            /* a final response of 300 or more that somebody looked at */
    bool foreign;         /* bytes that are no SIP message */
};

/* Where mails come from and go back to, and the message that was parsed last. */
struct post {
    struct mail *spare;
    uint32_t live, limit; /* most mails at a time; 0: 4,000,000 */
    struct sip_msg *last; /* one reference: what has just arrived is not parsed again */
};

struct mail *mail_create(struct post *post,
                         struct blob *bytes); /* takes its own reference; NULL: memory, limit */
void mail_unlisted(struct post *post,
                   struct mail *mail); /* it left one list; the last one frees it */
void post_remember(struct post *post, struct sip_msg *msg); /* NULL forgets */
/* The parsed message of these bytes: borrowed until the next call of this; NULL: not SIP, or
 * memory. */
struct sip_msg *post_msg(struct post *post, struct blob *bytes);
void post_deinit(struct post *post); /* all mails have left their lists */
