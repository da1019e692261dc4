#include "core/sdp/sdp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

/* RFC 8866 §5, with what a phone adds. */
static const char phone[] = "v=0\r\n"
                            "o=jdoe 2890844526 2890842807 IN IP4 10.47.16.5\r\n"
                            "s=SDP Seminar\r\n"
                            "i=A Seminar\r\n"
                            "c=IN IP4 224.2.17.12/127\r\n"
                            "b=AS:64\r\n"
                            "t=2873397496 2873404696\r\n"
                            "a=recvonly\r\n"
                            "m=audio 49170/2 RTP/AVP 0 8 97 101\r\n"
                            "c=IN IP6 2001:db8::1\r\n"
                            "a=rtpmap:97 opus/48000/2\r\n"
                            "a=rtpmap:101 telephone-event/8000\r\n"
                            "a=fmtp:101 0-15\r\n"
                            "a=sendonly\r\n"
                            "m=video 51372 RTP/AVP 99\r\n"
                            "a=rtpmap:99 h263-1998/90000\r\n";

#define PHONE ((struct view){phone, sizeof phone - 1})

struct sample { /* a description in a block of exactly its length, so that an over-read is seen */
    struct arena arena;
    char *bytes;
    struct sip_sdp sdp;
    enum err err;
};

static void sample_parse(struct sample *s, struct view text)
{
    memset(s, 0, sizeof *s);
    s->bytes = mem_alloc(text.len);
    assert_non_null(s->bytes);
    if (text.len != 0)
        memcpy(s->bytes, text.ptr, text.len);
    s->err = sip_sdp_parse((struct view){s->bytes, text.len}, &s->arena, &s->sdp);
}

static void sample_deinit(struct sample *s)
{
    arena_deinit(&s->arena);
    mem_free(s->bytes);
}

static void assert_view(struct view view, const char *expected)
{
    assert_int_equal(view.len, strlen(expected));
    assert_memory_equal(view.ptr, expected, view.len);
}

static void reads_a_session(void **state)
{
    (void)state;
    struct sample s;
    sample_parse(&s, PHONE);
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.sdp.fault_count, 0);
    assert_view(s.sdp.version, "0");
    assert_view(s.sdp.name, "SDP Seminar");
    assert_view(s.sdp.origin.user, "jdoe");
    assert_view(s.sdp.origin.session_version, "2890842807");
    assert_view(s.sdp.origin.address, "10.47.16.5");
    assert_view(s.sdp.connection.address, "224.2.17.12/127");
    assert_int_equal(s.sdp.direction, SIP_SDP_RECVONLY);
    assert_int_equal(s.sdp.line_count, 8);
    assert_int_equal(s.sdp.media_count, 2);
    sample_deinit(&s);
}

static void reads_its_streams(void **state)
{
    (void)state;
    struct sample s;
    sample_parse(&s, PHONE);
    const struct sip_sdp_media *audio = &s.sdp.media[0], *video = &s.sdp.media[1];
    assert_view(audio->kind, "audio");
    assert_view(audio->protocol, "RTP/AVP");
    assert_int_equal(audio->port, 49170);
    assert_int_equal(audio->port_count, 2);
    assert_int_equal(audio->format_count, 4);
    assert_int_equal(audio->direction, SIP_SDP_SENDONLY);
    assert_view(audio->connection.address, "2001:db8::1");
    assert_view(audio->codecs[0].name, "PCMU");
    assert_view(audio->codecs[1].name, "PCMA");
    assert_view(audio->codecs[2].name, "opus");
    assert_int_equal(audio->codecs[2].rate, 48000);
    assert_int_equal(audio->codecs[2].channels, 2);
    assert_view(audio->codecs[3].fmtp, "0-15");
    assert_int_equal(video->direction, SIP_SDP_RECVONLY);
    assert_view(video->connection.address, "224.2.17.12/127");
    struct view value;
    assert_true(sip_sdp_attribute_find(&s.sdp, audio, V("rtpmap"), &value));
    assert_view(value, "97 opus/48000/2");
    assert_true(sip_sdp_attribute_find(&s.sdp, video, V("recvonly"), &value));
    assert_null(value.ptr);
    assert_false(sip_sdp_attribute_find(&s.sdp, video, V("sendonly"), &value));
    sample_deinit(&s);
}

static void writes_what_it_read(void **state)
{
    (void)state;
    struct sample s;
    struct buf buf = {0};
    sample_parse(&s, PHONE);
    sip_sdp_write(&buf, &s.sdp);
    assert_view(buf_view(&buf), phone);
    buf_deinit(&buf);
    sample_deinit(&s);
}

#define HEAD "v=0\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nc=IN IP4 1.2.3.4\r\nt=0 0\r\n"
#define AUDIO HEAD "m=audio 4000 RTP/AVP 0\r\n"

static void has_fault(const char *text, const char *rule)
{
    struct sample s;
    sample_parse(&s, view_of(text));
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.sdp.fault_count, 1);
    assert_string_equal(s.sdp.faults[0].rule, rule);
    sample_deinit(&s);
}

