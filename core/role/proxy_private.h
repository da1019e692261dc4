/* What the files of the proxy share, and nobody else sees. */
#pragma once
#include "core/message/uri.h"
#include "core/role/location.h"
#include "core/role/proxy.h"
#include "core/stack/forward/forward.h"

enum { PROXY_TARGETS_MAX = 64, PROXY_OWNED_MAX = 1000000 };

struct proxy {
    struct role role;
    enum proxy_mode mode;
    enum proxy_fork fork;
    bool record_route, path, recurse;
    uint32_t mutants, max_breadth;
    uint64_t timer_c_us;
    struct order *order;
    struct verifier *verifier; /* NULL: nobody is asked who he is */
    struct location *location;
    struct view registrar;
    struct view *domains;
    size_t domain_count;
    struct proxy_route *routes;
    size_t route_count;
    struct arena texts;   /* what its options say, copied */
    struct arena scratch; /* of one request on its way through */
    struct buf text;
    struct table owned; /* contexts and branches: the stack's tellings name them */
    struct heap timers; /* Timer C of each branch */
    uint64_t lost;      /* commands that came to nothing */
};

/* What cannot be sent is lost, as a datagram may be: whoever sent it sends it again (RFC 3261
 * §16.9). */
static inline void proxy_try(struct proxy *proxy, enum err err)
{
    proxy->lost += err != ERR_OK;
}

struct target {
    struct view uri;
    const struct view *routes; /* to be put before those of the request */
    size_t route_count;
    uint32_t q_permille;
    struct handle flow; /* that it registered by; with it: where that came from, and how */
    struct addr source;
    enum proto proto;
    struct view instance;       /* of a flow, RFC 5626; absent: it is none */
    uint64_t since_us;          /* it was registered */
    const struct target *spare; /* an older flow of the same instance, tried when this one fails */
};

struct targets {
    struct target *items; /* in the order in which they are to be tried */
    size_t count;
    size_t begun;    /* so many have been tried: new ones stand behind them */
    uint16_t status; /* why there is none: 404, 480 */
};

/* passage.c: a request on its way through, whether statefully or not */
struct passage {
    struct proxy *proxy;
    struct sip_stack *stack;
    uint64_t now_us;
    struct sip_msg *msg;
    struct addr source;
    struct view uri; /* the Request-URI, as RFC 3261 §16.4 leaves it */
    struct sip_uri parsed;
    size_t route_skip;
    struct target
        back; /* by the connection that our own Route names; its source's family 0: none */
    bool route_drop_last;
    struct view tail; /* of the branch: tells loops from spirals, RFC 5393 §4.2.1 */
    struct targets targets;
};
/* A refusal: its status, and a row that it has (name absent: none); 0: the request may pass. */
struct refusal {
    uint16_t status;
    const struct sip_row *rows;
    size_t row_count;
    struct sip_row row;
};
void passage_begin(struct passage *p, struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                   const struct tell *tell);
/* RFC 3261 §16.3 to §16.5: validates, looks at routes, finds the targets. */
bool passage_refused(struct passage *p, struct refusal *out);
void passage_options(const struct passage *p, const struct target *target,
                     struct sip_forward_options *out);

/* validate.c */
void validate(struct passage *p, struct refusal *out);
/* targets.c */
bool proxy_has_domain(const struct proxy *proxy, struct view host);
bool proxy_owns(const struct passage *p, struct view host, uint16_t port);
enum err targets_find(struct passage *p) NODISCARD;
/* Also the contacts of a 3xx that are not among them: RFC 3261 §16.5. How many came. */
size_t targets_add_contacts(struct targets *targets, struct arena *arena, struct sip_msg *response);

/* context.c: the response context, RFC 3261 §16.6, §16.7 */
enum owned_kind { OWNED_CONTEXT, OWNED_BRANCH };
struct owned {
    enum owned_kind kind;
    struct handle handle;
};

struct branch {
    struct owned owned;
    struct context *context;
    struct handle request;
    struct heap_node timer_c; /* RFC 3261 §16.6 item 11 */
    uint32_t breadth;
    bool provisional, final, cancelled;
    bool by_flow;    /* by a connection that somebody opened to us */
    bool registered; /* its target is a binding that we looked up */
    const struct target *spare;
    struct branch *next;
};

struct context {
    struct owned owned;
    struct handle server; /* its server transaction; none: that has ended */
    struct sip_msg *request;
    struct addr source;
    struct arena arena;     /* of the targets */
    struct passage passage; /* how each branch is forwarded; its texts are the context's */
    struct branch *branches, *last_branch;
    uint32_t pending;            /* branches without a final response */
    uint32_t breadth;            /* what is left of Max-Breadth */
    struct sip_msg *best;        /* NULL: of our own making, or none */
    uint16_t best_status;        /* 0: none yet */
    struct sip_msg **challenges; /* 401 and 407 */
    size_t challenge_count;
    bool invite, cancelled, answered; /* answered: a final response has gone back */
    bool closed;                      /* no new branches: 2xx, 6xx, CANCEL */
};

/* branch.c */
/* Forwards to the next target. False: that failed at once, and counts as a 503 (RFC 3261 §16.9). */
bool branch_begin(struct context *context, uint32_t breadth);
void branch_cancel(struct context *context, struct branch *branch, const struct sip_row *rows,
                   size_t row_count);
void branch_timer_c(struct context *context, struct branch *branch); /* sets it anew */
void branch_free(struct proxy *proxy, struct branch *branch);

void context_begin(struct passage *p, const struct tell *tell);
void context_response(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                      struct branch *branch, const struct tell *tell);
void context_cancel(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                    struct context *context, struct sip_msg *cancel);
void context_done(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                  struct owned *owned, const struct tell *tell);
void context_timer_c(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us,
                     struct branch *branch);
void contexts_drop(struct proxy *proxy);

/* best.c: RFC 3261 §16.7 items 6 and 7 */
void best_take(struct context *context, struct sip_msg *response, uint16_t status);
void best_send(struct context *context);

/* stateless.c: RFC 3261 §16.11 */
void stray(struct proxy *proxy, struct sip_stack *stack, uint64_t now_us, const struct tell *tell);
void refuse(struct passage *p, struct handle transaction, const struct refusal *refusal);
/* redirect.c: RFC 3261 §8.3 */
void redirect(struct passage *p, struct handle transaction);
