#include "core/sdp/sdp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

static struct sip_sdp_options own_options(void)
{
    struct sip_sdp_options own = {
        .direction = SIP_SDP_SENDRECV, .session_id = 7, .session_version = 3, .user = V("bob")};
    assert_int_equal(addr_parse(V("192.0.2.2:4000"), &own.address), ERR_OK);
    return own;
}

#define OWN_HEAD(times)                                                                            \
    "v=0\r\no=bob 7 3 IN IP4 192.0.2.2\r\ns=-\r\nc=IN IP4 192.0.2.2\r\nt=" times "\r\n"
#define HEAD "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"

static void assert_text(struct buf *buf, const char *expected)
{
    buf_add_char(buf, '\0');
    assert_int_equal(buf->failed, ERR_OK);
    assert_string_equal(buf->ptr, expected);
    buf_deinit(buf);
}

static void offers_three_codecs(void **state)
{
    (void)state;
    struct sip_sdp_options own = own_options();
    struct buf buf = {0};
    sip_sdp_offer(&buf, &own);
    assert_text(&buf, OWN_HEAD("0 0") "m=audio 4000 RTP/AVP 0 8 101\r\n"
                                      "a=rtpmap:0 PCMU/8000\r\n"
                                      "a=rtpmap:8 PCMA/8000\r\n"
                                      "a=rtpmap:101 telephone-event/8000\r\n"
                                      "a=fmtp:101 0-15\r\n"
                                      "a=sendrecv\r\n");
}

static void numbers_other_codecs_from_96(void **state)
{
    (void)state;
    static const struct view codecs[] = {
        {"opus/48000/2",    12},
        {"G722",            4 },
        {"iLBC",            4 },
        {"telephone-event", 15}
    };
    struct sip_sdp_options own = own_options();
    own.codecs = codecs;
    own.codec_count = 4;
    own.direction = SIP_SDP_SENDONLY;
    struct buf buf = {0};
    sip_sdp_offer(&buf, &own);
    assert_text(&buf, OWN_HEAD("0 0") "m=audio 4000 RTP/AVP 96 9 97 101\r\n"
                                      "a=rtpmap:96 opus/48000/2\r\n"
                                      "a=rtpmap:9 G722/8000\r\n"
                                      "a=rtpmap:97 iLBC/8000\r\n"
                                      "a=rtpmap:101 telephone-event/8000\r\n"
                                      "a=fmtp:101 0-15\r\n"
                                      "a=sendonly\r\n");
}

static void offers_over_ipv6(void **state)
{
    (void)state;
    static const struct view codecs[] = {
        {"PCMU", 4}
    };
    struct sip_sdp_options own = own_options();
    assert_int_equal(addr_parse(V("[2001:db8::1]:6000"), &own.address), ERR_OK);
    own.codecs = codecs;
    own.codec_count = 1;
    own.user = (struct view){0};
    struct buf buf = {0};
    sip_sdp_offer(&buf, &own);
    assert_text(&buf,
                "v=0\r\no=- 7 3 IN IP6 2001:db8::1\r\ns=-\r\nc=IN IP6 2001:db8::1\r\nt=0 0\r\n"
                "m=audio 6000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n");
}

static size_t answer(const char *offer, const struct sip_sdp_options *own, struct buf *buf)
{
    struct arena arena = {0};
    struct sip_sdp sdp;
    size_t accepted = 99;
    assert_int_equal(sip_sdp_parse(view_of(offer), &arena, &sdp), ERR_OK);
    assert_int_equal(sip_sdp_answer(buf, &sdp, own, &accepted), ERR_OK);
    arena_deinit(&arena);
    return accepted;
}

static void answers_in_the_order_and_numbers_of_the_offer(void **state)
{
    (void)state;
    struct sip_sdp_options own = own_options();
    struct buf buf = {0};
    size_t accepted = answer("v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN IP4 h\r\nt=5 6\r\n"
                             "m=audio 5000 RTP/AVP 99 8 3 0\r\n"
                             "a=rtpmap:99 Telephone-Event/8000\r\na=fmtp:99 0-11\r\n",
                             &own, &buf);
    assert_int_equal(accepted, 1);
    assert_text(&buf, OWN_HEAD("5 6") "m=audio 4000 RTP/AVP 99 8 0\r\n"
                                      "a=rtpmap:99 telephone-event/8000\r\n"
                                      "a=fmtp:99 0-15\r\n"
                                      "a=rtpmap:8 PCMA/8000\r\n"
                                      "a=rtpmap:0 PCMU/8000\r\n"
                                      "a=sendrecv\r\n");
}

static void rejects_what_is_not_its_own(void **state)
{
    (void)state;
    static const char *const lines[] = {
        "m=video 5000 RTP/AVP 0", "m=audio 0 RTP/AVP 0",     "m=audio 5000 RTP/SAVP 0",
        "m=audio 5000 RTP/AVP 3", "m=audio 5000 RTP/AVP 97",
    };
    static const char *const answers[] = {
        "m=video 0 RTP/AVP 0\r\n", "m=audio 0 RTP/AVP 0\r\n",  "m=audio 0 RTP/SAVP 0\r\n",
        "m=audio 0 RTP/AVP 3\r\n", "m=audio 0 RTP/AVP 97\r\n",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct sip_sdp_options own = own_options();
        struct buf offer = {0}, buf = {0}, expected = {0};
        buf_printf(&offer, HEAD "%s\r\n", lines[i]);
        buf_add_char(&offer, '\0');
        assert_int_equal(answer(offer.ptr, &own, &buf), 0);
        buf_printf(&expected, OWN_HEAD("0 0") "%s", answers[i]);
        buf_add_char(&expected, '\0');
        assert_text(&buf, expected.ptr);
        buf_deinit(&offer);
        buf_deinit(&expected);
    }
}