static void names_each_fault_once(void **state)
{
    (void)state;
    has_fault("o=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\n", "sdp-version");
    has_fault("v=1\r\no=- 1 1 IN IP4 1.2.3.4\r\ns=-\r\nt=0 0\r\n", "sdp-version");
    has_fault("v=0\r\ns=-\r\nt=0 0\r\n", "sdp-origin");
    has_fault("v=0\r\no=- 1 1 IN IP4\r\ns=-\r\nt=0 0\r\n", "sdp-origin");
    has_fault("v=0\r\no=- 1 18446744073709551616 IN IP4 h\r\ns=-\r\nt=0 0\r\n",
              "sdp-origin-number");
    has_fault("v=0\r\no=- 1 1 IN IP4 h\r\nt=0 0\r\n", "sdp-name");
    has_fault("v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\n", "sdp-time");
    has_fault("v=0\r\no=- 1 1 IN IP4 h\r\nt=0 0\r\ns=-\r\n", "sdp-order");
    has_fault(HEAD "y=1\r\n", "sdp-type-unknown");
    has_fault(HEAD "nonsense\r\n", "sdp-line");
    has_fault(HEAD "\r\n", "sdp-line");
    has_fault(HEAD "c=IN IP4\r\n", "sdp-order");

    has_fault("v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nc=IN\r\nt=0 0\r\n", "sdp-connection");
    has_fault("v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\nm=audio 1 RTP/AVP 0\r\n",
              "sdp-connection-missing");
    has_fault(HEAD "m=audio 65536 RTP/AVP 0\r\n", "sdp-port");
    has_fault(HEAD "m=audio -1 RTP/AVP 0\r\n", "sdp-port");
    has_fault(HEAD "m=audio 49170/65535 RTP/AVP 0\r\n", "sdp-port-count");
    has_fault(HEAD "m=audio 49170/0 RTP/AVP 0\r\n", "sdp-port-count");
    has_fault(HEAD "m=audio 4000 RTP/AVP 4294967296\r\n", "sdp-payload-type");
    has_fault(HEAD "m=audio 4000 RTP/AVP -1\r\n", "sdp-payload-type");
    has_fault(HEAD "m=audio 4000 RTP/AVP\r\n", "sdp-media");
    has_fault(AUDIO "a=rtpmap:65535 PCMU/8000\r\n", "sdp-rtpmap");
    has_fault(AUDIO "a=rtpmap:0 PCMU\r\n", "sdp-rtpmap");
    has_fault(AUDIO "a=ok\rbad\r\n", "sdp-control-character");
}

static void reports_a_nul_and_where_it_stands(void **state)
{
    (void)state;
    struct sample s;
    sample_parse(&s, V(AUDIO "a=fmtp\0x\r\n"));
    assert_int_equal(s.sdp.fault_count, 1);
    assert_string_equal(s.sdp.faults[0].rule, "sdp-control-character");
    assert_int_equal(s.sdp.faults[0].offset, sizeof AUDIO - 1);
    sample_deinit(&s);
}

static void takes_single_newlines(void **state)
{
    (void)state;
    struct sample s;
    sample_parse(&s, V("v=0\no=- 1 1 IN IP4 h\ns=-\nt=0 0"));
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.sdp.fault_count, 0);
    assert_view(s.sdp.time, "0 0");
    sample_deinit(&s);
}

static void refuses_what_has_no_line(void **state)
{
    (void)state;
    static const char *const texts[] = {"", "\r\n", "hello", "=\r\n=", "v"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct sample s;
        sample_parse(&s, view_of(texts[i]));
        assert_int_equal(s.err, ERR_SYNTAX);
        sample_deinit(&s);
    }
}

static void keeps_no_more_faults_than_its_limit(void **state)
{
    (void)state;
    struct buf buf = {0};
    struct sample s;
    buf_add(&buf, V(HEAD));
    for (size_t i = 0; i < 1000; i++)
        buf_add(&buf, V("m=audio x RTP/AVP 0\r\na=crypto:1 AES\r\n"));
    sample_parse(&s, buf_view(&buf));
    assert_int_equal(s.err, ERR_OK);
    assert_int_equal(s.sdp.media_count, 1000);
    assert_int_equal(s.sdp.fault_count, SIP_SDP_FAULTS_MAX);
    sample_deinit(&s);
    buf_deinit(&buf);
}

static void has_a_limit_of_lines(void **state)
{
    (void)state;
    struct buf buf = {0};
    struct sample s;
    for (size_t i = 0; i <= SIP_SDP_LINES_MAX; i++)
        buf_add(&buf, V("a\n"));
    sample_parse(&s, buf_view(&buf));
    assert_int_equal(s.err, ERR_LIMIT);
    sample_deinit(&s);
    buf_deinit(&buf);
}

static void survives_every_cut_and_every_flipped_byte(void **state)
{
    (void)state;
    char text[sizeof phone];
    for (size_t i = 0; i < sizeof phone - 1; i++) {
        struct sample s;
        sample_parse(&s, (struct view){phone, i});
        assert_int_equal(s.err, i < 2 ? ERR_SYNTAX : ERR_OK);
        sample_deinit(&s);
        memcpy(text, phone, sizeof phone);
        text[i] = (char)(text[i] ^ 0x80);
        sample_parse(&s, (struct view){text, sizeof phone - 1});
        assert_int_equal(s.err, ERR_OK);
        sample_deinit(&s);
    }
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    struct arena arena = {0};
    struct sip_sdp sdp;
    mem_fail_at(1, true);
    enum err err = sip_sdp_parse(PHONE, &arena, &sdp);
    mem_fail_at(0, false);
    assert_int_equal(err, ERR_MEMORY);
    arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_session),
        cmocka_unit_test(reads_its_streams),
        cmocka_unit_test(writes_what_it_read),
        cmocka_unit_test(names_each_fault_once),
        cmocka_unit_test(reports_a_nul_and_where_it_stands),
        cmocka_unit_test(takes_single_newlines),
        cmocka_unit_test(refuses_what_has_no_line),
        cmocka_unit_test(keeps_no_more_faults_than_its_limit),
        cmocka_unit_test(has_a_limit_of_lines),
        cmocka_unit_test(survives_every_cut_and_every_flipped_byte),
        cmocka_unit_test(tells_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
