/* The server's side of digest: whose credentials are good, and what to challenge with. Pure: a
 * registrar, a proxy and a UAS have one each.
 *
 *     struct sip_verified who;
 *     if (verifier_check(v, now_us, request, SIP_HEADER_AUTHORIZATION, &who) == VERIFY_GOOD)
 *         serve(who.user);
 *     else
 *         err = verifier_challenge(v, now_us, who.result == VERIFY_STALE,
 *                                  SIP_HEADER_WWW_AUTHENTICATE, &arena, rows, &row_count);
 */
#pragma once
#include "core/auth/digest.h"
#include "core/message/build.h"

enum { VERIFY_ALGORITHMS_MAX = 6 };

struct sip_user {
    struct view name, password;
};

struct sip_digest_choice {
    enum sip_digest_algorithm algorithm;
    bool session;
};

struct verifier_options { /* all is copied */
    struct view realm;
    const struct sip_user *users;
    size_t user_count;
    struct sip_digest_choice choices[VERIFY_ALGORITHMS_MAX]; /* the best first; none: MD5 */
    size_t choice_count;
    bool auth_int, auth;    /* the qops that are offered; neither: auth */
    uint64_t nonce_life_us; /* 0: for ever */
    uint32_t nonce_limit;   /* so many are remembered, older ones are stale; 0: the default */
    struct rng rng;         /* nonces are drawn from it */
};

enum verify_result {
    VERIFY_GOOD,
    VERIFY_MISSING, /* no credentials of this realm */
    VERIFY_STALE,   /* the proof is right, but of a nonce that is over, unknown or used so far */
    VERIFY_WRONG,   /* who is not known, or the wrong password */
    VERIFY_BROKEN   /* memory, or a hash that OpenSSL does not have */
};

struct sip_verified {
    enum verify_result result;
    const char *why;  /* "the password is wrong": for traces and scripts; never NULL */
    struct view user; /* of GOOD: the verifier's own text; else absent */
    struct view uri;  /* of GOOD: what the digest was made of; until the next check */
};

struct verifier;
enum err verifier_create(const struct verifier_options *options, struct verifier **out) NODISCARD;
void verifier_destroy(struct verifier *verifier);
struct view verifier_realm(const struct verifier *verifier);

/* Judges a request by its rows of that header (SIP_HEADER_AUTHORIZATION or _PROXY_AUTHORIZATION)
 * that are of this realm: the first good one counts. A nonce count that was seen before is a
 * replay, RFC 7616 §5.5: what is good is good once. */
enum verify_result verifier_check(struct verifier *verifier, uint64_t now_us,
                                  struct sip_msg *request, enum sip_header_id header,
                                  struct sip_verified *out);
/* One row for each algorithm, in order of preference (RFC 8760 §2.3), all with one new nonce.
 * stale: a STALE one is asked again, RFC 7616 §3.3. Texts are arena's, rows has room for
 * VERIFY_ALGORITHMS_MAX. header: SIP_HEADER_WWW_AUTHENTICATE (401) or _PROXY_AUTHENTICATE (407). */
enum err verifier_challenge(struct verifier *verifier, uint64_t now_us, bool stale,
                            enum sip_header_id header, struct arena *arena, struct sip_row *rows,
                            size_t *out_count) NODISCARD;
void verifier_forget(struct verifier *verifier); /* all nonces so far are stale */
