/* The keys of the WebSocket handshake, RFC 6455 §4.1 and §4.2.2.
 *
 *     struct ws_key key = ws_key_make(rng);
 *     struct ws_accept accept = ws_accept_of(ws_key_view(&key));
 */
#pragma once
#include "core/base.h"

enum { WS_KEY_LEN = 24, WS_ACCEPT_LEN = 28 };

struct ws_key { /* 16 bytes in base64 */
    char text[WS_KEY_LEN + 1];
};
struct ws_accept { /* 20 bytes in base64 */
    char text[WS_ACCEPT_LEN + 1];
};

struct ws_key ws_key_make(struct rng rng);
bool ws_key_good(struct view key); /* the base64 of 16 bytes */
/* The proof that the other side has read this key. */
struct ws_accept ws_accept_of(struct view key);
