/* A connection of a wire, for the script: it outlives the flow that it names.
 *
 *     enum err err = connection_open(wire, &remote, V("example.com"), &connection);
 */
#pragma once
#include "harness/agent/wire.h"

struct connection_tls { /* of the connection's arena; absent: not known, or there is no such thing
                         */
    struct view version, cipher, sni, peer;
    struct view error; /* why the connection did not come about, or did not last */
};

struct connection {
    struct handle handle; /* in agents.connections */
    struct wire *wire;
    struct handle flow;
    uint64_t number; /* of the scenario's connections, from 1 */
    enum proto proto;
    bool ours;  /* the wire opened it */
    bool taken; /* w:expect_connect gave it */
    bool open;  /* it has been */
    bool ended; /* the other side's FIN is here */
    bool gone;
    bool alerted;
    enum net_error error; /* of its end */
    uint64_t got;         /* bytes of the other side */
    struct addr remote;
    uint32_t peer; /* party; 0: not known */
    struct connection_tls tls;
    struct arena arena;
};

/* To there, by the wire's transport; domain: whom TLS has to find there, absent: by the address.
 * MEMORY, LIMIT, STATE: the wire has no stream to open. */
enum err connection_open(struct wire *wire, const struct addr *remote, struct view domain,
                         struct connection **out) NODISCARD;
void connection_forget(struct connection *connection);
/* It is gone, and no wire can mean it any more but by its handle. */
bool connection_is_over(const struct connection *connection);
/* The first that somebody opened to it and that was not taken. */
struct connection *connection_untaken(struct wire *wire);
/* "fin", "reset", "alert" or why it never opened; NULL: it goes on. */
const char *connection_end(const struct connection *connection);
