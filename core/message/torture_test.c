/* RFC 4475 and RFC 5118, each message as it stands in the RFC. */
#include "core/message/multipart.h"
#include "core/message/torture_fixture.h"
#include "core/message/uri.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

static struct sip_msg *torture(const char *name)
{
    for (size_t i = 0; i < torture_count; i++)
        if (strcmp(torture_rows[i].name, name) == 0)
            return parse_text(torture_read(&torture_rows[i]));
    fail_msg("no message %s", name);
    return NULL;
}

static void each_message_breaks_the_rules_its_rfc_tells(void **state)
{
    (void)state;
    assert_int_equal(torture_count, 49 + 12);
    for (size_t i = 0; i < torture_count; i++) {
        struct sip_msg *msg = parse_text(torture_read(&torture_rows[i]));
        if (strcmp(fault_names(msg), torture_rows[i].faults) != 0)
            fail_msg("%s: %s, wanted %s", torture_rows[i].name, fault_names(msg),
                     torture_rows[i].faults);
        for (size_t k = 0; k < sip_msg_fault_count(msg); k++)
            assert_true(sip_msg_fault(msg, k)->offset <= sip_msg_blob(msg)->len);
        sip_msg_unref(msg);
    }
}

/* RFC 4475 §3.1.1.1 */
static void wsinv_is_read_whole(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/wsinv");
    assert_int_equal(sip_msg_method(msg), SIP_INVITE);
    assert_view(sip_msg_to(msg)->uri.text, "sip:vivekg@chair-dnrc.example.com");
    assert_view(sip_msg_to(msg)->tag, "1918181833n");
    assert_view(sip_msg_from(msg)->display, "J Rosenberg \\\\\\\"");
    assert_view(sip_msg_from(msg)->tag, "98asjd8");
    const struct sip_number *hops = sip_msg_get(msg, SIP_HEADER_MAX_FORWARDS, 0);
    assert_int_equal(hops->value, 68);
    assert_int_equal(sip_msg_cseq(msg)->number, 9);
    assert_int_equal(sip_msg_cseq(msg)->method, SIP_INVITE);
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_VIA), 3);
    assert_view(sip_msg_via(msg, 0)->branch, "390skdjuw");
    assert_view(sip_msg_via(msg, 1)->branch, "z9hG4bK9ikj8");
    assert_view(sip_msg_via(msg, 1)->host, "spindle.example.com");
    assert_view(sip_msg_via(msg, 2)->branch, "z9hG4bK30239");
    assert_view(sip_msg_route(msg, 0)->uri.host, "services.example.com");
    assert_view(sip_msg_contact(msg, 0)->display, "Quoted string \\\"\\\"");
    assert_int_equal(sip_msg_contact(msg, 0)->params.count, 3);
    assert_int_equal(sip_msg_body(msg).len, 150);
    sip_msg_unref(msg);
}

/* RFC 4475 §3.1.1.2 */
static void intmeth_keeps_every_odd_byte(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/intmeth");
    assert_int_equal(sip_msg_method(msg), SIP_METHOD_OTHER);
    assert_view(sip_msg_method_name(msg), "!interesting-Method0123456789_*+`.%indeed'~");
    assert_view(sip_msg_request_uri(msg)->user, "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    assert_view(sip_msg_request_uri(msg)->password, "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)");
    assert_true(view_equal(sip_msg_to(msg)->display, V("BEL:\\\x07 NUL:\\\0 DEL:\\\x7f")));
    assert_view(sip_msg_from(msg)->display, "token1~` token2'+_ token3*%!.-");
    assert_view(sip_msg_from(msg)->tag, "_token~1'+`*%!-.");
    sip_msg_unref(msg);
}

/* RFC 4475 §3.1.1.3, §3.1.1.4: decoded once, and not as far as the NUL only. */
static void escapes_are_decoded_once(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct sip_msg *msg = torture("rfc4475/esc01");
    assert_view(sip_unescape(sip_msg_to(msg)->uri.user, &arena), "user");
    assert_view(sip_unescape(sip_msg_request_uri(msg)->user, &arena), "sips:user@example.com");
    const struct sip_params *params = &sip_msg_contact(msg, 0)->uri.params;
    assert_int_equal(params->count, 2);
    assert_view(sip_unescape(params->items[1].value, &arena), "value%41");
    sip_msg_unref(msg);
    msg = torture("rfc4475/escnull");
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_CONTACT), 2);
    assert_int_equal(sip_unescape(sip_msg_contact(msg, 1)->uri.user, &arena).len, 2);
    assert_false(sip_uri_equal(&sip_msg_contact(msg, 0)->uri, &sip_msg_contact(msg, 1)->uri));
    sip_msg_unref(msg);
    arena_deinit(&arena);
}

