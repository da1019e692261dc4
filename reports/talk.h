/* The TCP connections that a capture is to show: each with a handshake before its first bytes, and
 * sequence numbers that follow from what was said, whatever the real ones were.
 *
 *     enum err err = talk_say(&talks, &wire->source, &wire->target, wire->bytes, &saying);
 *     while (talk_next(&saying, &head, &payload))
 *         dump(packet_write(room, &head, payload));
 */
#pragma once
#include "reports/packet.h"

struct talk;
struct talks { /* zeroed: empty */
    struct talk *by_ends;
};

struct saying { /* some bytes on their way into segments */
    struct talk *talk;
    bool back; /* from the one who was opened to */
    struct view rest;
};

enum err talk_say(struct talks *talks, const struct addr *source, const struct addr *target,
                  struct view bytes, struct saying *out) NODISCARD; /* MEMORY */
bool talk_next(struct saying *saying, struct packet_head *out, struct view *out_payload);
void talks_deinit(struct talks *talks);
