/* What the files of this folder share, and nobody else sees. */
#pragma once
#include "core/flow/flow.h"

struct flow_route; /* a name by which it is found: protocol, remote address, domain */

struct flow {
    struct heap_node node;    /* when its time is to be looked at */
    struct flow *prev, *next; /* among all, the one that was idle for longest first */
    struct handle self;
    struct flow_route *routes, *link_route;
    uint8_t state; /* enum flow_phase */
    uint8_t proto;
    bool ours;
    bool ended;   /* the other side has said that it sends no more */
    bool fin;     /* its FIN is here */
    bool stopped; /* nothing is read any more; it closes when this instant is over */
    bool alerted;
    bool pinged; /* a pong is due */
    bool reads;  /* there is a READ among the news: the framer may have messages */
    struct addr local, remote;
    uint32_t peer; /* party */
    void *note;
    struct handle link; /* the driver's */
    uint32_t query;     /* of its DO_OPEN */
    uint16_t alias;     /* port that requests to it may go to; 0: none */
    struct view domain; /* owned */
    struct filter *filters[FLOW_FILTERS_MAX];
    uint8_t filter_count;
    struct framer framer;
    struct effect *waiting; /* messages, in order */
    uint32_t waiting_count, waiting_size;
    struct handle *unproved; /* whose messages went out and may yet be refused: unproved.c */
    uint32_t unproved_count, unproved_size;
    uint64_t got, wrote; /* bytes of the user */
    size_t unwritten;    /* bytes that the driver still has */
    uint32_t owed;       /* answers */
    uint32_t crlfs;      /* keep-alives since `crlfs_us` */
    uint64_t crlfs_us;
    uint64_t since_us;    /* it is in this state; OPEN: for how long */
    uint64_t used_us;     /* the last message, either way */
    uint64_t heard_us;    /* the last bytes; 0: none so far */
    uint64_t inside_us;   /* the message that is being read began */
    uint64_t credit_us;   /* the driver got rid of something, or had nothing */
    uint64_t ended_us;    /* the other side ended */
    struct view stop_why; /* static */
    uint64_t pinged_us;   /* the last keep-alive of ours */
};

struct flow_item { /* in the ring of news */
    struct flow_news news;
    bool read; /* no news, but the place where those of the flow's framer stand */
};

struct flows {
    struct flow_options options;
    struct table table;
    struct flow *oldest, *newest;
    struct flow_route *routes;
    struct heap heap;
    struct flow_item *items; /* a ring */
    uint32_t item_size, item_head, item_count;
    enum err failed; /* memory, since the last call from outside */
    uint32_t next_query;
    uint64_t made; /* connections so far */
    uint64_t now_us;
    struct buf key;
};

/* flows.c */
/* The end of a call from outside: what failed, or ran out of memory on the way. */
enum err flows_leave(struct flows *flows, enum err err) NODISCARD;
struct flow *flow_find(const struct flows *flows, struct handle handle); /* NULL: gone */
enum err flow_create(struct flows *flows, enum proto proto, bool ours, struct flow **out) NODISCARD;
void flow_used(struct flows *flows, struct flow *flow); /* a message went or came */
void flow_move(struct flows *flows, struct flow *flow, enum flow_phase to, enum net_error error,
               struct view why);
/* Its end: what waits is UNSENT, the driver resets or has done so, and memory goes. */
void flow_end(struct flows *flows, struct flow *flow, enum net_error error, struct view why);
void flow_end_reset(struct flows *flows, struct flow *flow, enum net_error error, struct view why);
void flow_close(struct flows *flows, struct flow *flow, enum net_error error, struct view why);
bool flow_evict(struct flows *flows); /* the one that was idle for longest; false: none was */

/* news.c */
void news_push(struct flows *flows, struct flow *flow, const struct flow_news *news); /* takes it */
void news_read(struct flows *flows, struct flow *flow);
void news_do(struct flows *flows, struct flow *flow, enum effect_kind kind, struct blob *bytes);
void news_deinit(struct flows *flows);

/* route.c */
struct flow *route_find(struct flows *flows, enum proto proto, const struct addr *remote,
                        struct view domain);
enum err route_add(struct flows *flows, struct flow *flow, const struct addr *remote,
                   struct view domain) NODISCARD; /* one that is there is the new flow's */
void routes_drop(struct flows *flows, struct flow *flow);
/* By the driver's name, and before it has one by ours. */
struct flow *link_find(struct flows *flows, struct handle link, uint32_t query);
enum err link_add(struct flows *flows, struct flow *flow) NODISCARD;
void link_drop(struct flows *flows, struct flow *flow);

/* filters.c */
enum err filters_make(struct flows *flows, struct flow *flow) NODISCARD;
void filters_begin(struct flows *flows, struct flow *flow); /* the connection is there */
void filters_run(struct flows *flows, struct flow *flow);
void filters_from_wire(struct flows *flows, struct flow *flow, struct blob *bytes);
void filters_from_user(struct flows *flows, struct flow *flow, struct blob *bytes);
void filters_close(struct flows *flows, struct flow *flow);
void filters_drop(struct flow *flow);

/* send.c */
void waiting_release(struct flows *flows, struct flow *flow); /* it is open */
void waiting_fail(struct flows *flows, struct flow *flow, enum net_error error);
/* Nothing of it is on its way: effect->bytes is taken. */
void unsent(struct flows *flows, struct flow *flow, struct effect *effect, enum net_error error);
void user_write(struct flows *flows, struct flow *flow, struct view bytes);    /* of its own will */
void driver_write(struct flows *flows, struct flow *flow, struct blob *bytes); /* takes them */

/* unproved.c */
void unproved_add(struct flows *flows, struct flow *flow, struct handle owner);
void unproved_fail(struct flows *flows, struct flow *flow, enum net_error error);
void unproved_drop(struct flow *flow); /* they were taken, or the flow is gone */

/* receive.c */
bool flow_hears(const struct flows *flows, const struct flow *flow);
void flow_ended(struct flows *flows, struct flow *flow);
void user_got(struct flows *flows, struct flow *flow, struct view bytes);
/* The next news of what its framer has; false: nothing whole is there. */
bool flow_read(struct flows *flows, struct flow *flow, struct flow_news *out);

/* timers.c */
void flow_arm(struct flows *flows, struct flow *flow); /* after each change of what it waits for */
