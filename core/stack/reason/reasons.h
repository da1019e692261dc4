/* The reasons to send a request once more, one file each. Nobody outside includes this; what the
 * stack needs of it is the table that core/stack/again.h names.
 */
#pragma once
#include "core/stack/again.h"

again_reason challenge_again; /* 401, 407 of realms of ours: RFC 3261 §22 */
again_reason glare_again;     /* 491 in a call: §14.1 */
again_reason interval_again;  /* 422: RFC 4028 §7.3 */
again_reason brief_again;     /* 423: RFC 3261 §10.2.8 */
again_reason fallback_again;  /* nobody takes a connection: §18.1.1 */
again_reason failover_again;  /* 503, or nothing at all: RFC 3263 §4.3 */
again_reason redirect_again;  /* 300 to 302: RFC 3261 §8.1.3.4 */
