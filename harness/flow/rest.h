/* Rests are made of each other: what the files of the search that make them share. Private to
 * harness/flow.
 *
 *     rest_ways(s, rest, &ways);
 *     const struct rest *later = rest_join(s, ways.first->rest, next);
 */
#pragma once
#include "harness/flow/search.h"

void *search_memory(struct search *s, size_t len) NODISCARD; /* NULL: given up from now on */
bool search_spent(struct search *s);                         /* one step more; true: given up */

/* The item, then next. */
const struct rest *rest_put(struct search *s, const struct item *item, const struct rest *next);
/* a, then b. */
const struct rest *rest_join(struct search *s, const struct rest *a, const struct rest *b);
/* The par with another rest of one branch; NULL once all are done. */
const struct rest *rest_par(struct search *s, const struct item *item, size_t changed,
                            const struct rest *branch);
bool item_nullable(const struct search *s, const struct item *item);

/* finish.c, for interleaving: all that can be left once no message of the pair is to come any more.
 */
void item_finish(struct search *s, const struct item *item, unsigned pair, struct ways *out);
void rest_finish(struct search *s, const struct rest *rest, unsigned pair, struct ways *out);
