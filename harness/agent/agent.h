/* An agent: a party with the whole stack, and what the harness knows of it.
 *
 *     enum err err = agent_create(agents, &options, &agent);
 *     agent_crash(agent);
 */
#pragma once
#include "harness/agent/map.h"
#include "harness/agent/party.h"

enum { AGENT_CODECS_MAX = 16, AGENT_MEDIA_PORTS = 8 };

struct agent_options {
    struct party_options party;
    struct view display;
    struct sip_timers timers;
    struct sip_refresh_options refresh;
    uint32_t manual, mutants, again; /* enum sip_manual, enum sip_mutant, enum sip_again */
    bool strict;
    struct view events;        /* Allow-Events; absent: none is said, all are the script's */
    struct view info_packages; /* Recv-Info; absent: likewise */
    const struct sip_account *accounts;
    size_t account_count;
    struct view allow, supported; /* absent: the stack's own lists; not copied */
    enum sip_forwards forwards;   /* for a role that does */
    struct view outbound;         /* Route value of its requests outside of calls; absent: none */
    const struct view *codecs;
    size_t codec_count; /* 0: PCMU, PCMA, telephone-event */
};

struct automatic { /* a:auto{…}: what it does with each incoming call from now on */
    bool on;
    uint64_t ring_us, answer_us; /* since the INVITE came; NEVER: not at all */
    uint64_t bye_us;             /* since the answer */
    uint16_t reject;             /* instead of an answer; 0: no */
};

struct agent_role;
struct agent {
    struct party party;
    struct map calls;                       /* the stack's calls to ours */
    struct map subscriptions, publications; /* likewise */
    struct map requests, transactions;      /* the stack's client and server transactions to ours */
    struct map registrations;               /* likewise */
    bool named;                             /* it was given the address that it has */
    struct sip_stack_options stack;
    struct view codecs[AGENT_CODECS_MAX];
    size_t codec_count;
    struct automatic automatic;
    struct agent_role *roles;                /* roles.h: a registrar, a proxy … */
    struct location *location;               /* of a registrar; NULL: it is none */
    int on_send, on_receive;                 /* references to the script's functions; 0: none */
    bool plays;                              /* a device: builtin.h */
    uint32_t able;                           /* of one that plays: enum builtin_able */
    uint32_t changes;                        /* likewise: of what others watch */
    struct wait_queue changed;               /* of one that plays: its calls have come or moved */
    bool stopping;                           /* goes down when its calls and requests have ended */
    uint32_t lives;                          /* 1, and one more for each restart */
    uint32_t media_count;                    /* sessions described so far */
    uint16_t media_ports[AGENT_MEDIA_PORTS]; /* those that are bound; 0: not yet */
};

enum err agent_create(struct agents *agents, const struct agent_options *options,
                      struct agent **out) NODISCARD;
void agent_destroy(struct agent *agent);
struct sip_stack *agent_stack(const struct agent *agent); /* NULL: it is down */
/* Its requests outside of calls go by way of a proxy, which knows where to: not where we do. */
bool agent_routed(const struct agent *agent);
void agent_touch(const struct agent *agent); /* after each command to its stack */
void agent_crash(struct agent *agent);       /* sockets gone, state lost; its calls have ended */
void agent_stop(struct agent *agent);        /* ends its calls, then goes down */
void agent_stopped(struct agent *agent);     /* goes down, if it is stopping and nothing is open */
enum err agent_restart(struct agent *agent) NODISCARD; /* on the same address */
