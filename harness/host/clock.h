/* Real time, for the watchdog and the reports. Nothing that decides a simulated result asks it. */
#pragma once
#include "core/core.h"

#include <sys/types.h>

uint64_t clock_wall_us(void);        /* since some instant; never goes back */
uint64_t clock_worked_us(pid_t pid); /* processor time of that process so far; 0: it is not there */
uint64_t clock_resolution_ns(void);  /* the step of the first */
uint64_t clock_date_s(void);         /* UTC since 1970 */
uint64_t clock_random(void); /* a seed that nobody chose: 32 bits, short enough to be typed */
