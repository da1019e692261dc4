/* A file that is there whole or not at all: written beside its place, then renamed.
 *
 *     enum err err = writer_open(&writer, "out/junit.xml");
 *     buf_add(writer_buf(&writer), V("<testsuites/>"));
 *     return writer_close(&writer, err);
 */
#pragma once
#include "core/base.h"

struct writer {
    int fd;         /* -1: none */
    char *path;     /* where it shall be */
    char *beside;   /* where it grows; NULL: the target is no regular file, and written directly */
    struct buf buf; /* not yet written */
    enum err err;
};

/* Makes the folders that are missing. A device or a pipe is written to as it is;
 * "-" is standard output. */
enum err writer_open(struct writer *writer, const char *path) NODISCARD;
struct buf *writer_buf(struct writer *writer);
/* Call now and then: writes out what has come together once that is worth a call. */
void writer_spill(struct writer *writer);
/* With ERR_OK so far: the file stands in its place, or the error tells why not. Else, and on any
 * failure, what was written is removed. Ends the writer; also after a failed open. */
enum err writer_close(struct writer *writer, enum err so_far) NODISCARD;
/* "out/a/b.xml": makes out and out/a. */
enum err writer_folders_make(const char *path) NODISCARD;
