/* What a check of this machine found: good, or with a mend.
 *
 *     struct symptom symptom = {.name = "clock"};
 *     check_clock(&symptom);
 *     symptom_deinit(&symptom);
 */
#pragma once
#include "harness/options/options.h"

enum health {
    HEALTH_GOOD,
    HEALTH_POOR, /* something that is not always wanted is not there */
    HEALTH_BAD   /* no run over real sockets is to be trusted */
};

struct symptom {
    const char *name;
    enum health health;
    struct buf said; /* one clause */
    struct buf mend; /* what to do; empty where it is good */
};

/* The latter two set the health as well. printf-like. */
void symptom_say(struct symptom *symptom, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void symptom_poor(struct symptom *symptom, const char *mend, ...)
    __attribute__((format(printf, 2, 3)));
void symptom_bad(struct symptom *symptom, const char *mend, ...)
    __attribute__((format(printf, 2, 3)));
void symptom_deinit(struct symptom *symptom);

/* One for each check; each says something. */
void check_udp(struct symptom *out); /* and so on: OPTIONS from us to us over loopback */
void check_tcp(struct symptom *out);
void check_tls(struct symptom *out);
void check_websocket(struct symptom *out);
void check_ipv6(struct symptom *out);
void check_port(struct symptom *out);
void check_clock(struct symptom *out);
void check_timers(struct symptom *out);
void check_descriptors(struct symptom *out);
void check_cores(struct symptom *out);
void check_entropy(struct symptom *out);
void check_folder(struct symptom *out);
void check_resolvers(struct symptom *out);
void check_capture(struct symptom *out);
void check_curl(struct symptom *out);
void check_target(const struct options *options,
                  struct symptom *out); /* options->target is given */
