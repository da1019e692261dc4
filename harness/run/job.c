#include "harness/run/job.h"

#include <assert.h>

struct view job_pack(char room[JOB_LEN], const struct job *job)
{
    uint64_t words[] = {job->file, job->index, job->seed, job->id_hash, job->worker};

    static_assert(FRAME_HEAD_LEN + sizeof words == JOB_LEN, "a job is its words");
    frame_head(room, job->kind, sizeof words);
    memcpy(room + FRAME_HEAD_LEN, words, sizeof words);
    return (struct view){room, JOB_LEN};
}

bool job_unpack(const char room[JOB_LEN], struct job *out)
{
    struct frame frame;
    uint64_t words[(JOB_LEN - FRAME_HEAD_LEN) / sizeof(uint64_t)];

    if (frame_read((struct view){room, JOB_LEN}, &frame) != JOB_LEN)
        return false;
    memcpy(words, frame.body.ptr, sizeof words);
    *out = (struct job){.kind = frame.kind,
                        .file = (uint32_t)words[0],
                        .index = (uint32_t)words[1],
                        .seed = words[2],
                        .id_hash = words[3],
                        .worker = (uint32_t)words[4]};
    return frame.kind == FRAME_LIST || frame.kind == FRAME_RUN;
}