/* RFC 4475 §3.1.1.5 */
static void escapes_mean_nothing_in_methods_and_names(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/esc02");
    assert_int_equal(sip_msg_method(msg), SIP_METHOD_OTHER);
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_CONTACT), 2);
    assert_non_null(sip_msg_find_name(msg, V("C%6Fntact"), 0));
    assert_view(sip_msg_to(msg)->display, "%Z%45");
    sip_msg_unref(msg);
}

/* RFC 4475 §3.1.1.6, §3.1.1.9 */
static void display_names_and_users_end_where_they_should(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/lwsdisp");
    assert_view(sip_msg_from(msg)->display, "caller");
    assert_view(sip_msg_from(msg)->uri.text, "sip:caller@example.com");
    sip_msg_unref(msg);
    msg = torture("rfc4475/semiuri");
    assert_view(sip_msg_request_uri(msg)->user, "user;par=u%40example.net");
    assert_view(sip_msg_request_uri(msg)->host, "example.com");
    assert_int_equal(sip_msg_request_uri(msg)->params.count, 0);
    sip_msg_unref(msg);
}

/* RFC 4475 §3.1.1.8 */
static void a_second_request_in_the_datagram_is_not_ours(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/dblreq");
    assert_int_equal(sip_msg_body(msg).len, 0);
    assert_true(view_ends(sip_msg_raw(msg), V("Content-Length: 0\r\n\r\n")));
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_VIA), 1);
    sip_msg_unref(msg);
}

/* RFC 4475 §3.1.1.10 */
static void transports_nobody_knows_are_read(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/transports");
    static const char *const wanted[] = {"UDP", "SCTP", "TLS", "UNKNOWN", "TCP"};
    assert_int_equal(sip_msg_count(msg, SIP_HEADER_VIA), 5);
    for (size_t i = 0; i < 5; i++)
        assert_true(view_equal(sip_msg_via(msg, i)->transport, view_of(wanted[i])));
    sip_msg_unref(msg);
}

/* RFC 4475 §3.1.1.11 */
static void a_binary_body_is_cut_by_its_length(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/mpart01");
    struct view boundary, rest = sip_msg_body(msg);
    struct sip_part part;
    assert_int_equal(rest.len, 553);
    const struct sip_media_type *type = sip_msg_get(msg, SIP_HEADER_CONTENT_TYPE, 0);
    assert_int_equal(sip_boundary_find(type, &boundary), ERR_OK);
    assert_int_equal(sip_part_next(&rest, boundary, &part), ERR_OK);
    assert_view(part.content_type, "text/plain");
    assert_view(part.body, "Hello");
    assert_int_equal(sip_part_next(&rest, boundary, &part), ERR_OK);
    assert_view(part.content_type, "application/octet-stream");
    assert_true(view_find_char(part.body, '\0') < part.body.len);
    assert_int_equal(sip_part_next(&rest, boundary, &part), ERR_ABSENT);
    sip_msg_unref(msg);
}

/* RFC 4475 §3.1.1.12, §3.1.1.13 */
static void reason_phrases_may_be_utf8_or_empty(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/unreason");
    assert_true(view_starts(sip_msg_reason(msg), V("= 2**3 * 5**2")));
    assert_int_equal(sip_msg_status(msg), 200);
    sip_msg_unref(msg);
    msg = torture("rfc4475/noreason");
    assert_int_equal(sip_msg_reason(msg).len, 0);
    assert_int_equal(sip_msg_status(msg), 100);
    sip_msg_unref(msg);
}

/* RFC 4475 §3.3.12 to §3.3.14 */
static void contact_parameters_belong_where_the_brackets_say(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/cparam01");
    assert_int_equal(sip_msg_contact(msg, 0)->params.count, 1);
    assert_int_equal(sip_msg_contact(msg, 0)->uri.params.count, 0);
    sip_msg_unref(msg);
    msg = torture("rfc4475/cparam02");
    assert_int_equal(sip_msg_contact(msg, 0)->params.count, 0);
    assert_int_equal(sip_msg_contact(msg, 0)->uri.params.count, 1);
    sip_msg_unref(msg);
    msg = torture("rfc4475/regescrt");
    assert_view(sip_msg_contact(msg, 0)->uri.headers, "Route=%3Csip:sip.example.com%3E");
    sip_msg_unref(msg);
}

