/* The command line. One table of options (options.c) is what parsing, help and complaints come
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

enum command {
    COMMAND_NONE,
    COMMAND_RUN = 1,
    COMMAND_LIST = 2,
    COMMAND_VERSION = 4,
    COMMAND_HELP = 8,
    COMMAND_LINT = 16,
    COMMAND_REPLAY = 32,
    COMMAND_RECORD = 64,
    COMMAND_REPORT = 128,
    COMMAND_BASELINE = 256,
    COMMAND_STATEMENT = 512,
    COMMAND_COVERAGE = 1024,
    COMMAND_PROBE = 1 << 12,
    COMMAND_DOCTOR = 1 << 13,
    COMMAND_CONFIG = 1 << 14,
    COMMAND_GENERATE = 1 << 16,
    COMMAND_INIT = 1 << 17,
    COMMAND_DEMO = 1 << 18,
    COMMAND_SHOW = 1 << 19
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
    enum command topic; /* the command that help is asked for */
    struct strings paths;
    struct strings tags, sets, secrets, choices;
    struct strings ignored; /* ids of rules */
    const char *play, *speed, *user, *password, *bind;
    struct strings calls, agents;
    const char *output, *dut, *name;
    struct strings results;
    uint64_t patience_us; /* of a probe; 0: not given */
    const char *target, *dns, *grep, *grep_invert, *junit, *html, *tap, *trace, *json, *root;
    const char *keylog, *badge;
    struct strings baselines;
    uint32_t net;                         /* enum scenario_net; NET_ANY: not given */
    uint32_t dialect, color, gate, flaky; /* the enums above, enum gate_asked; 0: not given */
    const char *from_list;
    struct strings rfcs;
    struct number seed, repeat, jobs, retries, max_failures;
    uint32_t shard_index, shard_count; /* from 1 on; count 0: all */
    bool shard_auto;                   /* the environment says it: shard_find */
    bool dry_run, until_fail;
    uint64_t wall_limit_us, for_us; /* 0: not given */
    bool summary, ladder, rules;    /* lint */
    bool only_fixed;                /* baseline update */
    bool last_failed, failed_first;
    bool fail_fast, pass_with_no_tests, no_wall_clock, list, unsafe, quiet, as_json, github, help;
    bool explain;
    bool list_tags, list_targets;
    uint32_t ci;          /* init: enum ci_choice */
    bool fail;            /* demo */
    const char *language; /* help: the word that is asked for; NULL: none */
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
