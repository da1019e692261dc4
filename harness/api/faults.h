/* Faults that a script names by a pattern: t.net:drop("alice->>bob: INVITE", 1). One that was never
 * used up fails the scenario.
 *
 *     enum err err = faults_create(&scene->faults);
 *     struct fate fate = faults_judge(scene, from, to, msg, bytes);
 */
#pragma once
#include "harness/agent/agents.h"
#include "harness/pattern/pattern.h"

enum fault_kind_of { FAULT_DROP, FAULT_DELAY, FAULT_DUPLICATE, FAULT_CORRUPT };

struct fault {
    struct fault *next;
    struct handle handle;
    enum fault_kind_of kind;
    struct arena arena; /* of the line */
    struct pattern_line line;
    struct view text;
    uint64_t delay_us;
    uint64_t left, times; /* how often it will act yet; times UINT64_MAX: always */
    uint64_t hits;
    int function; /* reference; corrupt */
    bool optional;
    struct trace_source source; /* file in agents->arena */
};

struct faults {
    struct table table;
    struct fault *first, *last; /* in the order in which the script named them */
};

enum err faults_create(struct faults **out) NODISCARD;
void faults_destroy(struct faults *faults);
/* In the list and in its table; the caller fills in the rest. NULL: memory. */
struct fault *fault_create(struct faults *faults);
struct fate faults_judge(struct scene *scene, uint32_t from, uint32_t to, struct sip_msg *msg,
                         struct blob *bytes);
