/* For whom a certificate speaks in SIP: RFC 5922 §7.1, and whether it may: RFC 5924 §5.
 *
 *     struct identities found;
 *     if (identities_init(&found, x509) == ERR_OK && identities_have(&found, V("example.com")))
 *         authenticated = true;
 *     identities_deinit(&found);
 */
#pragma once
#include "core/stream/openssl.h"
#include "core/base.h"

struct identities {
    struct view *names; /* domains, none with a NUL in it */
    size_t count;
    GENERAL_NAMES *sans; /* what the names point into */
    unsigned char *cn;
};

enum err identities_init(struct identities *identities, const X509 *x509) NODISCARD;
void identities_deinit(struct identities *identities);
/* RFC 5922 §7.2: whole names, in any case, no wildcards. A dot at the end of the name asked for is
 * DNS's way to say that it is whole. NULL: it is not among them. */
const struct view *identities_have(const struct identities *identities, struct view domain);
/* RFC 5924 §5; without extendedKeyUsage it may. */
bool usage_is_sip(const X509 *x509);
