#include "harness/doctor/doctor.h"

#include "harness/doctor/checkup.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"
#include "harness/scene/json.h"

static const struct check_row {
    const char *name;
    void (*check)(struct symptom *out);
} rows[] = {
    {"udp",       check_udp        },
    {"tcp",       check_tcp        },
    {"tls",       check_tls        },
    {"websocket", check_websocket  },
    {"ipv6",      check_ipv6       },
    {"ports",     check_port       },
    {"clock",     check_clock      },
    {"timers",    check_timers     },
    {"limits",    check_descriptors},
    {"cores",     check_cores      },
    {"entropy",   check_entropy    },
    {"folder",    check_folder     },
    {"resolvers", check_resolvers  },
    {"capture",   check_capture    },
    {"curl",      check_curl       },
};

static void line_write(struct buf *out, const struct symptom *symptom)
{
    static const char *const marks[] = {"✓", "!", "✗"};

    buf_printf(out, "%s %-10s ", marks[symptom->health], symptom->name);
    screen_text(out, buf_view(&symptom->said), false);
    buf_add_char(out, '\n');
    if (symptom->mend.len == 0)
        return;
    buf_add(out, V("    mend: "));
    screen_text(out, buf_view(&symptom->mend), false);
    buf_add_char(out, '\n');
}

static void json_write(struct buf *out, const struct symptom *symptom)
{
    static const char *const words[] = {"good", "poor", "bad"};

    buf_printf(out, "{\"v\":1,\"check\":\"%s\",\"health\":\"%s\",\"said\":", symptom->name,
               words[symptom->health]);
    json_string(out, buf_view(&symptom->said));
    buf_add(out, V(",\"mend\":"));
    json_string(out, buf_view(&symptom->mend));
    buf_add(out, V("}\n"));
}

/* Told as it is found: some take a moment. */
static bool told(const struct options *options, struct symptom *symptom)
{
    struct buf out = {0};

    if (options->as_json)
        json_write(&out, symptom);
    else
        line_write(&out, symptom);
    bool written = screen_say(&out);
    buf_deinit(&out);
    symptom_deinit(symptom);
    return written && symptom->health != HEALTH_BAD;
}

int command_doctor(const struct options *options)
{
    bool well = true;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct symptom symptom = {.name = rows[i].name};
        rows[i].check(&symptom);
        well = told(options, &symptom) && well;
    }
    if (options->target != NULL) {
        struct symptom symptom = {.name = "target"};
        check_target(options, &symptom);
        well = told(options, &symptom) && well;
    }
    return well ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}
