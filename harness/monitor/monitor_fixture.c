#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

void watched_init_with(struct watched *w, const struct monitor_options *options)
{
    *w = (struct watched){.net = 2, .capture = options->capture};
    assert_int_equal(monitor_create(options, &w->monitor), ERR_OK);
}

void watched_init(struct watched *w, bool capture)
{
    watched_init_with(w, &(struct monitor_options){.capture = capture});
}

static void findings_take(struct watched *w)
{
    struct finding finding;
    while (monitor_next(w->monitor, &finding)) {
        size_t len = strlen(w->ids);
        snprintf(w->ids + len, sizeof w->ids - len, "%s%s", len > 0 ? " " : "", finding.rule->id);
        assert_true(finding.sentence.len > 0);
        assert_true(w->capture || finding.blamed == ALICE || finding.blamed == BOB);
        w->offset = finding.offset;
        w->rule = finding.rule;
    }
}

static struct addr end_of(const struct watched *w, uint32_t party)
{
    bool bob = party == BOB && w->bob_port != 0;
    return (struct addr){
        .family = 4, .ip = {192, 0, w->net, (uint8_t)party},
             .port = bob ? w->bob_port : 5060
    };
}

void watched_see(struct watched *w, uint32_t from, struct view text)
{
    struct sip_msg *msg;
    struct blob *bytes = blob_create(text);
    enum proto proto = w->proto == 0 ? PROTO_UDP : w->proto;
    enum sip_framing framing = proto == PROTO_TCP ? SIP_FRAMING_STREAM : SIP_FRAMING_DATAGRAM;
    assert_int_equal(sip_msg_parse(bytes, framing, &msg), ERR_OK);
    struct seen seen = {.seq = ++w->seq,
                        .time_us = w->now_us,
                        .from = w->capture ? 0 : from,
                        .to = w->capture ? 0 : 3 - from,
                        .source = end_of(w, from),
                        .target = end_of(w, 3 - from),
                        .proto = proto,
                        .sent = true,
                        .msg = msg};
    assert_int_equal(monitor_see(w->monitor, &seen), ERR_OK);
    seen.sent = false;
    seen.given = true;
    seen.time_us = w->now_us += US_PER_MS;
    if (!w->lost)
        assert_int_equal(monitor_see(w->monitor, &seen), ERR_OK);
    w->now_us += US_PER_S;
    sip_msg_unref(msg);
    blob_unref(bytes);
    findings_take(w);
}

void watched_end(struct watched *w)
{
    monitor_end(w->monitor, w->now_us);
    findings_take(w);
    monitor_destroy(w->monitor);
}

enum { TEXT_MOST = 4096 };

/* Where the change was made in the body. */
static size_t length_follows(char *room, size_t len)
{
    static const char name[] = "Content-Length: ";
    char *body = strstr(room, "\r\n\r\n"), *at = strstr(room, name), number[16], rest[TEXT_MOST];
    assert_true(body != NULL && at != NULL && at < body);
    at += sizeof name - 1;
    char *end = strstr(at, "\r\n");
    size_t body_len = len - (size_t)(body + 4 - room);
    snprintf(number, sizeof number, "%zu", body_len);
    snprintf(rest, sizeof rest, "%s", end);
    return (size_t)(at - room) +
           (size_t)snprintf(at, TEXT_MOST - (size_t)(at - room), "%s%s", number, rest);
}

struct view text_changed(struct view text, const char *what, const char *with)
{
    static char rooms[2][TEXT_MOST];
    static int turn;
    char *room = rooms[turn ^= 1];
    size_t at = view_find(text, view_of(what)), body = view_find(text, V("\r\n\r\n"));
    assert_true(at < text.len);
    int len = snprintf(room, TEXT_MOST, "%.*s%s%.*s", VIEW_ARG(view_head(text, at)), with,
                       VIEW_ARG(view_skip(text, at + strlen(what))));
    assert_true(len > 0 && len < TEXT_MOST);
    if (at <= body)
        return (struct view){room, (size_t)len};
    return (struct view){room, length_follows(room, (size_t)len)};
}

void flow_see(struct watched *w, const struct step *flow, int first, int last)
{
    for (int i = first; i <= last && flow[i].text != NULL; i++)
        watched_see(w, flow[i].from, view_of(flow[i].text));
}

void flow_see_changed(struct watched *w, const struct step *flow, int at, const char *what,
                      const char *with)
{
    watched_see(w, flow[at].from, text_changed(view_of(flow[at].text), what, with));
}

static void message_play(const struct breach *breach, struct watched *w, int at)
{
    struct view text = view_of(breach->flow[at].text);
    for (const struct change *change = breach->changes; change->what != NULL; change++) {
        if (change->at != at)
            continue;
        if (change->with == NULL)
            return;
        text = text_changed(text, change->what, change->with);
    }
    watched_see(w, breach->flow[at].from, text);
}

void breach_play(const struct breach *breach, struct watched *w)
{
    struct monitor_options options = {.capture = breach->capture};
    if (breach->password != NULL) {
        options.user = V("alice");
        options.password = view_of(breach->password);
    }
    watched_init_with(w, &options);
    w->proto = breach->proto;
    if (breach->play != NULL)
        breach->play(w);
    for (int i = 0; breach->flow != NULL && breach->flow[i].text != NULL; i++)
        message_play(breach, w, i);
    watched_end(w);
}
