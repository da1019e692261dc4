/* Whether the device of --target can be reached, each of its addresses. */
#include "harness/doctor/checkup.h"

#include "harness/run/setup.h"
#include "harness/target/ask.h"
#include "harness/target/config.h"

enum { PATIENCE_US = 2000000 };

static size_t places_find(const struct target *target, struct ask_place *out)
{
    size_t count = 0;

    out[count++] = (struct ask_place){target->proto, target->addr};
    for (int proto = PROTO_UDP; target->has_addresses && proto <= PROTO_WSS; proto++)
        if (target->addresses[proto].family != 0)
            out[count++] = (struct ask_place){(enum proto)proto, target->addresses[proto]};
    return count;
}

static void ask_target(const struct target *target, struct symptom *out)
{
    struct ask_place places[PROTO_WSS + 2];
    struct ask_answer answers[PROTO_WSS + 2] = {0};
    struct ask_options asking = {.uri = target->uri,
                                 .places = places,
                                 .place_count = places_find(target, places),
                                 .local = target_bind_of(target, V("")),
                                 .within_us = PATIENCE_US};
    bool all = ask(&asking, answers, &out->said) == ERR_OK;
    char room[ADDR_TEXT_MAX];

    for (size_t i = 0; i < asking.place_count; i++) {
        symptom_say(out, "%sOPTIONS at %s:%.*s: ", i == 0 ? "" : "; ", proto_text(places[i].proto),
                    VIEW_ARG(addr_text(&places[i].addr, room)));
        ask_answer_write(&out->said, &answers[i]);
        all = all && answers[i].status != 0;
    }
    ask_answers_deinit(answers, asking.place_count);
    if (all)
        return;
    if (target->start != NULL)
        symptom_poor(out, "the run starts it by itself; it is not up now");
    else
        symptom_bad(out, "see that it is up, that this is its address, and what stands between");
}

/* A URI needs no suite. */
void check_target(const struct options *options, struct symptom *out)
{
    struct buf complaint = {0};
    struct setup setup = {0};
    struct targets targets = {0};
    struct target bare = {0};
    const struct target *target = &bare;
    enum err err = ERR_OK;

    if (target_is_uri(view_of(options->target))) {
        err = target_uri_set(&bare, view_of(options->target), &targets.arena, &complaint);
    } else {
        err = setup_make(options, &setup, &complaint);
        if (err == ERR_OK)
            err = setup_targets(&setup, &targets, &complaint);
        target = targets_chosen(&targets);
    }
    if (err == ERR_OK) {
        ask_target(target, out);
    } else {
        symptom_say(out, "%.*s", VIEW_ARG(buf_view(&complaint)));
        symptom_bad(out, "name one of the suite's sipwright.lua, or give a URI: "
                         "--target sip:100@127.0.0.1:5070");
    }
    targets_deinit(&targets);
    setup_deinit(&setup);
    buf_deinit(&complaint);
}
