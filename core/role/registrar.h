/* The registrar, RFC 3261 §10.3: takes REGISTER, proves who sends it, changes the bindings.
 *
 *     enum err err = registrar_create(&options, &registrar);
 *     if (err == ERR_OK)
 *         err = world_role_add(world, party, registrar);
 *     struct location *location = registrar_location(registrar);
 */
#pragma once
#include "core/auth/verify.h"
#include "core/role/location.h"
#include "core/role/role.h"

struct registrar_options {               /* texts are copied */
    struct location *location;           /* it takes a reference of its own */
    const struct verifier_options *auth; /* NULL: anybody may register anybody */
    struct view domain;     /* of the addresses that it has; absent: of whatever comes */
    uint32_t min_expires_s; /* shorter ones get 423; 0: none is too short */
    uint32_t max_expires_s; /* longer ones are cut; 0: an hour */
    uint32_t expires_s;     /* for who names none; 0: the longest */
    int64_t epoch_s;        /* now_us 0, since 1970, for Date; 0: nobody says what time it is */
    uint32_t flow_timer_s;  /* Flow-Timer, RFC 5626 §5.4; 0: none is said */
    const struct view *service_routes; /* Service-Route of each 200, RFC 3608 */
    size_t service_route_count;
};

enum err registrar_create(const struct registrar_options *options, struct role **out) NODISCARD;
struct location *registrar_location(const struct role *registrar); /* borrowed */
void registrar_new_nonce(struct role *registrar); /* the nonces that are out are stale */
