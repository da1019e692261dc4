/* What the files of the registrar share: itself, and a REGISTER that it looks at. */
#pragma once
#include "core/base/alloc.h"
#include "core/role/registrar.h"

enum { HOUR_S = 3600 };

struct registrar {
    struct role role;
    struct location *location;
    struct verifier *verifier; /* NULL: nobody is asked who he is */
    struct arena texts, scratch;
    struct view domain;
    struct sip_user *users; /* their names */
    size_t user_count;
    struct view *service_routes;
    size_t service_route_count;
    int64_t epoch_s;
    uint32_t min_expires_s, max_expires_s, expires_s, flow_timer_s;
};

struct visit { /* one REGISTER */
    struct registrar *registrar;
    const struct sip_stack *stack;
    uint64_t now_us;
    struct sip_msg *msg;
    struct sip_origin origin;
    struct location_update update;
    bool outbound; /* RFC 5626 §6: its flow counts */
    struct sip_row *rows;
    uint32_t row_count, row_size;
    enum err failed;
};

/* visit.c: RFC 3261 §10.3, step by step. Gives the status, and the rows that go with it. */
uint16_t visit_process(struct visit *visit);
