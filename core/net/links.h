/* The links between parties, one way each: what was said last about a pair, or about everybody,
 * holds for it.
 *
 *     enum err err = links_set(&links, alice, 0, &link);
 *     struct link_way *way = links_way(&links, alice, bob);
 *     uint64_t delay_us = link_way_delay(way, now_us, ip_len);
 */
#pragma once
#include "core/net/net.h"

struct link_way { /* from one party to another: what holds, and what it remembers */
    uint32_t from, to;
    struct net_link link;
    bool parted;
    uint64_t count;         /* datagrams that were sent over it: the user's */
    uint64_t busy_until_us; /* bandwidth: when the last one will have left */
    void *held;             /* the user's */
};

struct link_rule;
struct link_item;
struct links {
    struct net_link base; /* where nothing was said */
    struct link_rule *rules;
    uint32_t rule_count, rule_size;
    uint32_t version;
    struct link_item *items, *last;
};

/* Party 0: everybody. What was said before about the same or fewer ways is forgotten. MEMORY. */
enum err links_set(struct links *links, uint32_t from, uint32_t to,
                   const struct net_link *link) NODISCARD;
enum err links_part(struct links *links, uint32_t from, uint32_t to, bool parted) NODISCARD;
struct net_link links_get(const struct links *links, uint32_t from, uint32_t to);
struct link_way *links_way(struct links *links, uint32_t from, uint32_t to); /* NULL: memory */
void links_deinit(struct links *links);

/* How long a packet of ip_len bytes, sent now, is under way: the queue before it, its own time on
 * the wire at this rate, and the latency. */
uint64_t link_way_delay(struct link_way *way, uint64_t now_us, size_t ip_len);
/* Most bytes of UDP payload that an IP packet can carry: 65,507 over IPv4, 65,527 over IPv6. */
size_t link_udp_most(uint8_t family);
/* Length of the IP packet that carries so many bytes of UDP payload. */
size_t link_ip_len(uint8_t family, size_t payload_len);
