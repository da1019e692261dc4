/* What the files of the location share: the table of addresses, and the list of one of them. */
#pragma once
#include "core/base/alloc.h"
#include "core/base/rng.h"
#include "core/base/table.h"
#include "core/net/addr_map.h"
#include "core/role/location.h"

struct place;
struct location {
    uint32_t refs;
    uint32_t address_limit, binding_limit;
    struct place *places;
    struct table numbers;  /* the same places, by handle */
    struct addr_map flows; /* struct location_flow */
    uint64_t secret, gruu_count;
    struct buf key;       /* of the address at hand */
    struct arena scratch; /* of one call */
};

/* location.c: the place of an address as a handle, none: it has none; and back */
struct handle location_place(struct location *l, const struct sip_uri *address);
const struct sip_binding *location_of_place(struct location *l, uint64_t now_us,
                                            struct handle place);

/* bindings.c: the list of one address */
void binding_free(struct location *l, struct sip_binding *b);
void bindings_free(struct location *l, struct sip_binding *first);
enum err bindings_update(struct location *l, struct sip_binding **first, uint64_t now_us,
                         const struct location_update *update) NODISCARD; /* all or nothing */

/* flows.c: a binding that goes by its flow */
enum err flow_enter(struct location *l, struct sip_binding *b) NODISCARD;
void flow_leave(struct location *l, struct sip_binding *b); /* others: nothing happens */
