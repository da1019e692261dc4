#include "harness/captured/lint_finding.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define RESPONSE "0123456789ABCDEF0123456789ABCDEF"
#define STARS "********************************"

static const struct rule_row rule = {
    .id = "AUT-014", .section = "RFC 3261 §25.1", .demand = "response is lower-case hex"};

static void says(void (*write)(struct buf *, const char *, const struct lint_finding *),
                 const struct lint_finding *finding, const char *what, const char *never)
{
    struct buf out = {0};

    write(&out, "a.pcap", finding);
    assert_int_equal(out.failed, ERR_OK);
    assert_true(view_find(buf_view(&out), view_of(what)) < out.len);
    assert_true(view_find(buf_view(&out), view_of(never)) == out.len);
    buf_deinit(&out);
}

/* Neither in the line that is shown nor in the sentence about it. */
static void a_captured_proof_is_not_told(void **state)
{
    const struct lint_finding finding = {
        .rule = &rule,
        .sentence = V("it is " RESPONSE),
        .line = V("Authorization: Digest username=\"a\", response=\"" RESPONSE "\"")};

    (void)state;
    says(lint_finding_text, &finding, "it is " STARS, RESPONSE);
    says(lint_finding_json, &finding, "\"sentence\":\"it is " STARS "\"", RESPONSE);
}

static void nor_is_a_key_of_a_description(void **state)
{
    const struct lint_finding finding = {
        .rule = &rule,
        .sentence = V("it is twice there"),
        .line = V("a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:PS1uQCVeeCFCanVmcjkp|2^20")};

    (void)state;
    says(lint_finding_text, &finding, "inline:********************|2^20", "PS1uQCVe");
    says(lint_finding_json, &finding, "inline:********************|2^20", "PS1uQCVe");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_captured_proof_is_not_told),
        cmocka_unit_test(nor_is_a_key_of_a_description),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
