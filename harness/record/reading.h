/* A call read as what agents do: each transaction is asked of the constructs in order, who explains
 * it says its statements. What none explains ends the reading, and says why.
 *
 *     struct reading reading;
 *     enum err err = reading_begin(&reading, outline, options);
 *     reading_settle(&reading);            what agents do by themselves
 *     reading_walk(&reading);              steps, message by message
 *     reading_end(&reading);
 */
#pragma once
#include "harness/record/inside.h"

struct reading;

/* How one kind of transaction is said. Each adds its steps, and may leave out what happens by
 * itself (struct exchange: by_client, by_server). NULL: nothing is said. */
struct construct {
    bool (*fits)(const struct reading *reading, uint16_t transaction);
    struct step *(*send)(struct reading *reading, uint16_t transaction, uint32_t sleep_ms);
    void (*take)(struct reading *reading, uint16_t transaction);
    void (*answer)(struct reading *reading, uint16_t transaction, uint32_t message,
                   uint32_t sleep_ms);
    void (*hear)(struct reading *reading, uint16_t transaction, uint32_t message);
    const char *manual; /* what takes it from the server's agent; NULL: it is never the agent's */
    bool by_hand;       /* the agent would refuse it: always by hand */
};

struct exchange { /* beside each transaction of the call */
    const struct construct *construct;
    bool by_client;     /* the request goes out by itself */
    bool by_server;     /* the final response does */
    bool met;           /* a challenge that the client's agent meets by itself */
    uint16_t retry_of;  /* the transaction that was challenged; CALL_NONE */
    struct view client; /* Lua's name of the client's side: a call, a transaction; empty: none */
    struct view server; /* likewise */
    struct view handle; /* of a registration */
    uint16_t bond;      /* CALL_NONE: in no dialog */
    uint32_t heard;     /* message + 1 that a statement has heard already */
};

struct bond {                /* what an INVITE, or a SUBSCRIBE, made: a handle on each side */
    uint16_t caller, callee; /* parties */
    struct view call, leg;   /* Lua's names */
    struct view caller_tag, callee_tag;
    struct view caller_var, callee_var; /* of the tags, in the flow */
    struct view direction[2];           /* of the last description of caller and callee */
    struct view refer, referred; /* handles of its last REFER, of who asks and who is asked */
    uint16_t asker;
    uint16_t fork_count; /* legs that the caller has heard */
    bool heard, fork;    /* fork: it is not the first of them */
    bool subscribed;     /* a subscription and not a call */
    bool confirmed;
};

enum manual_bit { /* what an agent leaves to the scenario */
#define MANUAL_LIST(X)                                                                             \
    X(100, "100")                                                                                  \
    X(ACK, "ACK")                                                                                  \
    X(BYE, "BYE")                                                                                  \
    X(CANCEL, "CANCEL")                                                                            \
    X(OPTIONS, "OPTIONS")                                                                          \
    X(PRACK, "PRACK")                                                                              \
    X(UPDATE, "UPDATE")                                                                            \
    X(REINVITE, "reINVITE")                                                                        \
    X(NOTIFY, "NOTIFY")                                                                            \
    X(SUBSCRIBE, "SUBSCRIBE")                                                                      \
    X(REGISTER, "REGISTER")                                                                        \
    X(PUBLISH, "PUBLISH")                                                                          \
    X(INFO, "INFO")
#define MANUAL_ENUM(name, text) MANUAL_AT_##name,
                  MANUAL_LIST(MANUAL_ENUM)
#undef MANUAL_ENUM
                      MANUAL_COUNT
};

struct view manual_text(unsigned at); /* "BYE" of MANUAL_AT_BYE */

enum { BONDS_MOST = 64 };

struct reading {
    struct outline *outline;
    const struct call *call;
    const struct outline_options *options;
    struct exchange *exchanges;
    struct bond *bonds;
    uint16_t bond_count;
    uint32_t *manual;   /* by party: bits */
    uint64_t *at_ms;    /* by message: when the scenario will have it */
    uint64_t stands_ms; /* where the script stands */
    bool under_way;     /* a proxy's message is, that no statement waits for */
    uint32_t names[32]; /* how often a name was given, by its place in a list */
    struct view given[32];
    uint32_t given_count;
    struct buf why; /* not empty: nothing explains it */
};

enum err reading_begin(struct reading *reading, struct outline *outline,
                       const struct outline_options *options) NODISCARD;
void reading_end(struct reading *reading);
/* What each party is, and what it does by itself. */
void reading_settle(struct reading *reading);
void reading_walk(struct reading *reading);

/* It cannot be said: the sentence stands for the whole call. */
void reading_fail(struct reading *reading, uint32_t message, const char *why);
/* A name that the scenario does not have yet: "call", "call2". */
struct view reading_name(struct reading *reading, const char *base);
const struct construct *construct_find(const struct reading *reading, uint16_t transaction);
extern const struct construct *const constructs[]; /* NULL-terminated; the first that fits */

/* The flow's checks, by the tags that agents will have. */
void tags_say(struct reading *reading);
bool is_device(const struct reading *reading, uint16_t party); /* t.dut */
/* t.dut:trigger(action): what a person does to it; a word for its target may be added. */
struct said *trigger_say(struct reading *reading, uint32_t sleep_ms, struct view action);
bool is_proxy(const struct reading *reading, uint16_t party);
struct sip_msg *request_of(const struct reading *reading, uint16_t transaction);
uint16_t final_status(const struct reading *reading, uint16_t transaction);
struct bond *bond_of(struct reading *reading, uint16_t transaction);
/* The dialog's handle on the side of a party. */
struct view bond_handle(const struct bond *bond, uint16_t party);
bool has_sdp(struct sip_msg *msg);
struct view direction_of(struct sip_msg *msg); /* of its first stream; absent: no description */
/* Rows of a message that a scenario repeats: Event, Expires and their kin, the body. */
void rows_say(struct reading *reading, struct word *opts, struct sip_msg *msg, bool body);
/* The options of an agent: codecs, manual, auth. */
void agents_say(struct reading *reading);
/* A word for a status. */
void status_say(struct reading *reading, struct said *said, uint16_t status);
/* Its challenge, made anew. */
void challenge_say(struct reading *reading, struct word *opts, struct sip_msg *msg);
