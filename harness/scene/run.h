/* The entry for whoever runs scenarios: load a file, see what it registers, run one of them.
 *
 *     enum err err = suite_load(&suite_options, &suite, &load_error);
 *     const struct scenario_info *info = suite_scenario(suite, i);
 *     err = scene_run(suite, i, &scene_options, &result);
 *     suite_destroy(suite);
 *
 * A suite keeps the bytes of its files; every scenario gets a fresh Lua state and a fresh world.
 */
#pragma once
#include "core/core.h"
#include "harness/scene/part.h"

struct scene_watch; /* waits.h */

struct suite;

struct named_text {
    struct view name, value;
};

struct view_list {
    const struct view *items;
    size_t count;
};

struct suite_options { /* all views and pointers are borrowed for the suite's life */
    const char *path;  /* of the file to open */
    struct view
        text; /* its bytes, where they are at hand (then nothing is opened); absent: read it */
    struct view name; /* how ids, errors and reports call it; absent: path */
    const char *root; /* require and file() reach below this folder; NULL: the file's own */
    const struct scene_part *const *parts; /* NULL-terminated; NULL: none */
    const struct named_text *params;       /* --set */
    size_t param_count;
    const struct named_text *secrets; /* --secret and $SIPWRIGHT_SECRET_… */
    size_t secret_count;
    struct view mutant;         /* --mutant; empty: they are only listed; absent: there are none */
    struct view mutant_file;    /* that registers it, below the root; absent: none is loaded */
    bool unsafe;                /* --unsafe */
    size_t memory_limit;        /* of one Lua state; 0: 256 MiB */
    uint64_t instruction_limit; /* of one scenario, and of the top level; 0: 1e9 */
};

struct load_error {       /* views live until the next suite_load or suite_config_load */
    struct view file;     /* as suite_options.name, or below the root */
    uint32_t line;        /* 0: none (the file cannot be read …) */
    struct view sentence; /* "unknown option 'tag' of scenario; did you mean 'tags'?" */
    struct view hint;     /* may be empty */
    struct view excerpt;  /* lines around it, numbered, with a mark; may be empty */
};

enum scenario_net { NET_ANY, NET_SIM, NET_REAL };

struct scenario_info { /* views live as long as the suite */
    struct view id;    /* "basic.lua: group: name" */
    struct view file;  /* suite_options.name */
    struct view name;  /* with its groups: "group: name" */
    uint32_t line;     /* of the call of scenario() */
    struct view_list tags, covers, needs, allow;
    enum scenario_net net;
    struct view skip, xfail; /* why; empty: not */
    uint32_t retries;
    uint64_t timeout_us; /* 0: the default */
    bool as_it_is;       /* tidy = false: what is still up at its end stays up */
    bool has_seed;
    uint64_t seed; /* pinned */
};

/* Runs the file's top level once in a closed state. ERR_SYNTAX: the file does not load, out_error
 * says why; ERR_IO: it cannot be read, out_error too; ERR_MEMORY. */
enum err suite_load(const struct suite_options *options, struct suite **out,
                    struct load_error *out_error) NODISCARD;
void suite_destroy(struct suite *suite);
size_t suite_count(const struct suite *suite);
const struct scenario_info *suite_scenario(const struct suite *suite, size_t index);
/* Names that the top level asked for by param(), each with its default as text. */
struct view_list suite_params(const struct suite *suite);
uint64_t suite_hash(const struct suite *suite); /* of the file's bytes */

struct scene_options {
    struct driver *driver; /* borrowed; fresh: nothing is bound, its clock is at 0 */
    struct trace *trace;   /* borrowed */
    uint64_t seed; /* of the run; a scenario's pinned one goes first. Draws depend on the id too */
    struct view skip;             /* the runner's reason to skip (needs, net …); absent: run it */
    const struct choice *choices; /* the tape */
    size_t choice_count;
    bool only_choices;
    const struct net_link *link; /* the network everywhere, --link; NULL: the usual one */
    struct view_list ignored;    /* ids of rules that the monitor does not judge by */
    struct scene_clock clock;    /* real, tolerance, patience; all 0: simulation */
    struct scene_way way;        /* all 0: UDP */
    uint64_t timeout_us;         /* instead of 10 min simulated, 2 min real; 0: those */
    int64_t epoch_s;             /* where os.time begins, since 1970; 0: SCENE_EPOCH_S */
    const struct target *target; /* NULL: none */
    struct view target_name;     /* for BEGIN */
    struct scene_watch *watch;   /* borrowed; NULL: nobody looks on */
};
#define SCENE_EPOCH_S 1767225600 /* 2026-01-01 00:00:00 UTC: where virtual time begins */

struct scene_result { /* views live until the next scene_run or suite_destroy */
    enum verdict verdict;
    bool xfailed;        /* it failed as its xfail says: verdict is SKIP */
    bool environment;    /* not green, and neither device nor script is to be blamed: exit code 5 */
    struct view reason;  /* one sentence; empty for PASS, but of a known failure */
    struct view detail;  /* JSON object, as of the VERDICT event; empty for PASS */
    bool misuse;         /* the script is wrong by the language's page: exit code 3 */
    uint64_t virtual_us; /* of the scenario's clock */
    uint64_t assertions;
    bool untidy; /* a device did not answer when what was still up was ended */
};

/* Runs one scenario to its verdict; the trace has BEGIN … VERDICT, END. Anything that goes wrong in
 * it is a verdict; ERR_MEMORY only where not even that could be told. */
enum err scene_run(struct suite *suite, size_t index, const struct scene_options *options,
                   struct scene_result *out) NODISCARD;

/* Runs sipwright.lua in the same closed state; on ERR_OK the table that it returned is on top of
 * the state that out_config owns. */
struct config;
enum err suite_config_load(const struct suite_options *options, struct config **out,
                           struct load_error *out_error) NODISCARD;
lua_State *config_lua(struct config *config);
void config_destroy(struct config *config);
