/* What a worker is told to do: a frame of one fixed length.
 *
 *     job_pack(room, &(struct job){.kind = FRAME_RUN, .file = 0, .index = 3, .seed = 7});
 */
#pragma once
#include "harness/run/frame.h"

struct job {
    enum frame_kind kind; /* FRAME_LIST or FRAME_RUN */
    uint32_t file, index; /* of the discovery; of the suite */
    uint64_t seed;
    uint64_t id_hash; /* of the scenario that is meant: the file may have changed */
    uint32_t worker;  /* who does it: from 0 on, whatever process that is by now */
};

enum { JOB_LEN = FRAME_HEAD_LEN + 40 };

struct view job_pack(char room[JOB_LEN], const struct job *job);
bool job_unpack(const char room[JOB_LEN], struct job *out); /* false: it is no job */
