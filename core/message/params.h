/* A list of parameters in the making: short ones never touch the arena before they are done.
 *
 *     struct param_list list;
 *     param_list_begin(&list);
 *     param_list_add(&list, s, name, value);
 *     param_list_end(&list, s, &via->params);
 */
#pragma once
#include "core/message/scan.h"
#include "core/message/types.h"

enum { PARAMS_ROOM = 12 };

struct param_list {
    struct sip_param *items;
    size_t count, size;
    struct sip_param room[PARAMS_ROOM];
};

static inline void param_list_begin(struct param_list *list)
{
    list->items = list->room;
    list->count = 0;
    list->size = PARAMS_ROOM;
}

void param_list_grow(struct param_list *list, struct scan *s);
void param_list_end(struct param_list *list, struct scan *s, struct sip_params *out);

static inline void param_list_add(struct param_list *list, struct scan *s, struct view name,
                                  struct view value)
{
    if (list->count == list->size)
        param_list_grow(list, s);
    if (list->count < list->size)
        list->items[list->count++] = (struct sip_param){name, value};
}

/* gen-value: token, host or quoted-string (with its quotes). */
struct view scan_param_value(struct scan *s);
