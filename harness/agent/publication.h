/* Event state that an agent publishes, as scripts see it: RFC 3903. It outlives the stack's.
 *
 *     enum err err = publication_begin(agent, &options, &pub);
 */
#pragma once
#include "harness/agent/request.h"

struct publication {
    struct handle handle;
    struct agent *agent;
    struct handle stack;                      /* the stack's; stale once it has ended */
    struct handle request;                    /* record of its first PUBLISH */
    struct inbox inbox;                       /* the responses to all of them */
    struct blob *etag;                        /* the latest; NULL: none */
    uint64_t reached[SIP_PUB_TERMINATED + 1]; /* as in struct call */
    uint64_t until_us;
    uint32_t peer, expires_s;
    uint16_t ended_status;
    uint8_t state, ended; /* enum sip_pub_state, sip_pub_ended */
    bool tidied;
};

struct publication *publication_of(const struct agent *agent, struct handle stack); /* or NULL */
enum err publication_begin(struct agent *agent, const struct sip_publish_options *options,
                           struct publication **out) NODISCARD;
enum err publication_again(struct publication *pub, uint32_t expires_s,
                           const struct sip_request_options *extra, struct request **out) NODISCARD;
void publication_forget(struct publication *pub);
const char *publication_ended_word(const struct publication *pub); /* NULL: it has not */

/* What the stack tells of it. */
void publication_told(struct agent *agent, const struct tell *tell);
void publication_answered(struct agent *agent, const struct tell *tell); /* a response */
void publication_lost(struct publication *pub);                          /* its agent is down */
bool publication_tidy(
    struct publication *pub); /* removes it, once; false: nothing to do any more */
