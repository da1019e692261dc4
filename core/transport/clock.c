#include "core/transport/clock.h"

#include <time.h>

static uint64_t read_ns(clockid_t id)
{
    struct timespec now = {0};
    clock_gettime(id, &now); /* cannot fail for these two */
    return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

uint64_t clock_monotonic_ns(void)
{
    return read_ns(CLOCK_MONOTONIC);
}

uint64_t clock_wall_ns(void)
{
    return read_ns(CLOCK_REALTIME);
}
