#include "harness/catalogue/requirement.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static void each_row_is_found_by_its_id(void **state)
{
    (void)state;
    assert_int_equal(requirement_count, 839);
    for (size_t i = 0; i < requirement_count; i++)
        assert_ptr_equal(requirement_find(requirements[i].id), &requirements[i]);
    assert_null(requirement_find(V("CTI-999")));
    assert_null(requirement_find(V("CTI")));
    assert_null(requirement_find(V("")));
}

/* What searching and the order of reports rest on. */
static void ids_stand_in_order_and_once(void **state)
{
    (void)state;
    for (size_t i = 1; i < requirement_count; i++)
        assert_true(view_compare(requirements[i - 1].id, requirements[i].id) < 0);
}

static bool word_among(struct view word, const char *const *words)
{
    for (; *words != NULL; words++)
        if (view_equal(word, view_of(*words)))
            return true;
    return false;
}

static void roles_check(struct view roles)
{
    static const char *const known[] = {"ANY", "UAC", "UAS", "PROXY", "REGISTRAR", NULL};

    for (size_t len; roles.len > 0; roles = view_skip(roles, len + 1)) {
        len = view_find_char(roles, ',');
        assert_true(word_among(view_head(roles, len), known));
    }
}

static void each_row_is_whole(void **state)
{
    static const char *const levels[] = {"MUST", "SHOULD", "MAY", "NORM", "INFO", NULL};

    (void)state;
    for (size_t i = 0; i < requirement_count; i++) {
        const struct requirement *one = &requirements[i];
        assert_true(one->area.len > 0 && one->section.len > 0 && one->text.len > 0);
        assert_true(one->stimulus.len > 0 && one->expected.len > 0);
        assert_true(view_starts(one->rfc, V("RFC ")));
        assert_true(word_among(one->level, levels));
        assert_true(one->role.len > 0);
        roles_check(one->role);
        assert_true(one->quote.len > 0 || view_equal(one->area, V("torture")));
        for (size_t j = 0; j < sizeof *one / sizeof one->id; j++)
            assert_int_equal((&one->id)[j].ptr[(&one->id)[j].len], '\0');
    }
}

static void levels_have_an_order(void **state)
{
    static const struct {
        const char *id;
        enum requirement_level level;
    } rows[] = {
        {"MSG-001",   LEVEL_MUST  },
        {"MSG-002",   LEVEL_NORM  },
        {"CTI-006",   LEVEL_SHOULD},
        {"TOR-wsinv", LEVEL_INFO  },
    };
    const struct requirement odd = {.level = V("PERHAPS")};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(requirement_level(requirement_find(view_of(rows[i].id))), rows[i].level);
    assert_true(LEVEL_MUST > LEVEL_NORM && LEVEL_NORM > LEVEL_SHOULD && LEVEL_SHOULD > LEVEL_MAY);
    assert_int_equal(requirement_level(&odd), LEVEL_MUST);
}

static void a_section_has_those_inside_it(void **state)
{
    const struct requirement one = {.section = V("6,17.1.1.2")};

    (void)state;
    assert_true(requirement_in_section(&one, V("17.1.1.2")));
    assert_true(requirement_in_section(&one, V("17.1")));
    assert_true(requirement_in_section(&one, V("6")));
    assert_false(requirement_in_section(&one, V("17.1.1.2.1")));
    assert_false(requirement_in_section(&one, V("17.1.1.20")));
    assert_false(requirement_in_section(&one, V("1")));
}

static void a_rule_is_about_a_row(void **state)
{
    (void)state;
    assert_ptr_equal(requirement_of_rule(V("CTI-001")), requirement_find(V("CTI-001")));
    assert_ptr_equal(requirement_of_rule(V("DLG-008b")), requirement_find(V("DLG-008")));
    assert_ptr_equal(requirement_of_rule(V("UAS-010b")), requirement_find(V("UAS-010b")));
    assert_null(requirement_of_rule(V("FMT-001")));
    assert_null(requirement_of_rule(V("")));
}

static void a_slip_is_put_right(void **state)
{
    (void)state;
    assert_string_equal(requirement_near("CTI-01"), "CTI-001");
    assert_string_equal(requirement_near("TOR-wsinf"), "TOR-wsinv");
    assert_null(requirement_near("something else"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_found_by_its_id),
        cmocka_unit_test(ids_stand_in_order_and_once),
        cmocka_unit_test(each_row_is_whole),
        cmocka_unit_test(levels_have_an_order),
        cmocka_unit_test(a_section_has_those_inside_it),
        cmocka_unit_test(a_rule_is_about_a_row),
        cmocka_unit_test(a_slip_is_put_right),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
