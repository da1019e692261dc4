/* The command line. One table of options (option_table.c) is what parsing, help and complaints come
 * from.
 *
 *     struct options options = {0};
 *     enum err err = options_parse(argc, argv, &options, &complaint);
 *     options_deinit(&options);
 *
 * Texts are borrowed from argv.
 */
#pragma once
#include "core/core.h"
#include "harness/scene/run.h"

/* A bit each: an option says of which it is. */
enum command {
    COMMAND_NONE = 0,
    COMMAND_RUN = 1 << 0,
    COMMAND_LIST = 1 << 1,
    COMMAND_REPORT = 1 << 2,
    COMMAND_LINT = 1 << 3,
    COMMAND_REPLAY = 1 << 4,
    COMMAND_RECORD = 1 << 5,
    COMMAND_BASELINE = 1 << 6,
    COMMAND_STATEMENT = 1 << 7,
    COMMAND_COVERAGE = 1 << 8,
    COMMAND_PROBE = 1 << 9,
    COMMAND_DOCTOR = 1 << 10,
    COMMAND_CONFIG = 1 << 11,
    COMMAND_INIT = 1 << 12,
    COMMAND_DEMO = 1 << 13,
    COMMAND_SHOW = 1 << 14,
    COMMAND_GENERATE = 1 << 15,
    COMMAND_VERSION = 1 << 16,
    COMMAND_HELP = 1 << 17,
};

struct strings {
    const char **items;
    uint32_t count, size;
};

struct number {
    bool given;
    uint64_t value;
};

enum color_choice { COLOR_UNSET, COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };
enum flaky_choice { FLAKY_NONE, FLAKY_PASS, FLAKY_FAIL };
enum ci_choice { CI_NONE, CI_GITHUB, CI_GITLAB, CI_JENKINS };
enum dialect_choice { DIALECT_NONE, DIALECT_DEFAULT, DIALECT_STRICT, DIALECT_ANT };

struct options {
    int argc;    /* as typed, … */
    char **argv; /* … borrowed */
    enum command command;
    enum command topic;   /* the command that help is asked for */
    const char *language; /* help: the word that is asked for; NULL: none */
    bool help;
    struct strings paths; /* what is no option; the commands know what it is */

    /* What is meant. */
    struct strings tags, rfcs;
    const char *grep, *grep_invert, *from_list, *root;
    uint32_t shard_index, shard_count; /* from 1 on; count 0: all */
    bool shard_auto;                   /* the environment says it: shard_find */
    bool last_failed, failed_first, pass_with_no_tests;

    /* How it is run. */
    const char *target, *dns, *mutant, *link;
    uint32_t net;       /* enum scenario_net; NET_ANY: not given */
    uint32_t transport; /* 1 udp, 2 tcp, 3 tls; 0: not given */
    struct strings sets, secrets, choices;
    struct strings ignored; /* ids of rules */
    struct number seed, repeat, jobs, retries, max_failures;
    uint64_t wall_limit_us, for_us; /* 0: not given */
    bool until_fail, fail_fast, list, dry_run, unsafe;

    /* What gates. */
    struct strings baselines;
    uint32_t gate;  /* enum gate_asked */
    uint32_t flaky; /* enum flaky_choice */

    /* What is told, and where. */
    const char *junit, *html, *tap, *json, *trace, *badge, *output;
    uint32_t dialect, color; /* the enums above; 0: not given */
    bool github, no_wall_clock, quiet;
    bool as_json; /* --json where that is a switch */

    /* Captures: lint, replay, record. */
    const char *keylog, *user, *password;
    const char *play, *speed; /* replay */
    const char *dut;          /* record */
    struct strings calls, agents;
    bool summary, ladder, rules; /* lint */

    /* Of one command each. */
    const char *bind;                           /* replay, probe */
    const char *name;                           /* probe */
    uint64_t patience_us;                       /* probe; 0: not given */
    bool list_tags, list_targets, list_mutants; /* list */
    bool only_fixed;                            /* baseline update */
    struct strings results;                     /* coverage */
    bool explain;                               /* config */
    uint32_t ci;                                /* init: enum ci_choice */
    bool fail;                                  /* demo */
};

/* ERR_SYNTAX: complaint has one sentence with the mend. */
enum err options_parse(int argc, char **argv, struct options *options,
                       struct buf *complaint) NODISCARD;
void options_deinit(struct options *options);
bool options_real(const struct options *options); /* on the real network */

/* What `--help` prints, for a command or (COMMAND_NONE) for the program. */
void options_help(struct buf *out, enum command command);

enum err strings_add(struct strings *strings, const char *item) NODISCARD; /* MEMORY */
void strings_deinit(struct strings *strings);
