/* The only clock of the project.
 *
 *     uint64_t now_ns = clock_monotonic_ns();
 */
#pragma once
#include <stdint.h>

uint64_t clock_monotonic_ns(void);
uint64_t clock_wall_ns(void); /* since 1970, UTC */
