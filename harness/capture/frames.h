/* Messages out of the bytes of one direction of a WebSocket, RFC 6455 §5, as somebody in between
 * sees them: behind the HTTP head, masked or not, in pieces or whole.
 *
 *     enum err err = frames_give(&frames, bytes);
 *     while (frames_next(&frames, &message))
 *         use(message);
 */
#pragma once
#include "core/base.h"

struct frames {     /* zeroed: before the HTTP head */
    struct buf buf; /* what has come and is not taken; bytes before `at` are */
    size_t at;
    struct buf message; /* pieces of one that is not whole */
    bool opened;        /* behind the HTTP head */
    bool given;         /* `message` was given out whole */
    bool broken;        /* this is no WebSocket, or too much */
};

bool frames_begin(struct view bytes); /* whether these first bytes may be such a stream's */
enum err frames_give(struct frames *frames, struct view bytes) NODISCARD; /* copies; MEMORY */
bool frames_next(struct frames *frames, struct view *out); /* valid until the next call */
bool frames_inside(const struct frames *frames);           /* one has begun, and is not whole */
/* Behind a gap: what a whole message that begins with these bytes begins with, as far as it is
 * there, in the caller's room; absent: none does. */
struct view frames_peek(struct view bytes, char *room, size_t room_len);
void frames_deinit(struct frames *frames);
