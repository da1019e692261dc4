/* What the files of the mock share, and nobody else sees. */
#pragma once
#include "mock/network.h"

struct mock_socket {
    struct handle self;
    uint32_t party;
    enum proto proto;
    struct addr addr;
};

/* A datagram under way, or the news on their way back that nobody was there. */
struct mock_flight {
    struct heap_node node;
    struct mock_flight *next; /* of the spare ones */
    uint32_t from, to;        /* parties; to 0: nobody is there now */
    struct handle link;       /* the sender's socket */
    struct addr source, target;
    struct blob *bytes;
    uint64_t tag, cause;
    enum net_error error; /* NET_OK: on its way there */
};

struct mock {
    struct driver driver;
    struct order own_order;
    uint64_t now_us;
    struct heap heap;
    struct mock_flight *spare;
    uint32_t flight_count, flight_limit;
    bool lost; /* there was no memory for a flight: the next wait says so */
    struct table sockets;
    struct addr_map bound; /* struct mock_socket by address */
    struct addr_map hosts; /* addresses without port that belong to somebody */
    struct links links;
};

/* hosts.c */
enum err mock_bind(struct driver *driver, uint32_t party, enum proto proto, struct addr *inout,
                   struct handle *out) NODISCARD;
void mock_unbind(struct driver *driver, struct handle link);
const struct mock_socket *mock_socket_at(const struct mock *mock, enum proto proto,
                                         const struct addr *addr);
bool mock_host_at(const struct mock *mock, const struct addr *addr);
void mock_hosts_deinit(struct mock *mock);

/* flight.c */
struct mock_flight *mock_flight_get(struct mock *mock); /* zeroed; NULL: memory */
/* Under way until then; where there is no room for it, it is lost and `mock->lost` is set. */
void mock_flight_start(struct mock *mock, struct mock_flight *flight, uint64_t delay_us);
struct mock_flight *mock_flight_take(struct mock *mock,
                                     struct moment until);            /* NULL: none before */
void mock_flight_give(struct mock *mock, struct mock_flight *flight); /* its bytes, too */
void mock_flights_deinit(struct mock *mock);
