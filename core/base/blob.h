/* Bytes that several holders share: a transaction, a link in flight, the trace, a script.
 *
 *     struct blob *copy = blob_ref(blob);
 *     use(blob_view(copy));
 *     blob_unref(copy);
 */
#pragma once
#include "core/base/err.h"

struct blob {
    uint32_t refs;
    uint32_t len;
    char data[]; /* immutable once shared; one NUL follows the last byte, for debuggers only */
};

struct blob *blob_create(struct view bytes) NODISCARD; /* a copy, one reference; NULL: memory */
struct blob *blob_alloc(size_t len) NODISCARD;         /* to be filled before it is shared */
struct blob *blob_ref(struct blob *blob);              /* NULL is fine */
void blob_unref(struct blob *blob);                    /* NULL is fine */
struct view blob_view(const struct blob *blob);        /* NULL gives the absent view */
