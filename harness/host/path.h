/* Paths of the file system, as terminated views in an arena.
 *
 *     struct view path = path_join(&arena, dir, V("basic.lua"));
 *     if (path_kind(path) == PATH_FILE)
 *         load(path);
 */
#pragma once
#include "core/core.h"

enum path_kind { PATH_ABSENT, PATH_FILE, PATH_FOLDER, PATH_OTHER };

enum path_kind path_kind(struct view path); /* of what a symbolic link leads to */
bool path_is_link(struct view path);
/* .ptr NULL: memory. "" and "." as dir add nothing. */
struct view path_join(struct arena *arena, struct view dir, struct view name) NODISCARD;
/* Absolute, without links, "." and ".."; .ptr NULL: it does not exist, or memory. */
struct view path_real(struct arena *arena, struct view path) NODISCARD;
struct view path_dir(struct arena *arena,
                     struct view path) NODISCARD; /* "a/b.lua": "a"; "b": "." */
struct view path_base(struct view path);          /* "a/b.lua": "b.lua" */
bool path_below(struct view root, struct view path, struct view *out_rest); /* or the same */
/* A path that works from where we are, short where it is below: for lines that users copy. */
struct view path_shown(struct arena *arena, struct view absolute) NODISCARD;
/* With the folders above it, as mkdir -p; IO: errno says why. */
enum err path_make_folder(struct view path) NODISCARD;
