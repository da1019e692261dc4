#include "harness/captured/replay_settings.h"

enum { SPEED_MOST = 1000000 };

static bool speed_set(struct replay_settings *settings, struct buf *complaint)
{
    const char *text = settings->options->speed;
    uint64_t value = settings->how.real ? 1 : 0;
    bool good = text == NULL || view_equal(view_of(text), V("instant")) ||
                (view_to_uint(view_of(text), SPEED_MOST, &value) && value > 0);
    if (text != NULL && view_equal(view_of(text), V("instant")))
        value = 0;
    settings->how.speed = (uint32_t)value;
    if (!good)
        buf_printf(complaint, "'--speed %s': give a whole number from 1 on, or 'instant'", text);
    return good;
}

static bool target_set(struct replay_settings *settings, struct buf *complaint)
{
    const struct options *options = settings->options;
    settings->how.real = options->net == NET_REAL || options->target != NULL;
    if (options->target == NULL)
        return true;
    if (options->net == NET_SIM) {
        buf_add(complaint, V("--target is a device: it cannot be on '--net sim'"));
        return false;
    }
    if (target_uri_set(&settings->target, view_of(options->target), &settings->arena, complaint) !=
        ERR_OK)
        return false;
    settings->device = (struct replay_target){.uri = settings->target.uri,
                                              .proto = settings->target.proto,
                                              .address = settings->target.addr};
    settings->how.target = &settings->device;
    return true;
}

static bool bind_set(struct replay_settings *settings, struct buf *complaint)
{
    const char *text = settings->options->bind;
    if (text == NULL)
        return true;
    if (!settings->how.real || addr_parse(view_of(text), &settings->how.bind) != ERR_OK) {
        buf_printf(complaint,
                   "'--bind %s': give an address of this machine, as in '--bind 192.0.2.1:5060', "
                   "for a target",
                   text);
        return false;
    }
    return true;
}

bool replay_settings_make(const struct options *options, uint64_t seed,
                          struct replay_settings *settings, struct buf *complaint)
{
    settings->options = options;
    if (options->paths.count == 0) {
        buf_add(complaint, V("replay: which capture? (sipwright replay CAPTURE ...)"));
        return false;
    }
    if ((options->user == NULL) != (options->password == NULL)) {
        buf_add(complaint, V("--user and --password go together"));
        return false;
    }
    settings->how.play = options->play == NULL ? V("") : view_of(options->play);
    settings->how.user = view_of(options->user);
    settings->how.password = view_of(options->password);
    settings->how.seed = seed;
    settings->how.events = options->json != NULL || options->html != NULL || options->trace != NULL;
    return target_set(settings, complaint) && bind_set(settings, complaint) &&
           speed_set(settings, complaint);
}

void replay_settings_deinit(struct replay_settings *settings)
{
    arena_deinit(&settings->arena);
}
