/* Hex digests of joined parts, as all formulas of RFC 7616 §3.4 want them.
 *
 *     struct hex ha1;
 *     enum err err = hash_joined(SIP_DIGEST_MD5, (struct view[]){user, realm, password}, 3, &ha1);
 */
#pragma once
#include "core/auth/digest.h"

struct hex {
    char text[SIP_DIGEST_HEX_MAX];
    size_t len;
};

struct view hex_view(const struct hex *hex);
/* H(part ":" part ":" …) in lower-case hex. */
enum err hash_joined(enum sip_digest_algorithm algorithm, const struct view *parts, size_t count,
                     struct hex *out) NODISCARD;
