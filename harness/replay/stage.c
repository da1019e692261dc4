#include "harness/replay/stage.h"
#include "harness/replay/actor.h"
#include "harness/replay/secure.h"
#include "mock/mock.h"

enum { PORT_SIP = 5060, PORT_SIPS = 5061 };

static enum proto proto_here(const struct play *play, const struct step *step)
{
    const struct replay_target *target = play->options->target;
    return target != NULL ? target->proto : plan_proto(step->captured->carrier);
}

/* Simulated, everybody has the address that the capture says; on a real network another one. */
static struct addr address_wanted(const struct play *play, uint16_t party, enum proto proto)
{
    struct addr addr = play->call->parties[party].address;
    const struct replay_target *target = play->options->target;
    static const struct addr loopback4 = {
        .family = 4, .ip = {127, 0, 0, 1}
    };
    static const struct addr loopback6 = {.family = 6, .ip = {[15] = 1}};
    uint8_t family = target != NULL ? target->address.family : addr.family;
    if (play->options->bind.family != 0 && party == play->plan.played)
        return play->options->bind;
    if (play->options->real)
        return family == 6 ? loopback6 : loopback4;
    addr.scope = 0;
    if (addr.port == 0)
        addr.port = proto_secure(proto) ? PORT_SIPS : PORT_SIP;
    return addr;
}

static enum err seat_bind(struct play *play, uint16_t party, enum proto proto)
{
    struct seat *seat = &play->seats[party];
    if (seat->at[proto].family != 0)
        return ERR_OK;
    seat->at[proto] = address_wanted(play, party, proto);
    enum err err =
        world_bind(play->world, seat->number, proto, &seat->at[proto], &seat->link[proto]);
    if (err == ERR_CONFLICT) { /* two of the capture's parties share it */
        seat->at[proto].port = 0;
        err = world_bind(play->world, seat->number, proto, &seat->at[proto], &seat->link[proto]);
    }
    if (err != ERR_OK)
        seat->at[proto] = (struct addr){0};
    return err;
}

static enum err seat_take(struct play *play, uint16_t party)
{
    const struct flow_options flows = {
        .maker = {secure_make, play->secure}
    };
    struct seat *seat = &play->seats[party];
    if (seat->number != 0)
        return ERR_OK;
    enum err err = party == play->plan.played
                       ? world_wire_add(play->world, play->call->parties[party].name, &seat->number)
                       : actor_enter(play, party, &seat->number);
    return err == ERR_OK ? world_flows_set(play->world, seat->number, &flows) : err;
}

static enum err device_enter(struct play *play)
{
    const struct replay_target *target = play->options->target;
    uint16_t first = play->plan.steps[0].peer;
    uint32_t number;
    enum err err = world_foreign_add(play->world, play->call->parties[first].name, &target->address,
                                     false, &number);
    for (uint32_t i = 0; i < play->plan.count && err == ERR_OK; i++) {
        struct seat *seat = &play->seats[play->plan.steps[i].peer];
        seat->number = number;
        seat->at[target->proto] = target->address;
    }
    return err;
}

static enum err seats_take(struct play *play)
{
    bool device = play->options->target != NULL;
    enum err err = seat_take(play, play->plan.played);
    for (uint32_t i = 0; i < play->plan.count && err == ERR_OK; i++) {
        const struct step *step = &play->plan.steps[i];
        enum proto proto = proto_here(play, step);
        err = seat_bind(play, play->plan.played, proto);
        if (err == ERR_OK && !device)
            err = seat_take(play, step->peer);
        if (err == ERR_OK && !device)
            err = seat_bind(play, step->peer, proto);
    }
    return err == ERR_OK && device ? device_enter(play) : err;
}

static enum err driver_open(struct play *play)
{
    if (play->options->real)
        return transport_create(&play->driver);
    return mock_create(&(struct mock_options){0}, &play->driver);
}

enum err stage_open(struct play *play, const struct world_user *user)
{
    struct world_options options = {
        .trace = play->trace, .rng = {play->options->seed}, .user = user};
    play->seats = arena_zalloc(play->arena, (play->call->party_count + 1u) * sizeof *play->seats);
    play->ways =
        arena_zalloc(play->arena, (play->call->transaction_count + 1u) * sizeof *play->ways);
    if (play->seats == NULL || play->ways == NULL)
        return ERR_MEMORY;
    enum err err = driver_open(play);
    options.driver = play->driver;
    if (err == ERR_OK)
        err = world_create(&options, &play->world);
    if (err == ERR_OK)
        err = seats_take(play);
    if (err != ERR_OK && err != ERR_MEMORY)
        buf_printf(play->reason, "no socket could be had for it: %s", err_text(err));
    return err;
}

void stage_close(struct play *play)
{
    for (uint16_t i = 0; play->ways != NULL && i < play->call->transaction_count; i++) {
        if (play->ways[i].request != NULL)
            sip_msg_unref(play->ways[i].request);
        if (play->ways[i].answer != NULL)
            sip_msg_unref(play->ways[i].answer);
        blob_unref(play->ways[i].last);
    }
    world_destroy(play->world);
    if (play->driver != NULL)
        play->driver->ops->destroy(play->driver);
    play->world = NULL;
    play->driver = NULL;
}

uint16_t stage_party(const struct play *play, uint32_t number)
{
    for (uint16_t i = 0; i < play->call->party_count; i++)
        if (number != 0 && play->seats[i].number == number)
            return i;
    return CALL_NONE;
}
