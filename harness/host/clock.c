#include "harness/host/clock.h"

#include <sys/random.h>

static uint64_t read_us(clockid_t id)
{
    struct timespec now = {0};

    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * US_PER_S + (uint64_t)now.tv_nsec / 1000;
}

uint64_t clock_wall_us(void)
{
    return read_us(CLOCK_MONOTONIC);
}

uint64_t clock_resolution_ns(void)
{
    struct timespec step = {.tv_sec = 1};

    clock_getres(CLOCK_MONOTONIC, &step);
    return (uint64_t)step.tv_sec * UINT64_C(1000000000) + (uint64_t)step.tv_nsec;
}

uint64_t clock_worked_us(pid_t pid)
{
    clockid_t id;

    return clock_getcpuclockid(pid, &id) == 0 ? read_us(id) : 0;
}

uint64_t clock_date_s(void)
{
    return read_us(CLOCK_REALTIME) / US_PER_S;
}

uint64_t clock_random(void)
{
    uint32_t bits = 0;

    if (getrandom(&bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        bits = (uint32_t)clock_wall_us();
    return bits;
}
