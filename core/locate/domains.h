/* Domains that certificates have to be for: kept once each, for as long as the stack lives, so that
 * whoever sends to one can point to it.
 *
 *     enum err err = domains_keep(&domains, V("example.com"), &name);
 */
#pragma once
#include "core/base.h"

enum { DOMAINS_MAX = 65536 };

struct domain;
struct domains { /* zeroed: none */
    struct domain *items;
    uint32_t count;
};

/* The kept one, by its bytes. LIMIT: too many. MEMORY. */
enum err domains_keep(struct domains *domains, struct view name, struct view *out) NODISCARD;
void domains_deinit(struct domains *domains);
