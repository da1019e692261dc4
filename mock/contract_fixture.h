/* What all tests of the drivers' contract share: one table of promises, held against the simulated
 * network and the real one.
 *
 *     static const struct promise promises[] = {PROMISE(a_port_is_bound_once)};
 *     return contract_run(promises, 1);
 */
#pragma once
#include "core/core.h"
#include "mock/mock.h"

enum { ALICE = 1, BOB = 2, SECOND_US = 1000000 };

struct promise {
    const char *name;
    void (*keep)(void);
};
#define PROMISE(function)                                                                          \
    {                                                                                              \
#function, function                                                                        \
    }

extern struct driver *driver; /* the one under test */
extern bool real;

/* Each promise with each driver, fresh each time, and nothing is left over. Gives main's result. */
int contract_run(const struct promise *promises, size_t count);
int contract_run_simulated(const struct promise *promises, size_t count);
enum err driver_create(void) NODISCARD;

struct addr addr_any(uint8_t family);
struct handle bound(uint32_t party, struct addr *addr);
void send_bytes(uint32_t party, struct handle link, const struct addr *local,
                const struct addr *remote, struct view bytes);
/* The next packet; a test that waits in vain fails after a second. */
struct packet receive(uint32_t *party);
void expect_bytes(uint32_t who, struct view bytes);
void expect_nothing_now(void);
void expect_refused(struct handle link, const struct addr *local, const struct addr *remote);
