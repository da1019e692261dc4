/* Certificates and keys: read from PEM, or made at run time with the validity, names and flaws that
 * a test wants. What is made depends on its options alone: the same ones give the same bytes.
 *
 *     struct certificate_options options = {.cn = V("CA"), .ca = true, .not_after_s = epoch + DAY};
 *     enum err err = certificate_create(library, &options, &ca);
 *     certificate_unref(ca);
 */
#pragma once
#include "core/stream/tls_library.h"

struct certificate; /* a certificate, its key where we have it, and the certificates above it */

/* Keys are numbered: key n of a type is the same in all processes, and made once in each. */
#define KEY_TYPE_LIST(X)                                                                           \
    X(P256, "p256")                                                                                \
    X(P384, "p384")                                                                                \
    X(ED25519, "ed25519")                                                                          \
    X(RSA1024, "rsa1024")                                                                          \
    X(RSA2048, "rsa2048")                                                                          \
    X(RSA4096, "rsa4096")
enum key_type {
#define KEY_TYPE_ENUM(name, text) KEY_##name,
    KEY_TYPE_LIST(KEY_TYPE_ENUM)
#undef KEY_TYPE_ENUM
};

struct certificate_options {
    struct view cn;          /* of the subject; absent: it has none */
    const struct view *sans; /* "DNS:…", "URI:…", "IP:…", "email:…"; without such a head by shape:
                                a URI has a scheme, an address is one, all else is DNS */
    size_t san_count;
    bool has_san;                      /* a subjectAltName, be it without a name in it */
    int64_t not_before_s, not_after_s; /* since 1970 */
    const struct certificate *issuer;  /* has its key; NULL: it signs itself */
    bool ca;                           /* basicConstraints CA:TRUE and keyCertSign */
    bool has_path_length;
    uint32_t path_length;      /* of a CA: so many CAs may stand between it and the last one */
    const struct view *usages; /* extendedKeyUsage: "serverAuth", "clientAuth", "sipDomain", "any",
                                  "email", or an OID in dots */
    size_t usage_count;
    const struct view *permitted, *excluded; /* nameConstraints of a CA: DNS names */
    size_t permitted_count, excluded_count;
    bool critical_unknown; /* a critical extension that nobody knows */
    bool sha1;             /* signed over SHA-1 instead of SHA-256 */
    bool alone;            /* shown without the certificates above it */
    enum key_type key;
    uint32_t key_number;
    uint64_t serial;
    struct rng rng; /* what the signature draws from */
};

/* ERR_SYNTAX: a name, address or usage that is none. ERR_STATE: the issuer has no key. ERR_LIMIT,
 * ERR_MEMORY. */
enum err certificate_create(struct tls_library *library, const struct certificate_options *options,
                            struct certificate **out) NODISCARD;

/* Reads PEM. The first certificate of `text` is the one, the others stand above it; `key` may be
 * empty: then we cannot show it, but trust it. ERR_SYNTAX: out_why says in one phrase what cannot
 * be read ("the key is encrypted") ; ERR_CONFLICT: the key is of another certificate. */
enum err certificate_read(struct tls_library *library, struct view text, struct view key,
                          struct certificate **out, const char **out_why) NODISCARD;

struct certificate *certificate_ref(struct certificate *certificate); /* NULL is fine */
void certificate_unref(struct certificate *certificate);              /* NULL is fine */
bool certificate_has_key(const struct certificate *certificate);

/* PEM: of the certificate and what stands above it; of its key. */
void certificate_write(const struct certificate *certificate, struct buf *out);
void certificate_write_key(const struct certificate *certificate, struct buf *out);

/* From now on lists of the revoked that this CA gives have the serial. ERR_STATE: it has no key. */
enum err certificate_revoke(struct certificate *ca, uint64_t serial) NODISCARD;
uint64_t certificate_serial(const struct certificate *certificate);
