/* Nonces that a server gave out, and how far each was counted: RFC 7616 §3.3, §5.4, §5.5.
 *
 *     enum err err = nonce_make(&nonces, now_us, &text);
 *     enum nonce_state state = nonce_use(&nonces, now_us, text, nc);
 *
 * A nonce is its number and what the seed says of that number, so that it is known again without
 * having been kept. What is kept of the newest ones is their age and their count.
 */
#pragma once
#include "core/base.h"

enum { NONCE_LEN = 24, NONCES_DEFAULT = 4096 };

struct nonce {
    uint64_t made_us;
    uint32_t count; /* the highest that was used */
};

struct nonces { /* zeroed, but for the first three */
    struct rng rng;
    uint64_t life_us; /* 0: for ever */
    uint32_t limit;   /* of those that are kept; 0: the default */
    struct nonce *kept;
    uint32_t size;
    uint32_t next; /* number of the next one */
    uint32_t from; /* those before are stale */
};

enum nonce_state { NONCE_GOOD, NONCE_FOREIGN, NONCE_OVER, NONCE_REPLAYED };

struct nonce_text {
    char room[NONCE_LEN + 1];
};
enum err nonce_make(struct nonces *nonces, uint64_t now_us, struct nonce_text *out) NODISCARD;
/* count 0: the client does not count (RFC 2069), and nothing can be said of replays. */
enum nonce_state nonce_use(struct nonces *nonces, uint64_t now_us, struct view text,
                           uint32_t count);
void nonces_forget(struct nonces *nonces); /* all so far are over */
void nonces_deinit(struct nonces *nonces);
