/* Whether two agents of ours hear each other over loopback: a scenario each, over real sockets. */
#include "harness/doctor/checkup.h"

#include "harness/run/parts.h"
#include "harness/run/trial.h"

#include <stdio.h>

static const char scenario[] = "scenario('check', { net = 'real', timeout = '10s' }, function(t)\n"
                               "  local a, b = t:agents('a', 'b', { %s })\n"
                               "  a:options(b):response(200)\n"
                               "end)\n";

static void judge(const struct trial *trial, const char *what, const char *mend,
                  struct symptom *out)
{
    struct view reason = view_head(trial->result.reason, 300);

    if (trial->result.verdict == VERDICT_PASS) {
        symptom_say(out, "OPTIONS and its answer over %s", what);
        return;
    }
    symptom_say(out, "no answer over %s: %.*s", what, VIEW_ARG(reason));
    symptom_bad(out, "%s", mend);
}

static void waits(void *ctx)
{
    (void)ctx; /* nobody looks on */
}

static void check(const char *agents, const char *what, const char *mend, struct symptom *out)
{
    char text[300];
    struct load_error error = {0};
    struct suite *suite = NULL;
    struct trial trial = {0};
    int len = snprintf(text, sizeof text, scenario, agents);
    struct suite_options options = {
        .path = "check.lua", .text = {text, (size_t)len},
             .root = ".", .parts = run_parts
    };
    enum err err = suite_load(&options, &suite, &error);

    if (err == ERR_OK)
        err = trial_run(suite, &(struct trial_options){.real = true, .seed = 1, .waits = waits},
                        &trial);
    if (err == ERR_OK) {
        judge(&trial, what, mend, out);
    } else {
        symptom_say(out, "no socket for %s: %s", what, err_text(err));
        symptom_bad(out, "%s", mend);
    }
    trial_deinit(&trial);
    suite_destroy(suite);
}

#define FIREWALL "let a program talk to itself over loopback: a firewall or a sandbox forbids it"

void check_udp(struct symptom *out)
{
    check("transport = 'udp'", "UDP at 127.0.0.1", FIREWALL, out);
}

void check_tcp(struct symptom *out)
{
    check("transport = 'tcp'", "TCP at 127.0.0.1", FIREWALL, out);
}

void check_tls(struct symptom *out)
{
    check("transport = 'tls'", "TLS at 127.0.0.1, with a handshake",
          "see that OpenSSL 3.0 is whole (openssl version), and that the clock has the right date",
          out);
}

void check_websocket(struct symptom *out)
{
    check("transport = 'wss'", "WebSocket over TLS at 127.0.0.1", FIREWALL, out);
}

void check_ipv6(struct symptom *out)
{
    check("ipv6 = true", "UDP at ::1",
          "scenarios with ipv6 = true need it: sysctl -w net.ipv6.conf.lo.disable_ipv6=0; in "
          "Docker --sysctl net.ipv6.conf.all.disable_ipv6=0",
          out);
    if (out->health == HEALTH_BAD)
        out->health = HEALTH_POOR; /* most scenarios go without */
}
