/* Where a device may be listening, by what is known of it: a host, and perhaps a port.
 *
 *     struct ask_place places[PLACES_MAX];
 *     size_t count = places_of(&target.addr, places);
 */
#pragma once
#include "harness/target/ask.h"

enum { PLACES_MAX = 8 };

/* Its own port by each transport, and the usual ones of TLS and WebSocket. Gives how many. */
size_t places_of(const struct addr *addr, struct ask_place out[PLACES_MAX]);
