#include "harness/api/endcheck.h"

#include "harness/agent/words.h"
#include "harness/api/allowed.h"
#include "harness/api/challenged.h"
#include "harness/api/faults.h"
#include "harness/api/kinds.h"
#include "harness/api/station.h"
#include "harness/api/watch.h"

#include <stdio.h>

struct judging {
    struct scene *scene;
    struct agents *agents;
    struct allowed allowed;
};

static void record(const struct judging *j, const char *sentence, int len, uint64_t message,
                   struct view hint)
{
    struct view text = {sentence, len < 0 ? 0 : len < 200 ? (size_t)len : 199};

    scene_record(j->scene,
                 &(struct failure){
                     .verdict = VERDICT_FAIL, .sentence = text, .hint = hint, .message = message});
}

static void judge_requests(const struct judging *j)
{
    struct transaction *tx;
    char sentence[200], what[WORDS_MAX];

    for (uint32_t at = 0; (tx = table_next(&j->agents->transactions, &at, NULL)) != NULL;) {
        struct sip_msg *msg = post_msg(&j->agents->post, tx->request);
        const struct party *party = &tx->agent->party;
        if (!transaction_unanswered(tx) ||
            allowed_has(&j->allowed, j->scene, tx->peer, party->number, msg))
            continue;
        struct view from = agents_name(j->agents, tx->peer), message = words_message(msg, what);
        int len = snprintf(sentence, sizeof sentence, "%.*s: %.*s from %.*s was never answered",
                           VIEW_ARG(party->name), VIEW_ARG(message), VIEW_ARG(from));
        record(j, sentence, len, tx->seq,
               tx->method == SIP_INVITE ? V("take it with expect_invite and answer or reject it")
                                        : V("take it with expect_request and respond to it"));
    }
}

static void judge_refusals(const struct judging *j)
{
    char sentence[200], what[WORDS_MAX], when[WORDS_MAX], room[AUTH_HINT_MAX];

    for (struct mail *mail = j->agents->refusals.first; mail != NULL;
         mail = mail->next[MAIL_REFUSALS]) {
        struct request *request = agents_request(j->agents, mail->object);
        struct sip_msg *msg = post_msg(&j->agents->post, mail->bytes);
        if (mail->used || request == NULL || request->agent->plays || request_met(request, mail))
            continue;
        const struct party *party = &request->agent->party;
        uint64_t out_seq = mail->passage.out_seq;
        if (out_seq != 0 && watches_cover(j->agents, out_seq))
            continue;
        if (!mail->generated && allowed_has(&j->allowed, j->scene, mail->from, party->number, msg))
            continue;
        struct view message = words_message(msg, what), time = words_time(mail->time_us, when);
        struct view hint = auth_hint(request, room);
        struct view method = sip_method_name((enum sip_method)request->method);
        int len = snprintf(
            sentence, sizeof sentence, "%.*s: nobody looked at the %s %.*s%s%.*s at %.*s",
            VIEW_ARG(party->name), mail->generated ? "failure of" : "final response",
            VIEW_ARG(mail->generated ? method : message),
            mail->generated ? ", a timeout or transport error" : "", 0, "", VIEW_ARG(time));
        record(j, sentence, len, mail->arrived ? mail->seq : 0,
               hint.ptr != NULL ? hint : V("expect it, or take it with tx:response()"));
    }
}

static void judge_wires(const struct judging *j)
{
    struct wire *wire;
    char sentence[200], what[WORDS_MAX], when[WORDS_MAX];

    for (uint32_t at = 0; (wire = table_next(&j->agents->wires, &at, NULL)) != NULL;) {
        struct post *post = &j->agents->post;
        for (struct mail *mail = NULL;
             (mail = inbox_next(post, &wire->party.inbox, mail)) != NULL;) {
            struct sip_msg *msg = post_msg(post, mail->bytes);
            if (wire_ignores(j->scene->lua, wire, mail) ||
                allowed_has(&j->allowed, j->scene, mail->from, wire->party.number, msg))
                continue;
            struct view message = words_message(post_msg(post, mail->bytes), what);
            struct view time = words_time(mail->time_us, when);
            struct view from = agents_name(j->agents, mail->from);
            int len = snprintf(
                sentence, sizeof sentence, "%.*s: nobody read %.*s from %.*s at %.*s",
                VIEW_ARG(wire->party.name), VIEW_ARG(message), VIEW_ARG(from), VIEW_ARG(time));
            record(j, sentence, len, mail->arrived ? mail->seq : 0,
                   V("expect it, or pass over such messages with w:ignore(pattern)"));
            break; /* one of each wire says enough */
        }
    }
}

static void judge_faults(const struct judging *j)
{
    char sentence[200];

    for (const struct fault *fault = j->scene->faults->first; fault != NULL; fault = fault->next) {
        uint64_t wanted = fault->times == UINT64_MAX ? 1 : fault->times;
        if (fault->optional || fault->hits >= wanted)
            continue;
        int len = snprintf(sentence, sizeof sentence,
                           "the fault \"%.*s\" was not used up: %llu of %llu such messages came",
                           VIEW_ARG(fault->text), (unsigned long long)fault->hits,
                           (unsigned long long)wanted);
        struct view text = {sentence, len < 200 ? (size_t)len : 199};
        scene_record(j->scene,
                     &(struct failure){.verdict = VERDICT_FAIL,
                                       .sentence = text,
                                       .hint = V("say {optional = true} where it need not happen"),
                                       .source = fault->source});
    }
}

static void judge_strangers(const struct judging *j)
{
    char sentence[200], room[ADDR_TEXT_MAX];

    for (size_t i = 0; i < j->agents->stranger_count; i++) {
        const struct stranger *stranger = &j->agents->strangers[i];
        struct view to = agents_name(j->agents, stranger->to);
        int len = snprintf(sentence, sizeof sentence, "an unknown address, %s, spoke to %.*s",
                           addr_text(&stranger->addr, room).ptr, VIEW_ARG(to));
        record(j, sentence, len, stranger->seq, V("allow = {\"other->>*: *\"} lets it"));
    }
}

void endcheck(struct scene *scene)
{
    struct judging j = {.scene = scene, .agents = scene->agents};

    allowed_read(&j.allowed, scene);
    judge_requests(&j);
    judge_refusals(&j);
    if (j.scene->link == NULL) /* there what was sent again may be answered again */
        judge_wires(&j);
    judge_faults(&j);
    if (!allowed_has(&j.allowed, scene, 0, UINT32_MAX, NULL))
        judge_strangers(&j);
    allowed_deinit(&j.allowed);
}
