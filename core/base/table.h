/* Objects by handle: a slot and a generation, so that a stale handle finds nothing.
 *
 *     enum err err = table_add(&table, call, &handle);
 *     struct call *call = table_find(&table, handle);
 *     table_remove(&table, handle);
 */
#pragma once
#include "core/base/moment.h"

struct table_slot;
struct table {
    struct table_slot *slots;
    uint32_t size, used, free_head; /* free_head: index + 1, 0: none */
    uint32_t live;                  /* objects in it */
    uint32_t limit;                 /* most objects; 0: none */
};

enum err table_add(struct table *table, void *object,
                   struct handle *out) NODISCARD;                  /* MEMORY, LIMIT */
void *table_find(const struct table *table, struct handle handle); /* NULL: gone or none */
void table_remove(struct table *table, struct handle handle);      /* a stale one does nothing */
/* In order of slots: begin with a zeroed cursor; NULL at the end. Removing the one given is fine.
 */
void *table_next(const struct table *table, uint32_t *cursor, struct handle *out);
void table_deinit(struct table *table); /* the objects are not touched */
