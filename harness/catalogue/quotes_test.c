/* What the catalogue says that an RFC says, the RFC says, and where the catalogue says that it
 * does. */
#include "harness/catalogue/requirement.h"
#include "harness/catalogue/rfc_fixture.h"
#include "harness/monitor/rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

static const char *folder_of_texts(void)
{
    const char *folder = getenv("SIPWRIGHT_RFCS");
    folder = folder == NULL ? "../shared/rfc" : folder;
    return access(folder, R_OK) == 0 ? folder : NULL;
}

/* A quote may go over several sections: each part of it stands in one of them. */
static bool stands_there(const struct rfc_text *text, const struct requirement *one,
                         struct view words)
{
    struct view rest = one->section;

    for (struct view section; section_take(&rest, &section);)
        if (rfc_text_has(text, section, words))
            return true;
    return false;
}

static bool quote_stands(const struct rfc_text *text, const struct requirement *one)
{
    struct view rest = one->quote;

    if (rest.len == 0) /* a torture message: its name stands there */
        return stands_there(text, one, view_skip(one->id, V("TOR-").len));
    for (size_t len; rest.len > 0; rest = view_skip(rest, len + 3)) {
        len = view_find(rest, V("..."));
        if (!stands_there(text, one, view_head(rest, len)))
            return false;
    }
    return true;
}

struct checking {
    const char *folder;
    struct rfc_text *text; /* the one loaded last; NULL: that is not there */
    struct view rfc;
    size_t checked, absent, wrong;
};

static void row_check(struct checking *checking, const struct requirement *one)
{
    if (!view_equal(checking->rfc, one->rfc)) {
        rfc_text_destroy(checking->text);
        checking->text = rfc_text_load(checking->folder, one->rfc);
        checking->rfc = one->rfc;
    }
    checking->absent += checking->text == NULL;
    checking->checked += checking->text != NULL;
    if (checking->text == NULL || quote_stands(checking->text, one))
        return;
    checking->wrong++;
    print_message("%s: %s section %s has no such words: %s\n", one->id.ptr, one->rfc.ptr,
                  one->section.ptr, one->quote.ptr);
}

static void each_quote_stands_in_its_section(void **state)
{
    struct checking checking = {.folder = folder_of_texts()};

    (void)state;
    if (checking.folder == NULL) {
        print_message("skipped: there is no folder of RFC texts (SIPWRIGHT_RFCS)\n");
        skip();
    }
    for (size_t i = 0; i < requirement_count; i++)
        row_check(&checking, &requirements[i]);
    rfc_text_destroy(checking.text);
    print_message("%zu quotes stand in their sections; of %zu the text is not there\n",
                  checking.checked, checking.absent);
    assert_int_equal(checking.wrong, 0);
    assert_true(checking.checked > requirement_count * 9 / 10);
}

static void words_that_are_not_there_are_missed(void **state)
{
    const char *folder = folder_of_texts();

    (void)state;
    if (folder == NULL)
        skip();
    struct rfc_text *text = rfc_text_load(folder, V("RFC 3261"));
    assert_non_null(text);
    assert_true(rfc_text_has(text, V("7.3.1"), V("field names are always case-insensitive.")));
    assert_false(rfc_text_has(text, V("7.3.2"), V("field names are always case-insensitive.")));
    assert_false(rfc_text_has(text, V("7.3.1"), V("field names are never case-insensitive.")));
    assert_null(rfc_text_load(folder, V("RFC 99999")));
    rfc_text_destroy(text);
}

/* Rules of the monitor whose ids are not its own (FMT, MON) are about rows of the catalogue. */
static void rules_are_of_the_catalogue(void **state)
{
    (void)state;
    for (size_t i = 0; i < rule_count(); i++) {
        struct view id = view_of(rule_at(i)->id);
        if (!view_starts(id, V("FMT-")) && !view_starts(id, V("MON-")) &&
            requirement_of_rule(id) == NULL)
            fail_msg("a rule of the monitor has an id that the catalogue has not: %s", id.ptr);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_quote_stands_in_its_section),
        cmocka_unit_test(words_that_are_not_there_are_missed),
        cmocka_unit_test(rules_are_of_the_catalogue),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
