#include "harness/run/sort.h"

struct sorting {
    void **items, **room;
    bool (*before)(const void *a, const void *b);
};

/* items[from..mid) and items[mid..to) are in order each; afterwards they are together. */
static void merge(const struct sorting *s, size_t from, size_t mid, size_t to)
{
    size_t left = from, right = mid;

    for (size_t i = from; i < to; i++) {
        bool take_right = left == mid || (right < to && s->before(s->items[right], s->items[left]));
        s->room[i] = take_right ? s->items[right++] : s->items[left++];
    }
    memcpy(s->items + from, s->room + from, (to - from) * sizeof *s->items);
}

enum err sort_pointers(void **items, size_t count, bool (*before)(const void *a, const void *b))
{
    struct sorting sorting = {.items = items, .before = before};

    if (count < 2)
        return ERR_OK;
    sorting.room = mem_alloc(count * sizeof *items);
    if (sorting.room == NULL)
        return ERR_MEMORY;
    for (size_t width = 1; width < count; width *= 2)
        for (size_t from = 0; from + width < count; from += 2 * width)
            merge(&sorting, from, from + width,
                  from + 2 * width < count ? from + 2 * width : count);
    mem_free(sorting.room);
    return ERR_OK;
}

void *sorted_find(void *const *items, size_t count, struct view key,
                  struct view (*key_of)(const void *item))
{
    size_t low = 0, high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = view_compare(key_of(items[middle]), key);
        if (order == 0)
            return items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
