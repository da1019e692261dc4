/* Runs scenarios out of a string on the simulated network: for tests.
 *
 *     struct scene_fixture *f = scene_fixture_create(NULL);
 *     assert_string_equal(scene_play(f, "scenario('a', function(t) t:fail('x') end)"), "fail 1:
 * x"); scene_fixture_destroy(f);
 */
#pragma once
#include "harness/scene/run.h"

struct scene_fixture {
    struct suite_options suite_options;
    struct scene_options scene_options; /* driver and trace are filled in by each play */
    void (*prepare)(struct driver *);   /* the network, before each play; NULL: as it is */
    struct suite *suite;
    struct load_error load_error;
    struct scene_result result;
    struct trace *trace; /* of the last play */
    struct buf text;
};

/* parts: NULL-terminated, or NULL. */
struct scene_fixture *scene_fixture_create(const struct scene_part *const *parts);
void scene_fixture_destroy(struct scene_fixture *f);
/* Loads the file "test.lua" and plays its first scenario: "pass", "fail LINE: sentence" (LINE 0:
 * the verdict has none), or "load LINE: sentence". */
const char *scene_play(struct scene_fixture *f, const char *code);
/* The same of another scenario of the file loaded last. */
const char *scene_play_at(struct scene_fixture *f, size_t index);
/* All events of a kind in the last trace, a line each: "LINE name text". */
const char *scene_events(struct scene_fixture *f, enum trace_kind kind);

struct play {
    const char *code, *result; /* result: a trailing '*' stands for any rest */
};
