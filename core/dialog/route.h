/* Route sets, RFC 3261 §12.1 and §12.2.1.1: learnt from Record-Route, used for Route.
 *
 *     enum err err = route_learn(&routes, response, true);
 *     struct route_plan plan = route_plan(&routes, remote_target);
 *     write(plan.uri, plan.routes, plan.count, plan.last);
 */
#pragma once
#include "core/message/msg.h"

struct route_set {
    struct view
        *values; /* "<sip:p1;lr>", in the order of use; one piece of memory with their bytes */
    size_t count;
};

/* From the Record-Route of a request (as it stands) or of a response (turned round), in the place
 * of what was there. MEMORY. */
enum err route_learn(struct route_set *routes, struct sip_msg *msg, bool reversed) NODISCARD;
/* From another header of name-addrs, as it stands: Service-Route. MEMORY. */
enum err route_take(struct route_set *routes, struct sip_msg *msg, enum sip_header_id id) NODISCARD;
void route_drop(struct route_set *routes);

struct route_plan {  /* what a request has: all borrowed */
    struct view uri; /* Request-URI */
    const struct view *routes;
    size_t count;
    struct view last; /* a last Route value, without < >; absent: none */
};
/* Loose: target and the whole set. Strict: the first route is the Request-URI, the target comes
 * last. */
struct route_plan route_plan(const struct view *routes, size_t count, struct view target);
