/* Ports, the clock and its timers, as the driver of the real network has them. */
#include "harness/doctor/checkup.h"

#include "harness/host/clock.h"

enum { PARTY = 1, TIMERS = 25, STEP_US = 4000, LATE_POOR_US = 2000, LATE_BAD_US = 20000 };

static enum err port_try(struct driver *driver, enum proto proto, uint16_t port)
{
    struct addr addr = {.family = 4, .port = port};
    struct handle link;
    enum err err = driver->ops->bind(driver, PARTY, proto, &addr, &link);

    if (err == ERR_OK)
        driver->ops->unbind(driver, link);
    return err;
}

void check_port(struct symptom *out)
{
    struct driver *driver;
    enum err err = transport_create(&driver);

    if (err != ERR_OK) {
        symptom_say(out, "there is no network: %s", err_text(err));
        symptom_bad(out, "see what the system forbids (ulimit -n, a sandbox)");
        return;
    }
    if (port_try(driver, PROTO_UDP, 0) != ERR_OK || port_try(driver, PROTO_TCP, 0) != ERR_OK) {
        symptom_say(out, "no free port is to be had");
        symptom_bad(out, "see net.ipv4.ip_local_port_range, and who holds them: ss -lntu");
    } else {
        bool udp = port_try(driver, PROTO_UDP, 5060) == ERR_OK;
        bool tcp = port_try(driver, PROTO_TCP, 5060) == ERR_OK;
        symptom_say(out, "free ones are there; 5060 is %s at 127.0.0.1",
                    udp && tcp   ? "free"
                    : udp || tcp ? "half taken"
                                 : "taken");
    }
    driver->ops->destroy(driver);
}

void check_clock(struct symptom *out)
{
    uint64_t resolution_ns = clock_resolution_ns(), before_us = clock_wall_us(), steps = 0;

    for (int i = 0; i < 100000; i++) {
        uint64_t now_us = clock_wall_us();
        steps += now_us != before_us;
        if (now_us < before_us) {
            symptom_say(out, "it went back");
            symptom_bad(out, "this machine's monotonic clock is broken: use another one");
            return;
        }
        before_us = now_us;
    }
    symptom_say(out, "monotonic, steps of %u ns", (unsigned)resolution_ns);
    if (resolution_ns > 1000000 || steps == 0)
        symptom_bad(out,
                    "times cannot be judged by it: a clock source with a finer step is needed");
}

static uint64_t lateness(struct driver *driver)
{
    struct moment until = {driver->ops->now(driver) + STEP_US, UINT64_MAX};
    struct packet packet;
    uint64_t now_us = 0;
    uint32_t party;

    while (driver->ops->wait(driver, until, &now_us, &party, &packet))
        blob_unref(packet.bytes);
    return now_us > until.at_us ? now_us - until.at_us : 0;
}

/* In order, each put where it belongs. */
static void sorted_put(uint64_t *late, size_t count, uint64_t value)
{
    while (count > 0 && late[count - 1] > value) {
        late[count] = late[count - 1];
        count--;
    }
    late[count] = value;
}

void check_timers(struct symptom *out)
{
    uint64_t late_us[TIMERS];
    struct driver *driver;

    if (transport_create(&driver) != ERR_OK) {
        symptom_say(out, "there is no network");
        symptom_bad(out, "see the line of ports");
        return;
    }
    for (size_t i = 0; i < TIMERS; i++)
        sorted_put(late_us, i, lateness(driver));
    driver->ops->destroy(driver);
    symptom_say(out, "late by %.3g ms in the median, %.3g ms at most",
                (double)late_us[TIMERS / 2] / 1000, (double)late_us[TIMERS - 1] / 1000);
    if (late_us[TIMERS / 2] > LATE_BAD_US)
        symptom_bad(out, "more than the 20 ms that times in a flow may be off: give the run a core "
                         "of its own, or the target a greater tolerance");
    else if (late_us[TIMERS / 2] > LATE_POOR_US)
        symptom_poor(out, "the machine is busy: give the run a core of its own");
}
