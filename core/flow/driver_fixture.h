/* A driver by hand for tests of flows: what they ask for is kept in order, and the test answers.
 *
 *     struct hand hand;
 *     hand_open(&hand, &options);
 *     hand_send(&hand, &remote, V("…"));
 *     hand_opened(&hand);
 *     assert_string_equal(hand_log(&hand), "open ready write ");
 *     hand_close(&hand);
 */
#pragma once
#include "core/flow/flow.h"

struct hand {
    struct flows *flows;
    struct order order;
    uint64_t now_us;
    struct buf log;     /* a word for each of the news */
    struct buf written; /* all bytes that went to the driver */
    struct buf got;     /* all messages, whole */
    struct handle flow; /* of the last news */
    uint32_t query;     /* of the last DO_OPEN */
    uint32_t next_link; /* the driver's names */
    bool hold;          /* READY is not written */
    uint64_t next_key;
    struct addr local, remote;
    enum proto proto; /* of what is sent, opened and accepted; TCP */
};

void hand_open(struct hand *hand, const struct flow_options *options);
void hand_close(struct hand *hand); /* and nothing leaks */
/* A message to there: by the flow, or by none. Each has a copy_key of its own. */
void hand_send_by(struct hand *hand, struct handle flow, struct view domain, struct view bytes);
void hand_send(struct hand *hand, struct view bytes);
void hand_packet(struct hand *hand, const struct packet *packet);
struct handle hand_opened(struct hand *hand);   /* the last DO_OPEN: gives the link */
struct handle hand_accepted(struct hand *hand); /* somebody opens one to us */
void hand_bytes(struct hand *hand, struct handle link, struct view bytes);
void hand_failed(struct hand *hand, struct handle link, enum net_error error);
/* Time passes, and timers fire. */
void hand_until(struct hand *hand, uint64_t now_us);
void hand_run(struct hand *hand); /* carries out the news */
/* The words since it was last asked for. */
const char *hand_log(struct hand *hand);
