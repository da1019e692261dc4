#include "harness/target/ready.h"

#include "harness/host/clock.h"
#include "harness/target/ask.h"

#include <poll.h>

enum {
    ROUND_US = 1000000,
    SOON_MS = 50,
    SOON_T1_US = 100000,
    PATIENCE_US = 5000000,
    LEAVING_MS = 1000
};

static struct ask_place place_of(const struct target *target)
{
    if (target->ready.family != 0)
        return (struct ask_place){target->ready_proto, target->ready};
    struct ask_place place = {target->proto, target->addr};
    if (target->addresses[target->proto].family != 0)
        place.addr = target->addresses[target->proto];
    return place;
}

/* Somebody is there who answers, or who would if we were whom he wants. */
static bool is_there(const struct ask_answer *answer)
{
    return answer->status != 0 || answer->tls.len > 0;
}

static bool has_ended(void *ctx)
{
    return child_gone(ctx);
}

/* Nobody says that nothing is there. */
static bool is_silent(const struct ask_answer *answer)
{
    return (answer->error == NET_OK || answer->error == NET_TIMEOUT) && answer->why.len == 0;
}

/* Why an answer did not come, and what was tried. */
static void complain(const struct target *target, const struct ask_answer *answer,
                     uint64_t waited_us, struct buf *complaint)
{
    struct ask_place place = place_of(target);
    char room[ADDR_TEXT_MAX];

    buf_printf(complaint, "it does not answer OPTIONS at %s:%.*s", proto_text(place.proto),
               VIEW_ARG(addr_text(&place.addr, room)));
    if (is_silent(answer)) {
        buf_printf(complaint, ": silence for %.3g s", (double)waited_us / (double)US_PER_S);
        if (target->folder != NULL)
            buf_add(complaint, V("; say ready = false of one that answers no OPTIONS"));
        return;
    }
    buf_add(complaint, V(": "));
    ask_answer_write(complaint, answer);
    if (answer->error == NET_REFUSED)
        buf_add(complaint, V(", nothing listens there"));
}

static enum err ask_once(const struct target *target, struct child *child, uint64_t within_us,
                         struct ask_answer *answer, struct buf *complaint)
{
    struct ask_place place = place_of(target);
    struct ask_options options = {.uri = target->uri,
                                  .places = &place,
                                  .place_count = 1,
                                  .local = target_bind_of(target, V("")),
                                  .within_us = within_us,
                                  .stop = child == NULL ? NULL : has_ended,
                                  .ctx = child};

    if (child != NULL)
        options.t1_us = SOON_T1_US;
    return ask(&options, answer, complaint);
}

static enum err ended(const struct process_end *end, struct child *child, struct buf *complaint)
{
    buf_add(complaint, V("its process ended before it was ready: "));
    process_end_write(complaint, end);
    child_said_write(child, complaint);
    return ERR_IO;
}

/* Of a place on another host nobody can tell. */
static bool is_taken(const struct ask_place *place)
{
    enum proto proto = place->proto == PROTO_UDP ? PROTO_UDP : PROTO_TCP;
    struct addr addr = place->addr;
    struct driver *driver;
    struct handle link;

    if (transport_create(&driver) != ERR_OK)
        return false;
    enum err err = driver->ops->bind(driver, 1, proto, &addr, &link);
    driver->ops->destroy(driver);
    return err == ERR_CONFLICT;
}

/* What was ended a moment ago may have children that are still at it. */
enum err ready_vacant(const struct target *target, struct buf *complaint)
{
    struct ask_place place = place_of(target);
    char room[ADDR_TEXT_MAX];
    bool taken = is_taken(&place);

    for (unsigned waited_ms = 0; taken && waited_ms <= LEAVING_MS; waited_ms += SOON_MS) {
        poll(NULL, 0, SOON_MS);
        taken = is_taken(&place);
    }
    if (!taken)
        return ERR_OK;
    buf_printf(complaint, "another program listens at %s:%.*s already, and would be taken for it",
               proto_text(place.proto), VIEW_ARG(addr_text(&place.addr, room)));
    return ERR_CONFLICT;
}

enum err ready_wait(const struct target *target, struct child *child, uint64_t limit_us,
                    struct buf *complaint)
{
    uint64_t began_us = clock_wall_us();
    struct process_end end;
    struct ask_answer answer = {0};

    for (;;) {
        enum err err = ask_once(target, child, ROUND_US, &answer, complaint);
        if (err != ERR_OK || is_there(&answer)) {
            ask_answers_deinit(&answer, 1);
            return err;
        }
        if (child_ended(child, &end)) {
            ask_answers_deinit(&answer, 1);
            return ended(&end, child, complaint);
        }
        if (clock_wall_us() >= began_us + limit_us)
            break;
        ask_answers_deinit(&answer, 1);
        poll(NULL, 0, SOON_MS);
    }
    buf_add(complaint, V("its process runs, but "));
    complain(target, &answer, limit_us, complaint);
    child_said_write(child, complaint);
    ask_answers_deinit(&answer, 1);
    return ERR_IO;
}

enum err ready_ask(const struct target *target, struct child *child, bool mute,
                   struct buf *complaint)
{
    uint64_t within_us = target->patience_us == 0 ? PATIENCE_US : target->patience_us;
    struct ask_answer answer = {0};
    enum err err = ask_once(target, child, within_us, &answer, complaint);

    bool excused = target->folder == NULL && !mute && is_silent(&answer);
    if (err == ERR_OK && !is_there(&answer) && !excused) {
        complain(target, &answer, within_us, complaint);
        err = ERR_IO;
    }
    ask_answers_deinit(&answer, 1);
    return err;
}
