#include "core/stream/filters_fixture.h"

void pair_take(struct end_of_pair *end)
{
    struct filter_out out;

    while (filter_next(end->filter, &out)) {
        ASSERT(!end->closed);
        switch (out.kind) {
        case FILTER_TO_WIRE:
            buf_add(&end->wire, out.bytes);
            buf_add(&end->all_wire, out.bytes);
            break;
        case FILTER_TO_USER:
            ASSERT(end->open);
            buf_add(&end->user, out.bytes);
            ASSERT(end->count < PAIR_MESSAGES_MAX);
            end->ends[end->count++] = end->user.len;
            break;
        case FILTER_OPEN:
            ASSERT(!end->open);
            end->open = true;
            break;
        case FILTER_CLOSED:
            end->closed = true;
            end->how = out.how;
            snprintf(end->why, sizeof end->why, "%.*s", VIEW_ARG(out.why));
            break;
        }
    }
}

static bool carry(struct pair *pair, struct end_of_pair *from, struct end_of_pair *to)
{
    size_t piece = pair->piece;

    pair_take(from);
    if (from->wire.len == 0)
        return false;
    for (size_t at = 0; at < from->wire.len && !to->closed; at += piece) {
        if (pair->piece == 0)
            piece = from->wire.len;
        struct view bytes = view_head(view_skip(buf_view(&from->wire), at), piece);
        ASSERT(filter_from_wire(to->filter, pair->now_us, bytes) == ERR_OK);
        pair_take(to);
    }
    buf_clear(&from->wire);
    return true;
}

void pair_pump(struct pair *pair)
{
    bool moved = true;

    while (moved) {
        moved = carry(pair, &pair->a, &pair->b);
        moved = carry(pair, &pair->b, &pair->a) || moved;
    }
}

void pair_send(struct pair *pair, struct end_of_pair *from, struct view bytes)
{
    ASSERT(filter_from_user(from->filter, pair->now_us, bytes) == ERR_OK);
    pair_pump(pair);
}

struct view pair_piece(const struct end_of_pair *end, size_t index)
{
    size_t begin = index == 0 ? 0 : end->ends[index - 1];

    ASSERT(index < end->count);
    return (struct view){end->user.ptr + begin, end->ends[index] - begin};
}

static void end_deinit(struct end_of_pair *end)
{
    filter_destroy(end->filter);
    end->filter = NULL;
    buf_deinit(&end->wire);
    buf_deinit(&end->all_wire);
    buf_deinit(&end->user);
}

void pair_deinit(struct pair *pair)
{
    end_deinit(&pair->a);
    end_deinit(&pair->b);
}
