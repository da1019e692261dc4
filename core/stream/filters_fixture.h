/* Two filters wired to each other in memory, and what each gave its user.
 *
 *     struct pair pair = {.a = {client}, .b = {server}};
 *     pair_pump(&pair);
 *     assert_true(pair.a.open && pair.b.open);
 *     pair_deinit(&pair);
 */
#pragma once
#include "core/stream/filter.h"

enum { PAIR_MESSAGES_MAX = 64 };

struct end_of_pair {
    struct filter *filter;
    struct buf wire; /* what it put on the wire and the other has not had yet */
    struct buf all_wire, user;
    size_t ends[PAIR_MESSAGES_MAX]; /* of the pieces in `user` */
    size_t count;
    bool open, closed;
    enum filter_how how;
    char why[256];
};

struct pair {
    struct end_of_pair a, b;
    size_t piece; /* bytes that reach the other side at once; 0: all there are */
    uint64_t now_us;
};

void pair_take(struct end_of_pair *end); /* what its filter has to give */
void pair_pump(struct pair *pair);       /* until nothing moves any more */
void pair_send(struct pair *pair, struct end_of_pair *from, struct view bytes); /* and pumps */
struct view pair_piece(const struct end_of_pair *end, size_t index);
void pair_deinit(struct pair *pair); /* the filters too */
