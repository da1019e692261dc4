#include "core/sdp/sdp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#define SDP "v=0\r\no=- 1 1 IN IP4 h\r\ns=-\r\nt=0 0\r\n"
#define MULTIPART(type)                                                                            \
    "--x\r\nContent-Type: text/plain\r\n\r\nv=1\r\n--x\r\nContent-Type: " type "\r\n\r\n" SDP      \
    "\r\n--x--\r\n"

static struct sip_msg *message(const char *content_type, const char *body)
{
    struct buf buf = {0};
    struct sip_msg *msg;
    buf_add(&buf, V("INFO sip:a@b SIP/2.0\r\n"));
    if (content_type != NULL)
        buf_printf(&buf, "Content-Type: %s\r\n", content_type);
    buf_printf(&buf, "Content-Length: %zu\r\n\r\n%s", strlen(body), body);
    struct blob *blob = blob_create(buf_view(&buf));
    assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    blob_unref(blob);
    buf_deinit(&buf);
    return msg;
}

static void finds_the_description(void **state)
{
    (void)state;
    static const struct {
        const char *type, *body, *text; /* text NULL: there is none */
    } rows[] = {
        {"application/sdp",               SDP,                                      SDP },
        {"Application/SDP;charset=utf-8", SDP,                                      SDP },
        {"application/sdpx",              SDP,                                      NULL},
        {"application/sdp",               "",                                       NULL},
        {NULL,                            SDP,                                      NULL},
        {"multipart/mixed;boundary=x",    MULTIPART("application/sdp"),             SDP },
        {"multipart/mixed;boundary=x",    MULTIPART("Application/SDP ;charset=us"), SDP },
        {"multipart/mixed;boundary=x",    MULTIPART("application/sdp+x"),           NULL},
        {"multipart/mixed;boundary=y",    MULTIPART("application/sdp"),             NULL},
        {"multipart/mixed",               MULTIPART("application/sdp"),             NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct sip_msg *msg = message(rows[i].type, rows[i].body);
        struct view text = sip_sdp_body(msg);
        assert_true((text.ptr == NULL) == (rows[i].text == NULL));
        assert_true(text.ptr == NULL || view_equal(text, view_of(rows[i].text)));
        assert_true((sip_sdp_of(msg) == NULL) == (rows[i].text == NULL));
        sip_msg_unref(msg);
    }
}

static void reads_it_once(void **state)
{
    (void)state;
    struct sip_msg *msg = message("application/sdp", SDP);
    const struct sip_sdp *sdp = sip_sdp_of(msg);
    assert_non_null(sdp);
    assert_ptr_equal(sip_sdp_of(msg), sdp);
    sip_msg_unref(msg);
    msg = message("application/sdp", "nonsense");
    assert_null(sip_sdp_of(msg));
    assert_null(sip_sdp_of(msg));
    sip_msg_unref(msg);
}

/* Nobody may take it for a message whose description is wrong. */
static void without_memory_the_message_is_not_whole(void **state)
{
    (void)state;
    bool failed = true;
    for (uint64_t nth = 1; failed; nth++) {
        struct sip_msg *msg = message("application/sdp", SDP);
        uint64_t count = mem_count();
        mem_fail_at(nth, false);
        const struct sip_sdp *sdp = sip_sdp_of(msg);
        mem_fail_at(0, false);
        failed = mem_count() - count >= nth;
        assert_true((sdp == NULL) == failed);
        assert_true(sip_msg_is_whole(msg) != failed);
        sip_msg_unref(msg);
        sip_msg_pool_drop();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_description),
        cmocka_unit_test(reads_it_once),
        cmocka_unit_test(without_memory_the_message_is_not_whole),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    sip_msg_pool_drop();
    return failed;
}
