/* A captured call as a scenario, before it is Lua: who takes part as what, what is said in which
 * order, and the messages that come of it.
 *
 *     enum err err = outline_make(call, &options, &why, &outline);
 *     outline_write(&buf, outline);
 *     outline_destroy(outline);
 *
 * An outline borrows from its call.
 */
#pragma once
#include "harness/calls/calls.h"
#include "harness/record/words.h"

enum { OUTLINE_MESSAGES_MOST = 2000, OUTLINE_NOTES_MOST = 16, OUTLINE_SECRETS_MOST = 16 };

enum actor_kind {
    ACTOR_AGENT,
    ACTOR_WIRE,
    ACTOR_PROXY,
    ACTOR_REGISTRAR,
    ACTOR_DEVICE /* t.dut */
};

struct actor { /* what a party of the call is in the scenario */
    enum actor_kind kind;
    struct view name;     /* a Lua identifier, unique in the scenario */
    struct word *options; /* table; no fields: none */
    uint32_t order;       /* in which they are made: a proxy's targets before it */
};

struct line { /* of the flow: a message */
    uint16_t from, to;
    struct view label;  /* a pattern: "200 INVITE" */
    struct view checks; /* "To.tag = $bob", or empty */
    uint32_t after_ms;  /* since the line before; 0: not worth a time */
};

struct value {              /* of a wire's messages, in a table of its own */
    struct view name, made; /* "alice_tag", "sip.tag()" */
};

struct outline {
    const struct call *call;
    struct words words;
    struct view title;
    struct actor *actors; /* by party */
    struct step *first, *last;
    struct line *lines; /* one for each message */
    struct value *values;
    uint32_t value_count, value_size;
    bool by_wires;   /* no construct explains all of it: each party is a wire */
    bool leaves;     /* something is still up at its end, as it was in the capture */
    struct view why; /* by_wires: which message, and why not */
    /* What of the call it does not have, a sentence each: for who records it. The text says nothing
     * that its own trace would not say again. */
    struct view *notes;
    uint32_t note_count;
    struct view secrets[OUTLINE_SECRETS_MOST]; /* names of those that it asks for */
    uint32_t secret_count;
};

enum outline_way {
    OUTLINE_CALLS,   /* agents, proxies and registrars that do most by themselves */
    OUTLINE_BY_HAND, /* agents, and each answer by hand */
    OUTLINE_WIRES
};

struct outline_options {
    enum outline_way way;
    struct view why;    /* OUTLINE_WIRES: because of what */
    struct addr device; /* who is t.dut (port 0: any); family 0: nobody */
};

/* ERR_SYNTAX: this way it cannot be said, and `why` has the message; by wires it always can.
 * ERR_LIMIT: more messages than a scenario should have; MEMORY. */
enum err outline_make(const struct call *call, const struct outline_options *options,
                      struct buf *why, struct outline **out) NODISCARD;
/* The n-th scenario of this name in its file: "alice calls bob (2)". */
void outline_retitle(struct outline *outline, unsigned n);
void outline_destroy(struct outline *outline); /* NULL is fine */
void outline_write(struct buf *buf, const struct outline *outline);
/* What stands once above scenarios with wires. */
void outline_write_helpers(struct buf *buf);
