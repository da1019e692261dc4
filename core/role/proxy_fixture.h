/* A proxy by itself, for tests and fuzzing: datagrams go in, what it sends is kept, and its timers
 * run when they are due.
 *
 *     struct desk desk;
 *     desk_open(&desk, &(struct proxy_options){.fork = PROXY_SERIAL});
 *     desk_receive(&desk, invite);
 *     desk_answer(&desk, desk.sent[1], V("SIP/2.0 180 Ringing"));
 *     desk_run(&desk, desk.now_us + US_PER_S);
 *     desk_close(&desk);
 */
#pragma once
#include "core/role/proxy.h"

enum { DESK_SENT_MAX = 64 };

struct desk {
    struct sip_stack *stack;
    struct role *role;
    struct order order;
    uint64_t now_us;
    struct blob *sent[DESK_SENT_MAX]; /* the first ones; those that follow are dropped */
    size_t sent_count;
    bool told; /* the stack has said that it could not do something: then the loop ends the run */
};

void desk_open(struct desk *desk, const struct proxy_options *options);
void desk_close(struct desk *desk);
void desk_receive(struct desk *desk, struct blob *bytes); /* NULL: there was no memory for it */
/* A response to a request that the proxy has sent: the same Via, From, To, Call-ID and CSeq. */
void desk_answer(struct desk *desk, const struct blob *request, struct view status_line);
void desk_run(struct desk *desk, uint64_t until_us);
uint32_t desk_alive(const struct desk *desk); /* transactions */
