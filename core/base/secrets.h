/* What must never be written: passwords, keys, and what a digest proves with them, from which
 * anybody could find them by trying. Lengths are kept.
 *
 *     enum err err = secrets_add(&secrets, V("hunter2"));
 *     secrets_black_out(&secrets, own_text);
 */
#pragma once
#include "core/base/err.h"
#include "core/base/view.h"

enum { PROOFS_KNOWN = 256 };

struct secrets {        /* zeroed: none */
    struct view *items; /* the longest first: one may be a part of another */
    uint32_t count, size;
    uint64_t proofs[PROOFS_KNOWN]; /* hashes of the newest ones that were met */
    size_t proof_count;            /* ever */
};

enum err secrets_add(struct secrets *secrets, struct view secret) NODISCARD; /* a copy */
void secrets_deinit(struct secrets *secrets);
/* Overwrites them with '*' in a text that is the caller's own, also as they stand in a quoted
 * string, in a URI, in hex or in base64, and the beginning of one that was cut off ("hunte…").
 *
 * Besides, whether or not any was added, what tells by its shape that it is one: of a digest
 * (RFC 7616 §3.4.1, §3.5) response="…" and rspauth="…", and from then on the same digits wherever
 * they stand; other credentials of an Authorization; keys in SDP (a=crypto, a=key-mgmt, k=,
 * a=ice-pwd); the password of a URI. */
void secrets_black_out(struct secrets *secrets, struct view own);
/* False: nothing of it would be overwritten. For a look at bytes that are more than a text: it is
 * true of some in which nothing is. */
bool secrets_may_be(const struct secrets *secrets, struct view text);
