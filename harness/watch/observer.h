/* The monitor of one scenario: feeds it with what the world shows, and keeps what it finds.
 *
 *     enum err err = observer_create(scene, &observer);
 *     observer_seen(observer, event, bytes, msg);
 *     observer_end(observer);
 *     observer_destroy(observer);
 */
#pragma once
#include "harness/scene/scene.h"
#include "harness/watch/sample.h"
#include "harness/watch/told.h"

enum { COPIED_KEPT = 64, FOUND_MOST = 1000 };

struct observer {
    struct scene *scene;
    struct monitor *monitor; /* NULL: no message has been seen yet */
    struct sample sample;
    struct told told;
    uint64_t copied[COPIED_KEPT]; /* events: what the network made more of, of a device's */
    uint32_t copied_count;
    uint32_t agent_count; /* whose timers the monitor knows */
    uint32_t found_count;
    struct found *found, **found_last; /* what counts for the verdict: findings.h */
    bool over;
};

enum err observer_create(struct scene *scene, struct observer **out) NODISCARD;
void observer_destroy(struct observer *observer);
void observer_seen(struct observer *observer, const struct trace_event *event,
                   const struct blob *bytes, struct sip_msg *msg);
/* A connection of the party has moved on. */
void observer_flow(struct observer *observer, uint32_t party, const struct flow_news *news);
/* What was to come by now did not. */
void observer_settled(struct observer *observer);
/* Looks at nothing more. */
void observer_end(struct observer *observer);
