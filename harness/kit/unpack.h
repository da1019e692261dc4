/* New files below a folder: all of them, or none.
 *
 *     struct new_file files[] = {{"calls.lua", V("…")}, {"_editor/sipwright.d.lua", bytes}};
 *     enum err err = unpack("phone-tests", files, 2, &complaint);
 */
#pragma once
#include "core/core.h"

struct new_file {
    const char *path; /* below the folder; its folders are made */
    struct view bytes;
};

/* ERR_SYNTAX: one of them is there already, and nothing is written. ERR_IO: one cannot be written,
 * ERR_LIMIT: there are too many folders to make, ERR_MEMORY: what was written is taken back. The
 * complaint is a sentence, but for ERR_MEMORY. */
enum err unpack(const char *folder, const struct new_file *files, size_t count,
                struct buf *complaint) NODISCARD;
