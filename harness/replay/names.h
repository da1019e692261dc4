/* What things of the capture are called in the replay: tags, the Call-ID, RSeq, and where dialogs
 * lead. What is ours is drawn when it is first needed; what is the other side's is learnt from
 * what comes for a captured message.
 *
 *     struct view tag;
 *     enum err err = names_own(&names, NAME_TAG, from->tag, &tag);
 *     err = names_learn(&names, captured, came);
 */
#pragma once
#include "core/core.h"

enum name_kind { NAME_CALL_ID, NAME_TAG, NAME_RSEQ };

struct name {
    enum name_kind kind;
    struct view captured, live;
};

struct far {                   /* the other end of a dialog */
    struct view tag;           /* captured */
    struct view target;        /* of its Contact; absent: not yet */
    const struct view *routes; /* as our requests have them */
    size_t route_count;
    bool routed; /* the route set stands: RFC 3261 §12.1 */
};

struct names { /* zeroed, but for arena and ids */
    struct arena *arena;
    struct rng ids;
    struct name *items;
    struct far *fars;
    uint32_t count, size, far_count, far_size, drawn;
};

/* Absent: it is not known. */
struct view names_find(const struct names *names, enum name_kind kind, struct view captured);
/* One of ours: drawn where it is new. Views live as long as the arena. MEMORY. */
enum err names_own(struct names *names, enum name_kind kind, struct view captured,
                   struct view *out) NODISCARD;
/* A branch that was never used, RFC 3261 §8.1.1.7; absent: memory. */
struct view names_branch(struct names *names) NODISCARD;
/* The other side's message `live` came for the captured one. MEMORY. */
enum err names_learn(struct names *names, struct sip_msg *captured, struct sip_msg *live) NODISCARD;
/* By the captured tag of the other side; NULL: nothing was learnt of it. */
const struct far *names_far(const struct names *names, struct view tag);
/* What our PRACK of the captured message acknowledges; absent: that was not seen. */
struct view names_rseq(const struct names *names, struct view tag, uint32_t rseq);
