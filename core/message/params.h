/* A list of parameters in the making, written where it will stay.
 *
 *     struct param_list list;
 *     param_list_begin(&list, s);
 *     param_list_add(&list, s, name, value);
 *     param_list_end(&list, s, &via->params);
 */
#pragma once
#include "core/message/scan.h"
#include "core/message/types.h"

enum { PARAMS_FIRST = 8 };

struct param_list {
    struct sip_param *items; /* reserved in the arena; nothing else is taken meanwhile */
    size_t count, size;
};

static inline void param_list_begin(struct param_list *list, struct scan *s)
{
    list->items = arena_reserve(s->arena, PARAMS_FIRST * sizeof *list->items);
    list->count = 0;
    list->size = PARAMS_FIRST;
    if (list->items != NULL)
        return;
    list->size = 0;
    scan_fail(s, SIP_RULE_MEMORY);
}

void param_list_grow(struct param_list *list, struct scan *s);

static inline void param_list_add(struct param_list *list, struct scan *s, struct view name,
                                  struct view value)
{
    if (list->count == list->size)
        param_list_grow(list, s);
    if (list->count < list->size)
        list->items[list->count++] = (struct sip_param){name, value};
}

/* Takes what was reserved. */
static inline void param_list_end(struct param_list *list, struct scan *s, struct sip_params *out)
{
    if (list->count == 0)
        return;
    const struct sip_param *items = arena_alloc(s->arena, list->count * sizeof *items);
    ASSERT(items == list->items);
    *out = (struct sip_params){items, list->count};
}

/* gen-value: token, host or quoted-string (with its quotes). */
struct view scan_param_value(struct scan *s);
