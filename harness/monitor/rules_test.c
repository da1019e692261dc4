/* For every rule a breach that breaks it and nothing else, beside flows that keep them all. */
#include "harness/monitor/monitor_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct step *const flows[] = {
    flow_call,  flow_changed,  flow_late,      flow_cancelled, flow_ping,
    flow_refer, flow_register, flow_subscribe, flow_message,   flow_publish,
};
static const struct breach *const tables[] = {
    breaches_of_form,    breaches_of_messages, breaches_of_exchanges,
    breaches_of_dialogs, breaches_of_offers,   breaches_of_credentials,
};
enum { FLOWS = sizeof flows / sizeof *flows, TABLES = sizeof tables / sizeof *tables };

static void each_flow_keeps_every_rule(void **state)
{
    (void)state;
    for (int capture = 0; capture < 2; capture++)
        for (size_t i = 0; i < FLOWS; i++) {
            struct watched w;
            struct breach none = {.flow = flows[i], .capture = capture != 0};
            breach_play(&none, &w);
            if (w.ids[0] != '\0')
                print_message("flow %zu: \"%s\"\n", i, w.ids);
            assert_string_equal(w.ids, "");
        }
}

static void each_breach_breaks_its_rule_and_no_other(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < TABLES; i++)
        for (const struct breach *breach = tables[i]; breach->id != NULL; breach++) {
            struct watched w;
            breach_play(breach, &w);
            if (strcmp(w.ids, breach->id) == 0)
                continue;
            wrong++;
            print_message("table %zu, row %zu: \"%s\" instead of \"%s\"\n", i,
                          (size_t)(breach - tables[i]), w.ids, breach->id);
        }
    assert_int_equal(wrong, 0);
}

/* By row, and not by id: some ids have several. */
static void each_rule_has_its_breach(void **state)
{
    (void)state;
    size_t missing = 0;
    for (size_t rule = 0; rule < rule_count(); rule++) {
        bool found = false;
        for (size_t i = 0; i < TABLES && !found; i++)
            for (const struct breach *breach = tables[i]; breach->id != NULL && !found; breach++) {
                struct watched w;
                if (strcmp(breach->id, rule_at(rule)->id) != 0)
                    continue;
                breach_play(breach, &w);
                found = w.rule == rule_at(rule);
            }
        if (!found)
            print_message("%s, %s: no row breaks it\n", rule_at(rule)->id, rule_at(rule)->demand);
        missing += !found;
    }
    assert_int_equal(missing, 0);
}

static void a_rule_is_found_by_its_id(void **state)
{
    (void)state;
    assert_true(rule_count() >= 100);
    assert_string_equal(rule_find(V("CTI-001"))->id, "CTI-001");
    assert_string_equal(rule_find(V("MSG-017b"))->id, "MSG-017b");
    assert_null(rule_find(V("CTI-999")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_flow_keeps_every_rule),
        cmocka_unit_test(each_breach_breaks_its_rule_and_no_other),
        cmocka_unit_test(each_rule_has_its_breach),
        cmocka_unit_test(a_rule_is_found_by_its_id),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
