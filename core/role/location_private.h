/* What the files of the location share: the table of addresses, and the list of one of them. */
#pragma once
#include "core/base/alloc.h"
#include "core/role/location.h"

struct place;
struct location {
    uint32_t refs;
    uint32_t address_limit, binding_limit;
    struct place *places;
    struct buf key;       /* of the address at hand */
    struct arena scratch; /* of one call */
};

/* bindings.c: the list of one address */
void bindings_free(struct sip_binding *first);
enum err bindings_update(struct location *l, struct sip_binding **first, uint64_t now_us,
                         const struct location_update *update) NODISCARD; /* all or nothing */
