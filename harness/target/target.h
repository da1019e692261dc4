/* The device under test: a target of sipwright.lua, or a SIP URI of the command line.
 *
 *     if (scene->target != NULL)
 *         uri = scene->target->uri;
 *
 * Everything is borrowed from its loader and stays while the process lives.
 */
#pragma once
#include "harness/scene/scene.h"
#include "harness/target/action.h"

struct target_bind {
    struct view agent; /* empty: all others */
    struct addr addr;  /* port 0: any */
};

struct target_account {
    struct view name, user, password; /* name: what a script calls it */
};

struct target_exclude {
    struct view id, why; /* of the requirement catalogue */
};

struct target_known {       /* a baseline */
    struct view text, path; /* path: below the suite's root; absent: none */
};

struct target_limits { /* each 0: the default */
    uint32_t calls;    /* that it has up at once; 0: no bound */
    uint64_t start_us, reset_us, action_us;
};

struct target_pace {
    uint64_t next_us; /* of real time: when the next request may go */
};

struct target {
    struct view name; /* "desk_phone"; of a bare URI: the URI */
    struct view uri;  /* "sip:100@127.0.0.1:5070" */
    struct addr addr; /* where it listens: of the URI, with its port or the default one */
    enum proto proto; /* of the URI */
    const struct target_bind *binds; /* where our side listens */
    size_t bind_count;
    uint64_t patience_us;     /* 0: the default */
    uint64_t tolerance_us;    /* of a time in a flow; 0: the default */
    struct target_pace *pace; /* while the process lives; NULL: no bound */
    uint32_t rate_limit;      /* requests of ours in a second, at most; 0: no bound */
    struct target_limits limits;
    uint32_t jobs; /* scenarios that it bears at a time; 0: one */
    bool claims;   /* roles or supports were given: what is not among them is lacking */
    const struct view *roles, *supports; /* "uas" …; "tcp", "100rel" … */
    size_t role_count, support_count;
    bool auto_answer;
    struct view tls_ca, tls_ca_key; /* PEM: what it trusts, and what signs with that; absent: no */
    struct addr addresses[PROTO_WSS + 1]; /* where other transports differ; family 0: of the URI */
    bool has_addresses;
    struct addr dns; /* who is asked for names; family 0: the system's resolvers */
    const struct target_account *accounts;
    size_t account_count;
    const struct target_exclude *excludes;
    size_t exclude_count;
    const char *folder; /* in which its programs are run: the suite's root */
    const struct target_action *actions;
    size_t action_count;
    struct lua_State *lua;    /* where the functions of actions are: sipwright.lua's */
    const char *const *start; /* the program that it is, NULL-terminated; NULL: it is there */
    const char *const *reset; /* run between scenarios, likewise */
    struct addr ready;        /* where it answers OPTIONS once it is ready; family 0: not asked */
    enum proto ready_proto;
    bool unasked;                  /* ready = false: it answers no OPTIONS, so that nobody asks */
    const struct view *background; /* methods that are answered 200, and judged by nobody */
    size_t background_count;
    struct target_known known;                   /* its baseline; absent: it has none */
    struct target_known known_by[PROTO_WSS + 1]; /* where transports differ */
    const struct target *others; /* of the same file, this one among them; NULL: no file */
    const struct target *next;   /* in that list */
};

/* Whether the target has this capability of a scenario's `needs`. One that claims nothing is taken
 * to have all, but for triggers: these are its actions. */
bool target_supports(const struct target *target, struct view capability);
const struct target_action *target_action_find(const struct target *target, struct view name);
const struct target_account *target_account_find(const struct target *target, struct view name);
/* Why a scenario that covers this id is not for this target; absent: it is. */
struct view target_excludes(const struct target *target, struct view id);
/* "uas uac tcp 100rel": what it says that it can; nothing where it says nothing. */
void target_claims(const struct target *target, struct buf *out);
/* Of the same file; NULL: there is none of that name. */
const struct target *target_named(const struct target *target, struct view name);
/* Where the agent or wire of this name has to listen; family 0: nothing was said. */
struct addr target_bind_of(const struct target *target, struct view agent);
/* The clock of the real network with this target, or with none (NULL). */
struct scene_clock target_clock(const struct target *target);
bool target_is_uri(struct view wanted); /* by its scheme, and not a name */
/* Fills uri, addr and proto; the text is copied. ERR_SYNTAX: complaint is one sentence. */
enum err target_uri_set(struct target *target, struct view uri, struct arena *arena,
                        struct buf *complaint) NODISCARD;
