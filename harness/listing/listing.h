/* What the workers found in the files: scenarios, files that do not load, names of parameters.
 *
 *     enum err err = listing_read(pool, &discovery, limit_us, &listing);
 *     listing_deinit(&listing);
 */
#pragma once
#include "harness/listing/discover.h"
#include "harness/listing/listed.h"
#include "harness/run/pool.h"

struct load_failure {
    uint32_t file; /* of the discovery */
    struct view path, sentence, hint,
        excerpt; /* path: of the file that is wrong, maybe a required one */
    uint32_t line;
    bool crashed; /* of the worker: a fault of ours */
};

struct pointers {
    void **items;
    uint32_t count, size;
};

struct listing {
    struct arena arena;
    struct pointers scenarios; /* struct listed, by file, then as registered */
    struct pointers failures;  /* struct load_failure, in order of their files */
    struct pointers params;    /* struct view */
    uint32_t elsewhere;        /* of the scenarios: those that fall to other shards */
    struct pointers targets;   /* struct view: names, of sipwright.lua */
    struct view target_name, target_uri, target_claims;
    uint32_t target_jobs;  /* how many scenarios it bears at a time; 0: it does not say */
    struct view transport; /* of the run; empty: UDP, as usual */
    struct view known_path, known_failures; /* of the target's baseline; empty: it has none */
    struct view config_complaint; /* sipwright.lua or --target is wrong; absent: neither */
};

/* limit_us: real time for each file; 0: the usual of processor time. ERR_MEMORY; ERR_IO: no worker;
 * ERR_STATE: a signal came. */
enum err listing_read(struct pool *pool, const struct discovery *discovery, uint64_t limit_us,
                      struct listing *out) NODISCARD;
void listing_deinit(struct listing *listing);

/* Each word of the scenarios' tags, in their order, a copy with a NUL behind: struct view. */
enum err listing_tags(struct listing *listing, struct pointers *out) NODISCARD; /* MEMORY */
enum err pointers_add(struct pointers *pointers, void *item) NODISCARD;         /* MEMORY */
