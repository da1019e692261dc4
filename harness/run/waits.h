/* What a running scenario waits for, on its way from the worker to the parent and onto the screen.
 *
 *     waits_pack(&buf, scene, running);                  a frame, in the worker
 *     waits_take(&waits, frame->body, clock_wall_us());  in the parent
 *     waits_line(&waits, clock_wall_us(), &line);        "bob: waiting for ACK, 3.2 s left"
 */
#pragma once
#include "harness/run/frame.h"

#include <lua.h>

struct scene;

struct waits { /* zeroed: nothing is known */
    struct buf body;
    uint64_t got_us; /* of real time */
};

void waits_pack(struct buf *buf, const struct scene *scene, lua_State *running);
/* Of one that has no scene yet: only what is waited for. */
void waits_pack_before(struct buf *buf, struct view what);
void waits_take(struct waits *waits, struct view body, uint64_t now_us);
void waits_clear(struct waits *waits);
void waits_deinit(struct waits *waits);
/* The first wait, with its agent's timer that gives up; nothing where nothing is known. */
void waits_line(const struct waits *waits, uint64_t now_us, struct buf *out);
/* All of them, a line each behind four blanks. */
void waits_write(const struct waits *waits, uint64_t now_us, struct buf *out);