static void answers_each_line_of_the_offer(void **state)
{
    (void)state;
    struct sip_sdp_options own = own_options();
    struct buf buf = {0};
    assert_int_equal(answer(HEAD "m=video 5002 RTP/AVP 31\r\nm=audio 5000 RTP/AVP 0\r\n"
                                 "m=audio 5004 RTP/AVP 0\r\n",
                            &own, &buf),
                     1);
    assert_text(&buf, OWN_HEAD("0 0") "m=video 0 RTP/AVP 31\r\n"
                                      "m=audio 4000 RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\n"
                                      "a=sendrecv\r\nm=audio 0 RTP/AVP 0\r\n");
}

static void mirrors_the_direction(void **state)
{
    (void)state;
    /* Rows: the offer's; columns: what we are willing to do; RFC 3264 §6.1. */
    static const enum sip_sdp_direction expected[4][4] = {
        {SIP_SDP_INACTIVE, SIP_SDP_INACTIVE, SIP_SDP_INACTIVE, SIP_SDP_INACTIVE},
        {SIP_SDP_INACTIVE, SIP_SDP_INACTIVE, SIP_SDP_RECVONLY, SIP_SDP_RECVONLY},
        {SIP_SDP_INACTIVE, SIP_SDP_SENDONLY, SIP_SDP_INACTIVE, SIP_SDP_SENDONLY},
        {SIP_SDP_INACTIVE, SIP_SDP_SENDONLY, SIP_SDP_RECVONLY, SIP_SDP_SENDRECV},
    };
    for (unsigned offered = 0; offered < 4; offered++) {
        for (unsigned willing = 0; willing < 4; willing++) {
            struct sip_sdp_options own = own_options();
            struct arena arena = {0};
            struct sip_sdp sdp;
            struct buf offer = {0}, buf = {0};
            buf_printf(&offer, HEAD "m=audio 5000 RTP/AVP 0\r\na=%s\r\n",
                       sip_sdp_direction_text((enum sip_sdp_direction)offered));
            buf_add_char(&offer, '\0');
            own.direction = (enum sip_sdp_direction)willing;
            assert_int_equal(answer(offer.ptr, &own, &buf), 1);
            assert_int_equal(sip_sdp_parse(buf_view(&buf), &arena, &sdp), ERR_OK);
            assert_int_equal(sdp.fault_count, 0);
            assert_int_equal(sdp.media[0].direction, expected[offered][willing]);
            arena_deinit(&arena);
            buf_deinit(&offer);
            buf_deinit(&buf);
        }
    }
}

static void answers_no_offer_without_an_origin(void **state)
{
    (void)state;
    struct sip_sdp_options own = own_options();
    struct arena arena = {0};
    struct sip_sdp sdp;
    struct buf buf = {0};
    assert_int_equal(sip_sdp_parse(V("v=0\r\ns=-\r\n"), &arena, &sdp), ERR_OK);
    assert_int_equal(sip_sdp_answer(&buf, &sdp, &own, NULL), ERR_SYNTAX);
    assert_int_equal(buf.len, 0);
    arena_deinit(&arena);
    buf_deinit(&buf);
}

static void holds_by_direction_and_version(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct sip_sdp sdp;
    struct buf buf = {0};
    assert_int_equal(sip_sdp_parse(V(HEAD "a=sendrecv\r\na=x\r\nm=audio 5000 RTP/AVP 0\r\n"
                                          "a=recvonly\r\na=ptime:20\r\n"),
                                   &arena, &sdp),
                     ERR_OK);
    assert_int_equal(sip_sdp_with_direction(&buf, &sdp, SIP_SDP_SENDONLY), ERR_OK);
    assert_text(&buf, "v=0\r\no=- 1 2 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\n"
                      "a=x\r\nm=audio 5000 RTP/AVP 0\r\na=ptime:20\r\na=sendonly\r\n");
    arena_deinit(&arena);
}

static void counts_no_version_that_is_none(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct sip_sdp sdp;
    struct buf buf = {0};
    assert_int_equal(sip_sdp_parse(V("v=0\r\no=- 1 x IN IP4 h\r\n"), &arena, &sdp), ERR_OK);
    assert_int_equal(sip_sdp_with_direction(&buf, &sdp, SIP_SDP_SENDONLY), ERR_SYNTAX);
    arena_deinit(&arena);
    buf_deinit(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_three_codecs),
        cmocka_unit_test(numbers_other_codecs_from_96),
        cmocka_unit_test(offers_over_ipv6),
        cmocka_unit_test(answers_in_the_order_and_numbers_of_the_offer),
        cmocka_unit_test(rejects_what_is_not_its_own),
        cmocka_unit_test(answers_each_line_of_the_offer),
        cmocka_unit_test(mirrors_the_direction),
        cmocka_unit_test(answers_no_offer_without_an_origin),
        cmocka_unit_test(holds_by_direction_and_version),
        cmocka_unit_test(counts_no_version_that_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
