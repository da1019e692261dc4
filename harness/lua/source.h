/* The files of a suite: read once, below its root only, kept compiled for each fresh state.
 *
 *     enum err err = sources_create(root, &sources);
 *     struct source *source;
 *     err = source_get(sources, V("_lib/dial.lua"), &source);
 *     status = source_load(L, source);
 */
#pragma once
#include "core/core.h"

#include <lua.h>

struct sources;
struct source {
    struct view name; /* below the root, or as the suite is called; terminated */
    struct view bytes;
    struct buf binary; /* what luac would write, of our own making, once it was parsed */
    struct source *next;
};

enum { SOURCE_LIMIT = 64 << 20 }; /* most bytes of one file */

/* root: what may be read lies below it; NULL: nothing may. */
enum err sources_create(const char *root, struct sources **out) NODISCARD;
void sources_destroy(struct sources *sources);
/* The suite's own file, by a path of the command line. On failure `why` is a phrase. */
enum err source_open(struct sources *sources, const char *path, struct view name,
                     struct source **out, const char **why) NODISCARD;
/* Bytes that are at hand (copied), under a name. */
enum err source_add(struct sources *sources, struct view name, struct view bytes,
                    struct source **out) NODISCARD;
/* A file below the root, by a relative path without "..". */
enum err source_get(struct sources *sources, struct view path, struct source **out,
                    const char **why) NODISCARD;
struct source *sources_first(const struct sources *sources); /* those read so far, by ->next */
struct source *source_find(const struct sources *sources, struct view name); /* NULL: not read */
/* Pushes the file's main function, or the error's text: LUA_OK, LUA_ERRSYNTAX, LUA_ERRMEM. */
int source_load(lua_State *L, struct source *source);
/* The line, from 1 on, without its end; absent: there is no such. */
struct view source_line(const struct source *source, uint32_t line);

void source_open_lua(lua_State *L); /* require, file */
