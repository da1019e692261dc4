/* Stacks wired to each other without a network, for tests: what one sends is a packet for another,
 * after a latency, in virtual time. A test sees every datagram, and may lose or change it.
 *
 *     struct pump pump;
 *     pump_begin(&pump);
 *     struct sip_stack *alice = pump_add(&pump, "alice", NULL);
 *     pump_run(&pump, 32 * US_PER_S);
 *     pump_end(&pump);
 */
#pragma once
#include "core/net/zone.h"
#include "core/stack/stack.h"

enum { PUMP_STACKS = 4, PUMP_SENT = 512, PUMP_TELLS = 1024 };

struct pump_sent { /* a datagram that left a stack */
    uint64_t at_us, copy_of, copy_key;
    int from, to; /* stacks; -1: nobody of ours */
    struct addr remote;
    struct blob *bytes;
    char label[SIP_LABEL_MAX];
    bool lost, arrived;
};

struct pump_tell { /* what a stack told its user */
    uint64_t at_us;
    int stack;
    struct tell tell;
    bool taken;
    struct sip_msg *msg;
    char label[SIP_LABEL_MAX];
};

struct pump {
    struct sip_stack *stacks[PUMP_STACKS];
    struct addr addrs[PUMP_STACKS];
    int count;
    struct order order;
    uint64_t now_us, latency_us;
    struct pump_sent sent[PUMP_SENT];
    size_t sent_count, delivered;
    struct pump_tell tells[PUMP_TELLS];
    size_t tell_count, tell_seen;
    /* Asked about each datagram; true: it is lost. NULL: none is. */
    bool (*lose)(void *ctx, struct pump *pump, struct pump_sent *sent);
    /* Asked about each telling, before the next: a user who acts at once. */
    void (*act)(void *ctx, struct pump *pump, const struct pump_tell *tell);
    void *ctx;
    struct zone zone; /* what names mean, to those who were told that they can be had */
    enum err failed;  /* the first failure of a receive */
};

void pump_begin(struct pump *pump);
void pump_end(struct pump *pump);
void pump_forget(struct pump *pump); /* what was sent so far */
void pump_forget_tells(struct pump *pump);
struct sip_stack *pump_add(struct pump *pump, const char *name,
                           const struct sip_stack_options *options);
/* Drains all effects, then delivers and fires what is due, until there is nothing more before then.
 */
void pump_run(struct pump *pump, uint64_t until_us);
void pump_drain(struct pump *pump);
/* A datagram from an address that is no stack's; the text's bytes. */
void pump_inject(struct pump *pump, int to, const char *from_addr, const char *text);

struct addr pump_addr(const char *text);
/* "INVITE INVITE 180 INVITE": labels of what stack `from` sent, in order; all: -1. For comparisons.
 */
const char *pump_labels(struct pump *pump, int from, char *room, size_t len);
/* The n-th datagram of that label, from 0; NULL: none. */
struct pump_sent *pump_find(struct pump *pump, const char *label, size_t n);
size_t pump_times(struct pump *pump, const char *label, uint64_t *out, size_t most);
/* The next telling of that kind for that stack that was not taken so far; fails the test: none. */
struct pump_tell *pump_take(struct pump *pump, int stack, enum sip_tell what, const char *label);
/* Is there none of that kind (and label, NULL: any)? */
size_t pump_tell_count(struct pump *pump, int stack, enum sip_tell what, const char *label);

/* Commands with the plainest options; they fail the test when they fail. */
struct handle pump_invite(struct pump *pump, int from, const char *uri, struct handle *out_call);
struct handle pump_request(struct pump *pump, int from, const char *method, const char *uri,
                           struct handle call);
void pump_respond(struct pump *pump, int stack, struct handle transaction, uint16_t status);
enum sip_call_state pump_state(struct pump *pump, int stack, struct handle call);
