#include "harness/api/session_opts.h"

/* Session-Expires and Min-SE are whole seconds. */
static void seconds_read(const struct opts *session, const char *name, uint64_t least_s,
                         uint32_t *out)
{
    uint64_t value_us;

    if (!opts_duration(session, name, &value_us))
        return;
    if (value_us % US_PER_S != 0 || value_us / US_PER_S > UINT32_MAX ||
        value_us / US_PER_S < least_s)
        scene_misuse(session->L, "session: %s is in whole seconds, %d at least (RFC 4028 §4, §5)",
                     name, (int)least_s);
    *out = (uint32_t)(value_us / US_PER_S);
}

static uint8_t choice_read(const struct opts *session, const char *name, const char *const *choices,
                           uint8_t otherwise)
{
    struct view text;
    char room[80];

    if (!opts_view(session, name, &text))
        return otherwise;
    for (uint8_t i = 0; choices[i] != NULL; i++)
        if (view_equal(view_of(choices[i]), text))
            return (uint8_t)(i + 1);
    const char *given = lua_pushlstring(session->L, text.ptr, text.len);
    scene_misuse(session->L, "session: %s is \"%s\" or \"%s\", not \"%s\"%s", name, choices[0],
                 choices[1], given, mend(given, choices, room, sizeof room));
    return otherwise;
}

struct sip_refresh_options session_opts_read(const struct opts *opts,
                                             const struct sip_refresh_options *otherwise)
{
    static const char *const names[] = {"expires", "min_se", "refresher", "by", NULL};
    static const char *const refreshers[] = {"uac", "uas", NULL};
    static const char *const methods[] = {"UPDATE", "INVITE", NULL};
    struct sip_refresh_options own = *otherwise;
    bool refresh;

    if (opts_bool(opts, "refresh", &refresh))
        own.idle = !refresh;
    if (!opts_push(opts, "session"))
        return own;
    struct opts session = opts_open(opts->L, lua_gettop(opts->L), "session", names, NULL);
    seconds_read(&session, "expires", 1,
                 &own.expires_s); /* less than 90 s is there to be refused */
    seconds_read(&session, "min_se", REFRESH_MIN_S, &own.min_se_s);
    own.refresher = choice_read(&session, "refresher", refreshers, own.refresher);
    own.by = choice_read(&session, "by", methods, own.by);
    lua_pop(opts->L, 1);
    return own;
}
