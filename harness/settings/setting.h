/* One setting of a run: its name, its value, and where that comes from.
 *
 *     struct setting jobs = {.name = V("jobs"), .value = V("2"), .from = V("--jobs")};
 *     setting_write(&out, &jobs, explain);
 */
#pragma once
#include "harness/options/option_table.h"

struct setting {
    struct view name, value; /* value absent: "-" */
    struct view from;        /* shown where it is to be explained */
};

void setting_write(struct buf *out, const struct setting *setting, bool explain);
/* The value that an option of the command line was given, as text; false: it was not. Of pairs
 * whose values are secrets the names alone. */
bool option_value_write(struct buf *out, const struct option_row *row,
                        const struct options *options);
/* "2s" of "how long to wait (default: 2s)"; absent: its help names none. */
struct view option_default(const struct option_row *row);
void setting_duration_write(struct buf *out, uint64_t us); /* in seconds: "1.5s" */
struct target;
/* The keys of the target, those of sipwright.lua and the defaults. Passwords are not among them. */
void target_settings_write(struct buf *out, const struct target *target, bool explain);
