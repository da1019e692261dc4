/* Which files of scenarios a run means: files as given, folders searched for *.lua.
 *
 *     struct discovery found = {0};
 *     enum err err = discover(&options->paths, options->root, &found, &complaint);
 *     discovery_deinit(&found);
 *
 * What begins with "_" holds helpers, what begins with "." is nobody's business; neither is found.
 */
#pragma once
#include "harness/options/options.h"

struct suite_file {
    struct view path;        /* below the root: "examples/basic.lua"; NUL follows */
    struct view shown;       /* as the user would type it; NUL follows */
    uint32_t line;           /* of PATH:LINE; 0: all of its scenarios */
    struct suite_file *more; /* the same file with a lesser line, also given; NULL: none */
};

struct discovery {
    struct arena arena;
    struct view root;          /* absolute; NUL follows */
    struct view root_shown;    /* as the user would type it */
    bool root_named;           /* by --root */
    bool configured;           /* the root holds sipwright.lua … */
    struct view config;        /* … with this absolute path; NUL follows */
    struct suite_file **files; /* in order of their paths' bytes */
    uint32_t file_count, file_size;
};

/* No path means the folder one is in. ERR_SYNTAX: the complaint is one sentence. */
enum err discover(const struct strings *paths, const char *root, struct discovery *out,
                  struct buf *complaint) NODISCARD;
/* A rerun of this file alone has to name the root to mean the same suite. */
bool discovery_root_needed(const struct discovery *discovery, const struct suite_file *file);
void discovery_deinit(struct discovery *discovery);
