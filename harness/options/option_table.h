/* What the command line knows: its options and commands, as data.
 *
 *     const struct option_row *row = option_find(COMMAND_RUN, V("seed"), &complaint);
 */
#pragma once
#include "harness/options/options.h"

enum option_kind {
    OPTION_SWITCH,   /* bool */
    OPTION_TEXT,     /* const char * */
    OPTION_ONE_OF,   /* uint32_t: 1 for the first word of the argument's name, and so on */
    OPTION_NUMBER,   /* struct number, from 0 on */
    OPTION_COUNT,    /* struct number, from 1 on */
    OPTION_LIST,     /* struct strings */
    OPTION_PAIRS,    /* struct strings, each K=V */
    OPTION_SHARD,    /* shard_index and shard_count, or shard_auto */
    OPTION_DURATION, /* uint64_t, microseconds */
};

struct option_row {
    const char *name;
    char letter; /* 0: no short form */
    const char *argument;
    enum option_kind kind;
    size_t place;
    unsigned commands;
    const char *help;
};

struct command_row {
    const char *name;
    enum command command;
    const char *usage, *help;
};

extern const struct option_row option_rows[];
extern const size_t option_row_count;
extern const struct command_row command_rows[];
extern const size_t command_row_count;

/* Whether the command takes it: its own, and those of run that config shows. */
bool option_taken(const struct option_row *row, enum command command);
/* NULL or COMMAND_NONE: there is none, and the complaint says which was meant. */
const struct option_row *option_find(enum command command, struct view name, struct buf *complaint);
const struct option_row *option_find_letter(enum command command, char letter,
                                            struct buf *complaint);
enum command command_find(const char *name, struct buf *complaint);
