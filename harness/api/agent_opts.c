#include "harness/api/agent_opts.h"

#include "harness/api/again_opts.h"
#include "harness/api/keep.h"
#include "harness/api/kinds.h"
#include "harness/api/proxy_opts.h"
#include "harness/api/session_opts.h"
#include "harness/api/tls_opts.h"
#include "harness/lua/engine.h"

#include <stdio.h>
#include <string.h>

const char *const agent_names[] = {
    "transport", "address", "port",   "ipv6",   "uri",       "display", "timers",        "codecs",
    "manual",    "auto",    "strict", "breaks", "follow",    "retry",   "outbound",      "session",
    "refresh",   "auth",    "tls",    "events", "keepalive", "account", "info_packages", NULL};
const char *const wire_names[] = {"transport", "address", "port", "ipv6", "uri", "tls", NULL};

enum { WORDS_LISTED = 63 };

struct word {
    const char *name;
    uint32_t bit;
};

static const struct word manuals[] = {
    {"100",       SIP_MANUAL_100      },
    {"ACK",       SIP_MANUAL_ACK      },
    {"fork",      SIP_MANUAL_FORK     },
    {"BYE",       SIP_MANUAL_BYE      },
    {"CANCEL",    SIP_MANUAL_CANCEL   },
    {"OPTIONS",   SIP_MANUAL_OPTIONS  },
    {"NOTIFY",    SIP_MANUAL_NOTIFY   },
    {"reINVITE",  SIP_MANUAL_REINVITE },
    {"UPDATE",    SIP_MANUAL_UPDATE   },
    {"PRACK",     SIP_MANUAL_PRACK    },
    {"481",       SIP_MANUAL_481      },
    {"INFO",      SIP_MANUAL_UNKNOWN  },
    {"MESSAGE",   SIP_MANUAL_UNKNOWN  },
    {"REGISTER",  SIP_MANUAL_UNKNOWN  },
    {"REFER",     SIP_MANUAL_UNKNOWN  },
    {"SUBSCRIBE", SIP_MANUAL_SUBSCRIBE},
    {"replaces",  SIP_MANUAL_REPLACES },
    {"PUBLISH",   SIP_MANUAL_UNKNOWN  },
    {NULL,        0                   }
};

/* Rules that an agent can be told to break where no hook reaches. */
static const struct word mutants[] = {
    {"timer-a-capped",            SIP_MUTANT_TIMER_A_CAPPED   },
    {"no-ack",                    SIP_MUTANT_NO_ACK           },
    {"branch-per-copy",           SIP_MUTANT_BRANCH_PER_COPY  },
    {"cseq-frozen",               SIP_MUTANT_CSEQ_FROZEN      },
    {"content-length-off-by-one", SIP_MUTANT_LENGTH_OFF_BY_ONE},
    {"no-tag",                    SIP_MUTANT_NO_TAG           },
    {"branch-reused",             SIP_MUTANT_BRANCH_REUSED    },
    {"answers-twice",             SIP_MUTANT_ANSWERS_TWICE    },
    {"rseq-frozen",               SIP_MUTANT_RSEQ_FROZEN      },
    {"no-prack",                  SIP_MUTANT_NO_PRACK         },
    {"rack-wrong",                SIP_MUTANT_RACK_WRONG       },
    {"max-forwards-kept",         SIP_MUTANT_MAX_FORWARDS_KEPT},
    {"branch-bare",               SIP_MUTANT_BRANCH_BARE      },
    {"record-route-lost",         SIP_MUTANT_RECORD_ROUTE_LOST},
    {"forwards-100",              SIP_MUTANT_100_FORWARDED    },
    {"losers-kept",               SIP_MUTANT_LOSERS_KEPT      },
    {"first-final",               SIP_MUTANT_FIRST_FINAL      },
    {"no-refresh",                SIP_MUTANT_NO_REFRESH       },
    {"answer-short",              SIP_MUTANT_ANSWER_SHORT     },
    {"no-expiry",                 SIP_MUTANT_NO_EXPIRY        },
    {"no-notify",                 SIP_MUTANT_NO_NOTIFY        },
    {"no-subscription-state",     SIP_MUTANT_NO_SUB_STATE     },
    {"refer-id-wrong",            SIP_MUTANT_REFER_ID         },
    {"notify-when-expired",       SIP_MUTANT_EXPIRED_NOTIFIED },
    {"nonce-count-frozen",        SIP_MUTANT_NC_FROZEN        },
    {"foreign-realm-answered",    SIP_MUTANT_REALM_ANY        },
    {"cnonce-reused",             SIP_MUTANT_CNONCE_REUSED    },
    {"challenged-cseq-kept",      SIP_MUTANT_AUTH_CSEQ_KEPT   },
    {"never-refreshes",           SIP_MUTANT_NEVER_REFRESHES  },
    {NULL,                        0                           }
};

