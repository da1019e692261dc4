/* What is remembered for a while: fresh at first, and whenever it is heard of; then ended or
 * waiting, until its time has come. Each costs the same, however many there are.
 *
 *     struct ages ages = {.kept_us = {[AGE_FRESH] = US_PER_S, …}};
 *     age_touch(&ages, &exchange->age, now_us);
 *     while ((age = ages_due(&ages, now_us)) != NULL)
 *         …age_move(&ages, age, AGE_ENDED) or age_drop(&ages, age)…
 */
#pragma once
#include "core/core.h"

enum age_queue { AGE_NONE, AGE_FRESH, AGE_ENDED, AGE_WAITING, AGE_QUEUES };

struct age { /* the first member of what is remembered; zeroed: in no queue */
    struct age *prev, *next;
    uint64_t touched_us;
    enum age_queue queue;
};

struct ages {
    struct age *queues[AGE_QUEUES]; /* each: the longest untouched first */
    uint64_t kept_us[AGE_QUEUES];
};

void age_touch(struct ages *ages, struct age *age, uint64_t now_us); /* it is fresh (again) */
void age_move(struct ages *ages, struct age *age, enum age_queue queue);
void age_drop(struct ages *ages, struct age *age);
struct age *ages_due(const struct ages *ages, uint64_t now_us); /* NULL: none */
