/* Asks a device for its OPTIONS, over several transports side by side: whether it is there, and
 * what it says of itself.
 *
 *     struct ask_answer answers[2] = {0};
 *     enum err err = ask(&(struct ask_options){.uri = uri, .places = places, .place_count = 2,
 *                                              .within_us = US_PER_S}, answers, &complaint);
 *     ask_answers_deinit(answers, 2);
 */
#pragma once
#include "core/core.h"

struct ask_place {
    enum proto proto;
    struct addr addr; /* with a port */
};

struct ask_options {
    struct view uri; /* Request-URI and To */
    const struct ask_place *places;
    size_t place_count;
    struct addr local;       /* from where; family 0: the address that routes there */
    uint64_t within_us;      /* for all of them together */
    uint64_t t1_us;          /* before it asks once more; 0: 500 ms */
    bool one;                /* the first answer is enough */
    bool (*stop)(void *ctx); /* now and then: true: no more; NULL: nobody knows better */
    void *ctx;
};

struct ask_answer {
    uint16_t status; /* 0: there was none */
    uint64_t after_us;
    struct sip_msg *msg;   /* the response; NULL: none */
    enum net_error error;  /* without one: REFUSED, UNREACHABLE …; OK: silence */
    struct buf why;        /* what a secure connection failed of; empty: nothing is known */
    struct buf tls, names; /* "TLSv1.3"; the domains that its certificate is for */
};

/* ERR_IO: no socket could be had: complaint is one sentence. Otherwise the answers tell. */
enum err ask(const struct ask_options *options, struct ask_answer *answers,
             struct buf *complaint) NODISCARD;
/* "200 OK after 3 ms", "refused", "silent": how it went, without the place. */
void ask_answer_write(struct buf *out, const struct ask_answer *answer);
void ask_answers_deinit(struct ask_answer *answers, size_t count);
