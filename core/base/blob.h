/* Bytes that several holders share: a transaction, a link in flight, the trace, a script.
 *
 *     struct blob *copy = blob_ref(blob);
 *     use(blob_view(copy));
 *     blob_unref(copy);
 */
#pragma once
#include "core/base/err.h"

/* How much of a message a script has written in its stack's stead: nobody is blamed for that. */
enum blob_told {
    TOLD_NOTHING,
    TOLD_PART,    /* headers, a body: this message is the script's */
    TOLD_IDENTITY /* what later messages go by (tags, CSeq, routes, a target): those as well */
};

struct blob {
    uint32_t refs : 30;
    uint32_t told : 2; /* enum blob_told */
    uint32_t len;
    char data[]; /* immutable once shared; one NUL follows the last byte, for debuggers only */
};

struct blob *blob_create(struct view bytes) NODISCARD; /* a copy, one reference; NULL: memory */
struct blob *blob_alloc(size_t len) NODISCARD;         /* to be filled before it is shared */
struct blob *blob_ref(struct blob *blob);              /* NULL is fine */
void blob_unref(struct blob *blob);                    /* NULL is fine */
struct view blob_view(const struct blob *blob);        /* NULL gives the absent view */
