#include "core/locate/srv.h"

static void swap(struct dns_record *a, struct dns_record *b)
{
    struct dns_record c = *a;
    *a = *b;
    *b = c;
}

/* Priority, then those without weight first, as RFC 2782 lays them out for its running sums; else
 * in the order of the answer, which insertion keeps. */
static bool comes_before(const struct dns_record *a, const struct dns_record *b)
{
    if (a->a != b->a)
        return a->a < b->a;
    return a->b == 0 && b->b != 0;
}

static void lay_out(struct dns_record *records, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t j = i; j > 0 && comes_before(&records[j], &records[j - 1]); j--)
            swap(&records[j], &records[j - 1]);
}

static size_t same_priority(const struct dns_record *records, size_t count)
{
    size_t same = 1;
    while (same < count && records[same].a == records[0].a)
        same++;
    return same;
}

/* "Compute the sum of the weights … choose a uniform random number between 0 and the sum computed
 * (inclusive), and select the RR whose running sum value is the first in the selected order which
 * is greater than or equal to the random number selected." */
static size_t choose(const struct dns_record *records, size_t count, uint64_t draw)
{
    uint64_t sum = 0, running = 0;
    for (size_t i = 0; i < count; i++)
        sum += records[i].b;
    uint64_t wanted = draw % (sum + 1);
    for (size_t i = 0; i < count; i++) {
        running += records[i].b;
        if (running >= wanted)
            return i;
    }
    return count - 1;
}

void srv_sort(struct dns_record *records, size_t count, struct rng rng, struct view key, uint64_t n)
{
    lay_out(records, count);
    for (size_t first = 0; first < count;) {
        size_t end = first + same_priority(records + first, count - first);
        for (; first < end; first++) {
            uint64_t draw = rng_at(rng, key, n * UINT16_MAX + first);
            size_t chosen = first + choose(records + first, end - first, draw);
            for (; chosen > first; chosen--) /* the others stay as they are laid out */
                swap(&records[chosen], &records[chosen - 1]);
        }
    }
}
