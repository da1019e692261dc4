/* The client's side of digest: accounts, and the protection spaces that they have opened. A space
 * is a realm (RFC 3261 §22.1) at servers or at proxies, with the nonce it gave last and how often
 * that was used.
 *
 *     uint32_t space;
 *     if (keyring_meet(keyring, 0, &challenge, false, &space) == ERR_OK)
 *         err = keyring_answer(keyring, space, &request, &buf);
 */
#pragma once
#include "core/auth/digest.h"

enum { KEYRING_SPACES_MAX = 32, KEYRING_NONCE_MAX = 8192 };

struct sip_account {
    struct view user, password;
    struct view realm; /* absent: the first one that asks for it, and no other after that */
};

struct keyring_space;
struct keyring { /* zeroed: empty */
    struct keyring_account *accounts;
    uint32_t account_count;
    struct keyring_space *spaces[KEYRING_SPACES_MAX];
    uint32_t space_count;
    bool any_realm; /* a mutant: answers for realms that are not its own */
};

struct keyring_request { /* what an answer is for */
    struct view method, uri, body;
    struct view cnonce;
    bool count_kept; /* a mutant: the count of the answer before, once more */
};

/* Its number is never 0. What is shared is for all requests; else for those that name it. */
enum err keyring_add(struct keyring *keyring, const struct sip_account *account, bool shared,
                     uint32_t *out_account) NODISCARD;
/* A challenge has come: the space that it opens, or gives another nonce. account 0: any shared one.
 * ERR_ABSENT: of a realm that none of them is for, so that nothing may be said to it. ERR_LIMIT:
 * too many spaces, or a nonce that no header should have. */
enum err keyring_meet(struct keyring *keyring, uint32_t account,
                      const struct sip_challenge *challenge, bool proxy,
                      uint32_t *out_space) NODISCARD;
/* The space that credentials of this realm were for; false: none. */
bool keyring_find(const struct keyring *keyring, uint32_t account, struct view realm, bool proxy,
                  uint32_t *out_space);
bool keyring_proxy(const struct keyring *keyring, uint32_t space);
/* Adds the value of an Authorization, "Digest …", with the next nonce count. */
enum err keyring_answer(struct keyring *keyring, uint32_t space,
                        const struct keyring_request *request, struct buf *out) NODISCARD;
void keyring_deinit(struct keyring *keyring);
