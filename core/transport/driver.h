/* The real network: libevent, sockets and the only clock of the project.
 *
 *     enum err err = transport_create(&driver);
 *     driver->ops->bind(driver, party, PROTO_UDP, &addr, &link);
 *     driver->ops->destroy(driver);
 *
 * Make it after fork: an event base does not outlive one. Unless bind names an address, it is
 * 127.0.0.1 or ::1.
 */
#pragma once
#include "core/net/net.h"

enum err transport_create(struct driver **out) NODISCARD;
/* The end of a pipe that wakes the loop: what is written there (from a signal handler, too: write
 * is safe there) comes out of wait as PACKET_WAKE with these bytes. Never blocks. */
int transport_wake_fd(const struct driver *driver);
/* Who is asked for names, instead of the system's resolvers, with its port; and how long the first
 * try of two waits (0: 2 s). Before the first question. MEMORY; STATE: too late. */
enum err transport_resolver_set(struct driver *driver, const struct addr *server,
                                uint64_t patience_us) NODISCARD;
/* Datagrams that the kernel dropped because our buffers were full: a run that lost some is not to
 * be trusted. */
uint64_t transport_dropped(const struct driver *driver);
/* Which address of ours the system sends from to there; port 0. Nothing is sent. ERR_ABSENT: no way
 * leads there; else as bind. */
enum err transport_route(const struct addr *remote, struct addr *out_local) NODISCARD;
