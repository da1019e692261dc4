#include "core/base/table.h"

#include "core/base/alloc.h"

enum { TABLE_FIRST = 16 };

struct table_slot {
    void *object;  /* NULL: free */
    uint32_t gen;  /* of the object, or of the last one */
    uint32_t next; /* free list: index + 1 */
};

static enum err grow(struct table *table)
{
    if (table->used < table->size)
        return ERR_OK;
    if (table->size > UINT32_MAX / 2)
        return ERR_LIMIT;
    struct table_slot *slots =
        mem_room(table->slots, sizeof *slots, table->used, &table->size, TABLE_FIRST);
    if (slots == NULL)
        return ERR_MEMORY;
    table->slots = slots;
    return ERR_OK;
}

enum err table_add(struct table *table, void *object, struct handle *out)
{
    ASSERT(object != NULL);
    if (table->limit != 0 && table->live >= table->limit)
        return ERR_LIMIT;
    if (table->free_head == 0) {
        enum err err = grow(table);
        if (err != ERR_OK)
            return err;
        table->slots[table->used] = (struct table_slot){0};
        table->used++;
        table->free_head = table->used;
    }
    uint32_t index = table->free_head - 1;
    struct table_slot *slot = &table->slots[index];
    table->free_head = slot->next;
    slot->object = object;
    slot->next = 0;
    slot->gen = slot->gen == UINT32_MAX ? 1 : slot->gen + 1;
    table->live++;
    *out = (struct handle){index, slot->gen};
    return ERR_OK;
}

void *table_find(const struct table *table, struct handle handle)
{
    if (handle.gen == 0 || handle.index >= table->used)
        return NULL;
    const struct table_slot *slot = &table->slots[handle.index];
    return slot->gen == handle.gen ? slot->object : NULL;
}

void table_remove(struct table *table, struct handle handle)
{
    if (table_find(table, handle) == NULL)
        return;
    struct table_slot *slot = &table->slots[handle.index];
    slot->object = NULL;
    slot->next = table->free_head;
    table->free_head = handle.index + 1;
    table->live--;
}

void *table_next(const struct table *table, uint32_t *cursor, struct handle *out)
{
    while (*cursor < table->used) {
        uint32_t index = (*cursor)++;
        const struct table_slot *slot = &table->slots[index];
        if (slot->object == NULL)
            continue;
        if (out != NULL)
            *out = (struct handle){index, slot->gen};
        return slot->object;
    }
    return NULL;
}

void table_deinit(struct table *table)
{
    mem_free(table->slots);
    *table = (struct table){.limit = table->limit};
}
