/* What the files of this folder share: a call as it is held while it goes on, and as it is drawn up
 * when it is handed out. */
#pragma once
#include "harness/calls/calls.h"

#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#define HASH_INITIAL_NUM_BUCKETS 16U
#define HASH_INITIAL_NUM_BUCKETS_LOG2 4U
#include <uthash.h>

struct held_message { /* as it came, not read */
    uint64_t time_ns;
    uint32_t frame, stream;
    enum carrier carrier;
    struct addr source, target;
    struct blob *bytes; /* one reference */
};

struct number_item {
    UT_hash_handle hh;
    uint64_t key;
    uint32_t value;
    bool lost;
};

/* Numbers by hash; items live in the scratch arena. */
struct numbers {
    struct number_item *items;
};

/* A call that is being drawn up. It fails sticky: each step is done, and one look at the end. */
struct sketch {
    struct call *call;
    struct arena *arena;   /* of the call */
    struct arena *scratch; /* gone when it is done */
    const struct calls_options *options;
    struct numbers acked; /* INVITEs that have an ACK, by cseq_key */
    uint32_t nowhere;     /* what numbers_at gives when there is no memory */
    enum err failure;
};

/* index.c. The value's place, 0 when it is new. */
uint32_t *numbers_at(struct sketch *sketch, struct numbers *index, uint64_t key, bool *out_new);
const uint32_t *numbers_find(const struct numbers *index, uint64_t key); /* NULL: none */
void numbers_clear(struct numbers *index);
uint64_t key_mix(uint64_t key, struct view text);
/* Memory of the call or the scratch for `count` items, zeroed; NULL: the sketch has failed. */
void *sketch_alloc(struct sketch *sketch, struct arena *arena, size_t count, size_t item_len);

/* call.c: reads the held messages; the blobs stay the caller's. */
enum err call_make(const struct calls_options *options, struct arena *scratch, struct view call_id,
                   const struct held_message *held, uint32_t count, bool cut,
                   struct call **out) NODISCARD;

/* parties.c, transactions.c, names.c, whole.c: in this order. */
void parties_find(struct sketch *sketch);
void transactions_find(struct sketch *sketch);
void parties_name(struct sketch *sketch);
void whole_judge(struct sketch *sketch);

/* What of a message tells which request it is or answers, over all hops: CSeq and From tag. */
uint64_t cseq_key(struct sip_msg *msg, uint32_t number, struct view method);
uint64_t message_key(struct sip_msg *msg); /* by its own CSeq */
