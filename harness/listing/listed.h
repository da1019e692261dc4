/* What a worker tells of a scenario that it found, in a frame and in the parent.
 *
 *     listed_pack(&buf, &(struct listed_by){.suite = suite, .file = 0, .index = i, .skip = skip});
 *     enum err err = listed_unpack(frame.body, &arena, &listed);
 */
#pragma once
#include "harness/run/frame.h"
#include "harness/scene/run.h"

struct listed_by { /* for a worker */
    const struct suite *suite;
    uint32_t file, index;
    struct view skip; /* its own or the runner's reason; empty: none */
};

struct listed {
    struct view id, name;
    struct view tags, covers, needs; /* each followed by a blank, but for the last */
    struct view skip, xfail;         /* why; skip: the scenario's own or the runner's reason */
    uint32_t file, index;            /* of the discovery; of the suite */
    uint32_t line, retries;
    bool elsewhere;   /* selected, but it falls to another shard */
    bool line_shared; /* a loop registered others there too */
    enum scenario_net net;
    uint64_t timeout_us; /* 0: the default */
    bool has_seed;
    uint64_t seed;
};

void listed_pack(struct buf *buf, const struct listed_by *by);
enum err listed_unpack(struct view body, struct arena *arena,
                       struct listed *out) NODISCARD; /* SYNTAX, MEMORY */
