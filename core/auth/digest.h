/* Digest authentication: RFC 7616 as RFC 8760 brings it to SIP, with RFC 2617 and the qop-less form
 * of RFC 2069 for old peers.
 *
 *     struct sip_challenge challenge;
 *     if (sip_challenge_read(auth, &arena, &challenge) == ERR_OK)
 *         err = sip_digest_write(&buf, &challenge, &answer);
 */
#pragma once
#include "core/message/types.h"

enum sip_digest_algorithm {
    SIP_DIGEST_MD5,
    SIP_DIGEST_SHA_256,
    SIP_DIGEST_SHA_512_256,
    SIP_DIGEST_ALGORITHM_COUNT
};

enum sip_digest_qop { SIP_QOP_NONE, SIP_QOP_AUTH, SIP_QOP_AUTH_INT };

enum { SIP_DIGEST_HEX_MAX = 64 };

struct sip_challenge { /* quotes and escapes undone; views into the message or the arena */
    enum sip_digest_algorithm algorithm;
    bool session;                      /* a "-sess" form */
    struct view realm, nonce, opaque;  /* opaque absent where there is none */
    bool offers_auth, offers_auth_int; /* neither: no qop, RFC 2069 */
    bool stale, userhash;
};

struct sip_credentials { /* of an Authorization or Proxy-Authorization */
    enum sip_digest_algorithm algorithm;
    bool session;
    struct view user, realm, nonce, uri, response, cnonce, opaque, nc; /* nc: its eight digits */
    enum sip_digest_qop qop;
    bool userhash; /* user is a hash */
};

struct sip_digest_answer { /* what the client brings to a challenge */
    struct view user, password, method, uri, body;
    struct view cnonce;
    uint32_t nc;             /* from 1 on, for each nonce anew */
    enum sip_digest_qop qop; /* one that was offered; NONE where none was */
};

/* The challenge of a WWW- or Proxy-Authenticate value. ERR_UNSUPPORTED: another scheme, algorithm
 * or only unknown qops (RFC 8760 §2.4: pass over it); ERR_SYNTAX: no realm or nonce; ERR_MEMORY. */
enum err sip_challenge_read(const struct sip_auth *auth, struct arena *arena,
                            struct sip_challenge *out) NODISCARD;
/* The same of an Authorization value. ERR_SYNTAX: one of user, realm, nonce, uri, response lacks.
 */
enum err sip_credentials_read(const struct sip_auth *auth, struct arena *arena,
                              struct sip_credentials *out) NODISCARD;
/* Writes a challenge value, "Digest realm=…". */
void sip_challenge_write(struct buf *buf, const struct sip_challenge *challenge);
/* Writes the value of the Authorization that meets the challenge. ERR_UNSUPPORTED: this OpenSSL
 * lacks the algorithm; ERR_MEMORY. */
enum err sip_digest_write(struct buf *buf, const struct sip_challenge *challenge,
                          const struct sip_digest_answer *answer) NODISCARD;
/* Does the response prove the password? The nonce, its count and the URI are the caller's to judge.
 */
enum err sip_digest_verify(const struct sip_credentials *credentials, struct view user,
                           struct view password, struct view method, struct view body,
                           bool *out) NODISCARD;
const char *sip_digest_algorithm_text(enum sip_digest_algorithm algorithm, bool session);
bool sip_digest_algorithm_parse(struct view text, enum sip_digest_algorithm *out,
                                bool *out_session); /* in any case; false: not known */