static uint32_t word_bit(lua_State *L, const struct word *words, struct view text, const char *what)
{
    const char *names[WORDS_LISTED + 1] = {0};
    char room[80];

    for (size_t i = 0; words[i].name != NULL; i++) {
        if (view_equal(view_of(words[i].name), text))
            return words[i].bit;
        if (i < WORDS_LISTED)
            names[i] = words[i].name;
    }
    const char *name = lua_pushlstring(L, text.ptr, text.len);
    scene_misuse(L, "unknown name '%s' in option '%s'%s", name, what,
                 mend(name, names, room, sizeof room));
    return 0;
}

static uint32_t words_read(const struct opts *opts, const char *name, const struct word *words)
{
    uint32_t bits = 0;

    if (!opts_push(opts, name))
        return 0;
    int list = lua_gettop(opts->L);
    size_t count = list_count(opts->L, list, name);
    for (size_t i = 1; i <= count; i++)
        bits |= word_bit(opts->L, words, list_item(opts->L, list, i, name), name);
    lua_pop(opts->L, 1);
    return bits;
}

uint32_t manual_read(const struct opts *opts)
{
    return words_read(opts, "manual", manuals);
}

struct view manual_name(enum sip_method method, const struct mail *mail)
{
    if (method == SIP_INVITE && !handle_none(mail->call))
        return V("reINVITE");
    return sip_method_name(method);
}

static enum proto transport_of(lua_State *L, struct view text)
{
    static const char *const transports[] = {"udp", "tcp", "tls", "ws", "wss", NULL};
    enum proto proto = PROTO_UDP;
    char name[16], room[80];

    snprintf(name, sizeof name, "%.*s", VIEW_ARG(view_head(text, sizeof name - 1)));
    if (proto_parse(text, &proto) != ERR_OK)
        scene_misuse(L, "there is no transport '%.*s'%s (udp, tcp, tls, ws, wss)", VIEW_ARG(text),
                     mend(name, transports, room, sizeof room));
    return proto;
}

static void transport_add(const struct opts *opts, enum proto proto, bool first,
                          struct party_options *out)
{
    bool twice = !first && proto == out->proto;

    for (size_t i = 0; i < out->other_count; i++)
        twice |= out->others[i] == proto;
    if (twice || out->other_count == PARTY_BINDS_MAX - 1)
        scene_misuse(opts->L, "transport: \"%s\" stands there twice", proto_text(proto));
    if (first)
        out->proto = proto;
    else
        out->others[out->other_count++] = proto;
}

/* That of the run; a mutant's options are read where none runs. */
static void transport_usual(lua_State *L, struct party_options *out)
{
    const struct scene *scene = engine_of(L)->scene;

    out->proto = scene == NULL ? PROTO_UDP : scene->way.proto;
    out->plain = scene != NULL && scene->way.plain;
}

/* One, or a list: the first one is what it sends by, where nothing else decides. */
static void transport_read(const struct opts *opts, struct party_options *out)
{
    if (!opts_push(opts, "transport")) {
        transport_usual(opts->L, out);
        return;
    }
    if (lua_type(opts->L, -1) == LUA_TSTRING) {
        out->proto = transport_of(opts->L, arg_view(opts->L, -1, "a transport"));
        lua_pop(opts->L, 1);
        return;
    }
    int list = lua_gettop(opts->L);
    size_t count = list_count(opts->L, list, "option 'transport'");
    for (size_t i = 1; i <= count; i++)
        transport_add(opts,
                      transport_of(opts->L, list_item(opts->L, list, i, "option 'transport'")),
                      i == 1, out);
    lua_pop(opts->L, 1);
}

static bool secure_by(const struct party_options *options)
{
    bool secure = proto_secure(options->proto);

    for (size_t i = 0; i < options->other_count; i++)
        secure |= proto_secure(options->others[i]);
    return secure;
}

void party_opts_read(const struct opts *opts, struct party_options *out)
{
    struct view text;
    uint64_t port;

    transport_read(opts, out);
    out->ipv6 = opts_true(opts, "ipv6");
    if (opts_view(opts, "address", &text) && addr_parse(text, &out->address) != ERR_OK)
        scene_misuse(opts->L, "address \"%.*s\" is no IP address", VIEW_ARG(text));
    if (opts_uint(opts, "port", 65535, &port))
        out->address.port = (uint16_t)port;
    opts_view(opts, "uri", &out->uri);
    if (opts_has(opts, "tls") && !secure_by(out))
        scene_misuse(opts->L,
                     "option 'tls' does not fit transport \"%s\": it wants \"tls\" or \"wss\"",
                     proto_text(out->proto));
    tls_opts_read(opts, &out->security);
}

