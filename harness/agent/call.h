/* A call: one leg of an INVITE, at the caller or the callee. It outlives the stack's.
 *
 *     struct call *call = agents_call(agents, handle);
 *     if (call->state == SIP_CALL_TERMINATED)
 *         say(call_ended_word(call));
 */
#pragma once
#include "harness/agent/agent.h"

struct request;

struct call {
    struct handle handle;
    struct agent *agent;
    struct handle stack;  /* the stack's; stale once it has ended */
    struct handle invite; /* record of what began it: a request at the caller, else a transaction */
    struct handle invite_out; /* request of our newest INVITE in it, or none */
    struct handle invite_in;  /* transaction of their newest one, or none */
    struct handle first; /* the leg that the others forked from; itself where it is the first */
    struct handle next_leg;
    struct inbox inbox;
    struct blob *request;       /* its INVITE, as sent or as it came; NULL: not known */
    struct blob *last_response; /* the newest one to an INVITE, sent or received */
    struct dialog *dialog;      /* copied when it ended */
    struct canned *hangs_up;    /* its BYE is due, and waits for the ACK: canned.c; NULL: none */
    uint64_t reached[SIP_CALL_TERMINATED + 1]; /* seq of what was the newest message then */
    uint32_t peer;                             /* party at the other end; 0: not known */
    uint32_t manual, again;                    /* enum sip_manual, enum sip_again */
    uint32_t session;                          /* of o= in our descriptions; 0: none yet */
    uint64_t
        session_version; /* the highest one of o= that we have said, also where it was refused */
    uint16_t ended_status;
    uint16_t open; /* requests of ours in it that have no final response yet */
    uint8_t state; /* enum sip_call_state */
    uint8_t ended; /* enum sip_ended */
    bool caller;
    bool rung;         /* a provisional response above 100 was sent or has come */
    bool others;       /* another request than INVITE, ACK, PRACK, CANCEL was sent in it */
    bool mailed;       /* while sweeping: a message that waits is of it */
    bool tidied, byed; /* the tidy-up has sent CANCEL or 480, BYE */
};

struct dialog { /* as the stack had it when the call ended; the views point behind it */
    struct sip_call_info info; /* it owns the two descriptions */
};

struct call *call_record(struct agent *agent, struct handle stack); /* NULL: memory */
void call_forget(struct call *call);
/* What the stack knows of its dialog, or the copy of it. ERR_ABSENT: nothing (a crash). */
enum err call_dialog(const struct call *call, struct sip_call_info *out) NODISCARD;
/* The state has changed: remembers when, wakes who waits, keeps the dialog when it ended. */
void call_moved(struct call *call, enum sip_call_state state, uint16_t status);
void call_wake(struct call *call);
/* A response above 100 to a request of ours in it. */
void call_answered(struct call *call, const struct request *request, struct sip_msg *msg);
void call_leg_add(struct call *first, struct call *leg);
const char *call_state_word(enum sip_call_state state);
const char *call_ended_word(const struct call *call); /* NULL: it has not */
