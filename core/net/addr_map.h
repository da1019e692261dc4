/* Objects by address: which socket, which party is there.
 *
 *     enum err err = addr_map_put(&map, PROTO_UDP, &addr, socket);
 *     struct socket *socket = addr_map_find(&map, PROTO_UDP, &addr);
 *     addr_map_remove(&map, PROTO_UDP, &addr);
 */
#pragma once
#include "core/base.h"

struct addr_map_item;
struct addr_map {
    struct addr_map_item *items;
};

/* Zeroed: empty. The port is part of the address; the IPv6 zone is not. */
enum err addr_map_put(struct addr_map *map, enum proto proto, const struct addr *addr,
                      void *object) NODISCARD; /* CONFLICT: there is one already; MEMORY */
void *addr_map_find(const struct addr_map *map, enum proto proto,
                    const struct addr *addr); /* NULL */
void addr_map_remove(struct addr_map *map, enum proto proto, const struct addr *addr);
void addr_map_deinit(struct addr_map *map); /* the objects are not touched */
