/* Records of TLS opened: keys out of secrets (RFC 5246 §6.3, RFC 8446 §7.3), and the ciphers of the
 * usual suites: AES-GCM, ChaCha20-Poly1305, AES-CBC with HMAC before or after it (RFC 7366).
 *
 *     struct seal seal = {.suite = suite_find(id), .version = version};
 *     bool good = seal_key_13(opener, &seal, &secret, &key) &&
 *                 seal_open(opener, &seal, &key, seq, &record, &plain);
 *
 * What OpenSSL holds is shared by all connections: a key is a few bytes.
 */
#pragma once
#include "harness/capture/keylog.h"
#include "harness/capture/tls_suite.h"

enum { TLS_1_0_WIRE = 0x0301, TLS_1_2_WIRE = 0x0303, TLS_1_3_WIRE = 0x0304 };
enum {
    RECORD_HEAD = 5,
    RECORD_MOST = (1 << 14) + 2048, /* of its fragment, RFC 5246 §6.2.3 */
    RECORD_CHANGE = 20,             /* ChangeCipherSpec */
    RECORD_ALERT = 21,
    RECORD_HANDSHAKE = 22,
    RECORD_DATA = 23
};

struct seal {                  /* how a connection's records are closed */
    const struct suite *suite; /* NULL: not known */
    uint16_t version;
    bool mac_last; /* RFC 7366 */
};

struct seal_key { /* of one direction */
    unsigned char mac[48], key[32], iv[16];
};

struct record {
    uint8_t type;
    uint16_t version;
    struct view bytes; /* of its fragment */
};

struct opener;
enum err opener_create(struct opener **out) NODISCARD;
void opener_destroy(struct opener *opener); /* NULL is fine */

/* False, here and below: OpenSSL refuses, or the secret is of another length than the suite's. */
bool seal_keys_12(struct opener *opener, const struct seal *seal, const struct secret *master,
                  const unsigned char *client_random, const unsigned char *server_random,
                  struct seal_key *out_client, struct seal_key *out_server);
bool seal_key_13(struct opener *opener, const struct seal *seal, const struct secret *secret,
                 struct seal_key *out);
/* RFC 8446 §7.2: the secret behind a KeyUpdate. */
bool seal_secret_next(struct opener *opener, const struct seal *seal, struct secret *inout);
/* The seq'th record under this key (from 0); what is in it stands until the next call. TLS 1.0
 * remembers its last block in the key. False: it was not closed with it, or not whole. */
bool seal_open(struct opener *opener, const struct seal *seal, struct seal_key *key, uint64_t seq,
               const struct record *record, struct view *out);
