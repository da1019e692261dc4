/* Bytes that end where nothing can be read: an over-read of one byte faults.
 *
 *     test_guarded(V("sip:a@b"), parse_uri, &arena);
 */
#pragma once
#include "core/base/blob.h"

/* Calls use with the bytes moved to the end of a page behind which there is none. */
void test_guarded(struct view bytes, void (*use)(struct view bytes, void *ctx), void *ctx);
/* The same bytes as a blob; it stands until the next call of either, whoever unrefs it. */
struct blob *guard_blob(struct view bytes);
