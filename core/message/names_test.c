#include "core/message/names.h"

#include "core/message/method.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>

static const struct {
    enum sip_header_id id;
    const char *name;
    char compact;
    bool list;
} rows[] = {
#define HEADER(id, name, compact, list, rfc) {SIP_HEADER_##id, name, compact, list},
#include "core/message/header_names.def"
#undef HEADER
};
enum { ROWS = sizeof rows / sizeof *rows };

static void every_name_is_found_in_any_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        char upper[64] = {0}, under[64] = {0};
        for (size_t k = 0; rows[i].name[k] != '\0'; k++) {
            upper[k] = (char)toupper((unsigned char)rows[i].name[k]);
            under[k] = (char)tolower((unsigned char)rows[i].name[k]);
        }
        assert_int_equal(sip_header_find(view_of(rows[i].name)), rows[i].id);
        assert_int_equal(sip_header_find(view_of(upper)), rows[i].id);
        assert_int_equal(sip_header_find(view_of(under)), rows[i].id);
        assert_true(view_equal(sip_header_name(rows[i].id), view_of(rows[i].name)));
        assert_int_equal(sip_header_is_list(rows[i].id), rows[i].list);
        assert_true(strncmp(sip_header_rfc(rows[i].id), "RFC ", 4) == 0);
    }
}

/* The whole name counts: one byte less, more or other is another header. */
static void a_name_nearly_the_same_is_not_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        char text[64];
        size_t len = strlen(rows[i].name);
        memcpy(text, rows[i].name, len);
        text[len] = 'x';
        assert_int_equal(sip_header_find((struct view){text, len + 1}), SIP_HEADER_OTHER);
        if (len > 2) /* "To" without its end is the compact form of another */
            assert_int_equal(sip_header_find((struct view){text, len - 1}), SIP_HEADER_OTHER);
        for (size_t k = 0; k < len; k++) {
            char kept = text[k];
            for (int c = 0; c < 256; c++) {
                text[k] = (char)c;
                bool same = tolower(c) == tolower((unsigned char)kept);
                enum sip_header_id id = sip_header_find((struct view){text, len});
                if (!same)
                    assert_int_not_equal(id, rows[i].id);
            }
            text[k] = kept;
        }
    }
    assert_int_equal(sip_header_find(V("")), SIP_HEADER_OTHER);
}

static void compact_forms_are_those_registered(void **state)
{
    (void)state;
    /* RFC 3261 §20, RFC 6665 §8.2 (o, u), 3515 (r), 3892 (b), 4028 (x), 3841 (a, d, j), 4474 (n, y)
     */
    static const char wanted[] = "abcdefijklmnorstuvxy";
    for (int c = 0; c < 256; c++) {
        char text = (char)c;
        enum sip_header_id id = sip_header_find((struct view){&text, 1});
        bool registered = c != 0 && isalpha(c) && strchr(wanted, tolower(c)) != NULL;
        assert_int_equal(id != SIP_HEADER_OTHER, registered);
        for (size_t i = 0; i < ROWS; i++)
            if (rows[i].compact != 0 && tolower(c) == rows[i].compact)
                assert_int_equal(id, rows[i].id);
    }
}

static void methods_are_told_by_their_whole_name_and_case(void **state)
{
    (void)state;
    for (int i = SIP_METHOD_OTHER + 1; i < SIP_METHOD_COUNT; i++) {
        struct view name = sip_method_name((enum sip_method)i);
        assert_int_equal(sip_method_find(name), i);
        assert_int_equal(sip_method_find(view_head(name, name.len - 1)), SIP_METHOD_OTHER);
    }
    assert_int_equal(sip_method_find(V("invite")), SIP_METHOD_OTHER);
    assert_int_equal(sip_method_find(V("INVITED")), SIP_METHOD_OTHER);
    assert_int_equal(sip_method_find(V("")), SIP_METHOD_OTHER);
}

static void reasons_are_those_of_the_rfcs(void **state)
{
    (void)state;
    assert_true(view_equal(sip_status_reason(100), V("Trying")));
    assert_true(view_equal(sip_status_reason(487), V("Request Terminated")));
    assert_true(view_equal(sip_status_reason(606), V("Not Acceptable")));
    assert_true(view_equal(sip_status_reason(299), V("Unknown")));
    assert_true(view_equal(sip_status_reason(0), V("Unknown")));
    assert_true(view_equal(sip_status_reason(65535), V("Unknown")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_is_found_in_any_case),
        cmocka_unit_test(a_name_nearly_the_same_is_not_found),
        cmocka_unit_test(compact_forms_are_those_registered),
        cmocka_unit_test(methods_are_told_by_their_whole_name_and_case),
        cmocka_unit_test(reasons_are_those_of_the_rfcs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
