/* A filter stands between the bytes of a connection and who uses it: TLS, WebSocket. Bytes go in
 * from either side and come out on the other; it calls nobody and knows no socket and no clock.
 *
 *     enum err err = filter_from_wire(filter, now_us, bytes);
 *     while (filter_next(filter, &out))
 *         carry_out(&out);
 */
#pragma once
#include "core/base.h"

enum filter_out_kind {
    FILTER_TO_WIRE, /* bytes for the connection */
    FILTER_TO_USER, /* bytes for the user: of TLS a piece of a stream, of WebSocket one whole
                       message */
    FILTER_OPEN,    /* the handshake is done: what the user gives goes out from now on */
    FILTER_CLOSED /* the other side said goodbye, or it failed: `how` and `why`; nothing follows */
};

enum filter_how { FILTER_FIN, FILTER_ALERT, FILTER_FAILED };

struct filter_out {
    enum filter_out_kind kind;
    struct view bytes;   /* valid until the next call */
    enum filter_how how; /* FIN: in good order; ALERT: the other side refused; FAILED: we did */
    struct view why;     /* a sentence for people; valid as long as the filter */
};

struct filter;
struct filter_ops {
    enum err (*from_wire)(struct filter *, uint64_t now_us, struct view bytes);
    enum err (*from_user)(struct filter *, uint64_t now_us, struct view bytes);
    bool (*next)(struct filter *, struct filter_out *out); /* until false */
    void (*close)(struct filter *); /* says goodbye: close_notify, a Close frame */
    void (*destroy)(struct filter *);
    /* The nth domain that the other side has proved to be, added to out; false: there are not so
     * many. NULL: nobody proves anything to such a filter. */
    bool (*proved)(const struct filter *, size_t nth, struct buf *out);
};
struct filter { /* the first member of each filter's own struct */
    const struct filter_ops *ops;
};

/* ERR_MEMORY, ERR_LIMIT (a frame or record longer than allowed), ERR_STATE (closed already). What
 * the other side does wrong is no error but a FILTER_CLOSED that says what it was. */
static inline NODISCARD enum err filter_from_wire(struct filter *filter, uint64_t now_us,
                                                  struct view bytes)
{
    return filter->ops->from_wire(filter, now_us, bytes);
}

/* Before FILTER_OPEN: kept, up to the filter's limit. */
static inline NODISCARD enum err filter_from_user(struct filter *filter, uint64_t now_us,
                                                  struct view bytes)
{
    return filter->ops->from_user(filter, now_us, bytes);
}

static inline bool filter_next(struct filter *filter, struct filter_out *out)
{
    return filter->ops->next(filter, out);
}

static inline bool filter_proved(const struct filter *filter, size_t nth, struct buf *out)
{
    return filter->ops->proved != NULL && filter->ops->proved(filter, nth, out);
}

static inline void filter_close(struct filter *filter)
{
    filter->ops->close(filter);
}

static inline void filter_destroy(struct filter *filter)
{
    if (filter != NULL)
        filter->ops->destroy(filter);
}
