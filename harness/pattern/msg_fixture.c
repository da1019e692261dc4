#include "harness/pattern/msg_fixture.h"

static const char common[] =
    "Via: SIP/2.0/UDP a.example.com:5062;branch=z9hG4bK-1;rport\r\n"
    "Via: SIP/2.0/tcp [2001:db8::1];branch=z9hG4bK-2;received=192.0.2.7\r\n"
    "Max-Forwards: 70\r\n"
    "From: \"Alice\" <sip:alice@a.example.com>;tag=alice-1\r\n"
    "To: <sip:bob@b.example.com:5070;transport=udp;lr>;tag=bob-2\r\n"
    "Call-ID: call-1@a\r\n";

struct sip_msg *test_message(const char *text)
{
    struct sip_msg *msg;
    struct blob *blob = blob_create(view_of(text));
    assert_non_null(blob);
    assert_int_equal(sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg), ERR_OK);
    blob_unref(blob);
    return msg;
}

static struct sip_msg *finished(struct buf *buf, const char *method, const char *headers,
                                const char *body)
{
    buf_add(buf, view_of(headers));
    buf_add(buf, view_of(common));
    buf_printf(buf, "CSeq: 5 %s\r\nContent-Length: %zu\r\n\r\n%s", method, strlen(body), body);
    buf_add_char(buf, '\0');
    assert_int_equal(buf->failed, ERR_OK);
    struct sip_msg *msg = test_message(buf->ptr);
    buf_deinit(buf);
    return msg;
}

struct sip_msg *test_request(const char *method, const char *headers, const char *body)
{
    struct buf buf = {0};
    buf_printf(&buf, "%s sip:bob:secret@b.example.com:5070;transport=UDP SIP/2.0\r\n", method);
    return finished(&buf, method, headers, body);
}

struct sip_msg *test_response(unsigned status, const char *method, const char *headers,
                              const char *body)
{
    struct buf buf = {0};
    buf_printf(&buf, "SIP/2.0 %u Fine by me\r\n", status);
    return finished(&buf, method, headers, body);
}
