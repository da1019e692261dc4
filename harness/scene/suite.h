/* A file of scenarios as its top level registered it: private to harness/scene.
 *
 *     struct loading loading = {.suite = suite};
 *     int status = suite_load_into(suite, engine, &loading, &error);
 */
#pragma once
#include "harness/lua/engine.h"
#include "harness/lua/source.h"
#include "harness/scene/run.h"

enum { SCENARIOS_MOST = 100000, GROUPS_DEEP = 32 };

struct group { /* group 0 is the file itself */
    uint32_t parent;
    struct view prefix;             /* "outer: inner: " */
    struct scenario_info inherited; /* options that its scenarios share */
};

struct around { /* before_each and after_each */
    uint32_t group;
    bool after;
    int ref;
};

struct registered {
    struct scenario_info info;
    uint32_t group;
    int ref; /* of the function, in the state that loaded it */
};

struct loading {
    struct suite *suite;
    struct arena arena;
    struct registered *scenarios;
    uint32_t scenario_count, scenario_size;
    struct group *groups;
    uint32_t group_count, group_size;
    struct around *arounds;
    uint32_t around_count, around_size;
    struct view *params;
    uint32_t param_count, param_size;
    uint32_t group;     /* the one whose function runs */
    bool closed;        /* the top level has ended: nothing is registered any more */
    struct view misuse; /* the first one, as raised: no pcall of the file undoes it; absent: none */
};

struct suite {
    struct suite_options options;
    struct sources *sources;
    struct source *source;     /* the file itself */
    struct loading loaded;     /* of the first load: what is listed */
    struct buf reason, detail; /* of the result given last */
    struct secrets secrets;    /* of the options */
    struct tls_library *tls;   /* made by the first scenario that needs it */
};

/* Runs the file's top level in a fresh engine. LUA_OK, or an error's status and its text. */
int suite_run_top(struct suite *suite, struct engine *engine, struct loading *loading,
                  struct view *out_error);
enum err suite_init(struct suite *suite, const struct suite_options *options,
                    struct load_error *out_error) NODISCARD;
void suite_deinit(struct suite *suite);
/* An error's text taken apart: file, line, sentence, hint and excerpt. */
void suite_tell_error(struct suite *suite, struct view text, struct load_error *out);
void loading_deinit(struct loading *loading);
enum err suite_engine(struct suite *suite, struct rng rng, int64_t epoch_s,
                      struct engine **out) NODISCARD;
/* scenario, group, before_each, after_each, param, secret. */
void register_open(lua_State *L);
/* The options in the table at index, over those inherited already. Raises a misuse. */
void scenario_options_read(lua_State *L, int index, struct arena *arena, struct scenario_info *info,
                           const char *owner);
/* A copy in the arena; raises where there is no memory. */
struct view copy_in(lua_State *L, struct arena *arena, struct view text);
/* "file:12: text" of a script's error taken apart; place of line 0 where there is none. */
struct place place_from_text(const struct suite *suite, struct view text, struct view *out_rest);
