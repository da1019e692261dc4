/* A registration as scripts see it: what a:register(…) gives. It outlives the stack's.
 *
 *     enum err err = registration_begin(agent, &options, &registration);
 *     registration_moved(agent, &tell);
 */
#pragma once
#include "harness/agent/request.h"

struct registration {
    struct handle handle;
    struct agent *agent;
    struct handle stack;
    struct handle request;     /* record of the latest REGISTER that a script asked for */
    struct blob *response;     /* the latest final one; NULL: none so far */
    struct wait_queue waiters; /* for its state */
    uint64_t answered_us;      /* when it came */
    uint64_t number;           /* of the scenario's registrations, from 1 */
    uint8_t state;             /* enum sip_reg_state */
    bool generated;            /* the latest one is the stack's own */
    bool lost;                 /* its agent went down */
    bool tidied;               /* the tidy-up has unregistered */
};

enum err registration_begin(struct agent *agent, const struct sip_register_options *options,
                            struct registration **out) NODISCARD;
/* Another REGISTER; expires_s 0 unregisters. ERR_GONE: its agent is down. */
enum err registration_again(struct registration *registration, uint32_t expires_s,
                            struct request **out) NODISCARD;
/* ERR_GONE: its agent is down. */
enum err registration_info(const struct registration *registration,
                           struct sip_reg_info *out) NODISCARD;
void registration_forget(struct registration *registration);
/* It has come to its end, and nothing is left to be taken back. */
bool registration_is_over(const struct registration *registration);
/* Forgets it, and lets the stack do so. */
void registration_drop(struct registration *registration);
/* Its refusals have been looked at. */
void registration_used(struct registration *registration);

/* What the stack tells. */
void registration_answered(struct agent *agent, const struct tell *tell);
void registration_moved(struct agent *agent, const struct tell *tell);
void registrations_lost(struct agent *agent); /* with its stack */

/* Unregisters what is registered, once. The first that is not done with that; NULL: none. agent
 * NULL: of all agents. */
struct registration *registrations_tidy(struct agents *agents, const struct agent *agent);
