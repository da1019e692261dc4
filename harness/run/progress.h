/* What is told of a run while it goes: the bar of a terminal, and the answer to SIGUSR1.
 *
 *     struct progress progress = {0};
 *     progress.asked_us = clock_wall_us();
 *     int again_ms = progress_show(&progress, &cases, &screen);   // after each round of the pool
 */
#pragma once
#include "harness/run/cases.h"
#include "harness/run/screen.h"

struct progress {
    uint64_t draw_us;  /* when the bar may be drawn again: not oftener than anybody can read */
    uint64_t asked_us; /* somebody wants to know what runs; 0: nobody */
};

/* The milliseconds after which it wants to be called again at the latest; -1: when something
 * happens. */
int progress_show(struct progress *progress, const struct cases *cases, struct screen *screen);
