#include "harness/lua/handle.h"

enum { NAME_MAX_LEN = 48 };

static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '-' ? '_' : c;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters must be put in, left out, changed or swapped with the next. */
static unsigned distance(struct view a, struct view b)
{
    unsigned rows[3][NAME_MAX_LEN + 1];
    unsigned *before = rows[0], *above = rows[1], *row = rows[2];
    for (size_t j = 0; j <= b.len; j++)
        above[j] = (unsigned)j;
    for (size_t i = 1; i <= a.len; i++) {
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= b.len; j++) {
            char x = folded(a.ptr[i - 1]), y = folded(b.ptr[j - 1]);
            row[j] = least(least(above[j], row[j - 1]) + 1, above[j - 1] + (x == y ? 0 : 1));
            if (i > 1 && j > 1 && x == folded(b.ptr[j - 2]) && folded(a.ptr[i - 2]) == y)
                row[j] = least(row[j], before[j - 2] + 1);
        }
        unsigned *swap = before;
        before = above;
        above = row;
        row = swap;
    }
    return above[b.len];
}

const char *suggest(const char *name, const char *const *candidates)
{
    struct view given = view_of(name);
    const char *best = NULL;
    unsigned best_distance = 0;
    if (candidates == NULL || given.len == 0 || given.len > NAME_MAX_LEN)
        return NULL;
    for (; *candidates != NULL; candidates++) {
        struct view candidate = view_of(*candidates);
        if (candidate.len > NAME_MAX_LEN)
            continue;
        unsigned d = distance(given, candidate);
        /* A third of the longer name may be wrong, and one letter of the shortest. */
        size_t longer = given.len > candidate.len ? given.len : candidate.len;
        if (d > (longer < 3 ? 1 : longer / 3) &&
            !(longer >= 4 && view_starts_nocase(candidate, given)))
            continue;
        if (best == NULL || d < best_distance) {
            best = *candidates;
            best_distance = d;
        }
    }
    return best;
}
