#include "core/base/moment.h"

const struct moment moment_never = {NEVER, UINT64_MAX};

struct moment order_next(struct order *order, uint64_t at_us)
{
    return (struct moment){at_us, ++order->next};
}

bool moment_before(struct moment a, struct moment b)
{
    return a.at_us != b.at_us ? a.at_us < b.at_us : a.seq < b.seq;
}

uint64_t time_after(uint64_t now_us, uint64_t delay_us)
{
    return delay_us < NEVER - 1 - now_us ? now_us + delay_us : NEVER - 1;
}

bool handle_equal(struct handle a, struct handle b)
{
    return a.index == b.index && a.gen == b.gen;
}

bool handle_none(struct handle handle)
{
    return handle.gen == 0;
}