/* RFC 4475 §3.3.2 to §3.3.4 */
static void unknown_schemes_are_no_fault(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/unkscm");
    assert_int_equal(sip_msg_request_uri(msg)->scheme, SIP_SCHEME_OTHER);
    assert_view(sip_msg_request_uri(msg)->scheme_text, "nobodyKnowsThisScheme");
    sip_msg_unref(msg);
    msg = torture("rfc4475/unksm2");
    assert_int_equal(sip_msg_to(msg)->uri.scheme, SIP_SCHEME_OTHER);
    assert_int_equal(sip_msg_from(msg)->uri.scheme, SIP_SCHEME_OTHER);
    assert_view(sip_msg_contact(msg, 0)->uri.text, "name:John_Smith");
    sip_msg_unref(msg);
}

/* The lenient may go on where the RFC says that nothing is ambiguous. */
static void what_is_wrong_stays_readable(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc4475/ltgtruri");
    assert_view(sip_msg_request_uri(msg)->text, "sip:user@example.com");
    sip_msg_unref(msg);
    msg = torture("rfc4475/badaspec");
    assert_view(sip_msg_to(msg)->uri.text, "sip:t.watson@example.org");
    sip_msg_unref(msg);
    msg = torture("rfc4475/baddn");
    assert_view(sip_msg_from(msg)->display, "Bell, Alexander");
    sip_msg_unref(msg);
    msg = torture("rfc4475/regbadct");
    assert_view(sip_msg_contact(msg, 0)->uri.headers, "Route=%3Csip:sip.example.com%3E");
    sip_msg_unref(msg);
    msg = torture("rfc4475/trws");
    assert_view(sip_msg_version(msg), "SIP/2.0");
    assert_view(sip_msg_request_uri(msg)->host, "example.com");
    sip_msg_unref(msg);
    msg = torture("rfc4475/badinv01");
    assert_int_equal(sip_msg_method(msg), SIP_INVITE);
    assert_view(sip_msg_via(msg, 0)->host, "192.0.2.15");
    assert_null(sip_msg_via(msg, 1));
    sip_msg_unref(msg);
    msg = torture("rfc4475/bigcode");
    assert_int_equal(sip_msg_status(msg), 0);
    assert_false(sip_msg_is_request(msg));
    sip_msg_unref(msg);
}

/* RFC 5118 §4.3, §4.4, §4.5, §4.10 */
static void ipv6_references_are_read(void **state)
{
    (void)state;
    struct sip_msg *msg = torture("rfc5118/port-ambiguous");
    assert_view(sip_msg_request_uri(msg)->host, "[2001:db8::10:5070]");
    assert_int_equal(sip_msg_request_uri(msg)->port, 0);
    sip_msg_unref(msg);
    msg = torture("rfc5118/port-unambiguous");
    assert_view(sip_msg_request_uri(msg)->host, "[2001:db8::10]");
    assert_int_equal(sip_msg_request_uri(msg)->port, 5070);
    sip_msg_unref(msg);
    msg = torture("rfc5118/via-received-param-with-delim");
    assert_view(sip_msg_via(msg, 0)->received, "[2001:db8::9:255]");
    sip_msg_unref(msg);
    msg = torture("rfc5118/via-received-param-no-delim");
    assert_view(sip_msg_via(msg, 0)->received, "2001:db8::9:255");
    sip_msg_unref(msg);
    msg = torture("rfc5118/ipv6-bug-abnf-3-colons");
    assert_view(sip_msg_request_uri(msg)->host, "[2001:db8:::192.0.2.1]");
    sip_msg_unref(msg);
}

static int drop_pool(void **state)
{
    (void)state;
    sip_msg_pool_drop();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_breaks_the_rules_its_rfc_tells),
        cmocka_unit_test(wsinv_is_read_whole),
        cmocka_unit_test(intmeth_keeps_every_odd_byte),
        cmocka_unit_test(escapes_are_decoded_once),
        cmocka_unit_test(escapes_mean_nothing_in_methods_and_names),
        cmocka_unit_test(display_names_and_users_end_where_they_should),
        cmocka_unit_test(a_second_request_in_the_datagram_is_not_ours),
        cmocka_unit_test(transports_nobody_knows_are_read),
        cmocka_unit_test(a_binary_body_is_cut_by_its_length),
        cmocka_unit_test(reason_phrases_may_be_utf8_or_empty),
        cmocka_unit_test(contact_parameters_belong_where_the_brackets_say),
        cmocka_unit_test(unknown_schemes_are_no_fault),
        cmocka_unit_test(what_is_wrong_stays_readable),
        cmocka_unit_test(ipv6_references_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, drop_pool);
}