/* RFC 5626 §4.4.1 knows them on streams alone. */
static void keepalive_read(const struct opts *opts, struct party_options *out)
{
    bool stream = proto_reliable(out->proto);

    for (size_t i = 0; i < out->other_count; i++)
        stream |= proto_reliable(out->others[i]);
    if (opts_duration(opts, "keepalive", &out->keepalive_us) && !stream)
        scene_misuse(opts->L, "keepalive is of connections: give transport = \"tcp\" too");
}

static void timers_read(const struct opts *opts, struct sip_timers *out)
{
    static const char *const names[] = {"T1", "T2", "T4", "D", "C", "100", NULL};
    uint64_t *const fields[] = {&out->t1_us, &out->t2_us, &out->t4_us,
                                &out->d_us,  &out->c_us,  &out->hundred_us};

    if (!opts_push(opts, "timers"))
        return;
    struct opts timers = opts_open(opts->L, lua_gettop(opts->L), "timers", names, NULL);
    *out = sip_timers_default;
    out->c_us = 0; /* a proxy's is longer than that of who calls: each has its own */
    for (size_t i = 0; names[i] != NULL; i++)
        if (opts_duration(&timers, names[i], fields[i]) && *fields[i] == 0)
            scene_misuse(opts->L, "timer %s is more than 0", names[i]);
    lua_pop(opts->L, 1);
}

void automatic_read(lua_State *L, int index, struct automatic *out)
{
    static const char *const names[] = {"ring", "answer", "bye", "reject", NULL};
    struct opts opts = opts_open(L, index, "auto", names, NULL);
    uint64_t status;

    *out = (struct automatic){.on = true, .ring_us = NEVER, .answer_us = NEVER, .bye_us = NEVER};
    opts_duration(&opts, "ring", &out->ring_us);
    opts_duration(&opts, "answer", &out->answer_us);
    opts_duration(&opts, "bye", &out->bye_us);
    if (!opts_uint(&opts, "reject", 699, &status))
        return;
    if (status < 300)
        scene_misuse(L, "auto: reject is a status from 300 to 699");
    out->reject = (uint16_t)status;
}

static void codecs_read(const struct opts *opts, struct agent_options *out, struct view *codecs)
{
    if (!opts_push(opts, "codecs"))
        return;
    int list = lua_gettop(opts->L);
    size_t count = list_count(opts->L, list, "option 'codecs'");
    if (count > AGENT_CODECS_MAX || count == 0)
        scene_misuse(opts->L, "an agent has from 1 to %d codecs", AGENT_CODECS_MAX);
    for (size_t i = 0; i < count; i++)
        codecs[i] = list_item(opts->L, list, i + 1, "option 'codecs'");
    out->codecs = codecs;
    out->codec_count = count;
}

/* events = {"presence", "dialog"}: the packages that it can be a notifier of; info_packages
 * likewise those of INFO: a list of names as one header value. */
static void packages_read(const struct opts *opts, const char *name, struct view *out)
{
    lua_State *L = opts->L;
    luaL_Buffer joined; /* an item may raise: what is joined so far is Lua's */
    char whose[40];

    if (!opts_push(opts, name))
        return;
    snprintf(whose, sizeof whose, "option '%s'", name);
    int list = lua_gettop(L);
    size_t count = list_count(L, list, whose);
    luaL_buffinit(L, &joined);
    for (size_t i = 1; i <= count; i++) {
        struct view item = list_item(L, list, i, whose);
        luaL_addstring(&joined, i == 1 ? "" : ", ");
        luaL_addlstring(&joined, item.ptr, item.len);
    }
    luaL_pushresult(&joined);
    *out = keep_text(L, arg_view(L, -1, whose));
    lua_pop(L, 2);
}

void agent_opts_read(const struct opts *opts, struct agent_options *out, struct view *codecs)
{
    party_opts_read(opts, &out->party);
    opts_view(opts, "display", &out->display);
    keepalive_read(opts, &out->party);
    timers_read(opts, &out->timers);
    codecs_read(opts, out, codecs);
    out->manual = manual_read(opts);
    out->mutants = words_read(opts, "breaks", mutants);
    out->again = again_read(opts, 0);
    out->refresh = session_opts_read(opts, &(struct sip_refresh_options){0});
    out->strict = opts_true(opts, "strict");
    outbound_read(opts, out->party.proto, &out->outbound);
    packages_read(opts, "events", &out->events);
    packages_read(opts, "info_packages", &out->info_packages);
}
