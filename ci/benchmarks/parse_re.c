#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include <re.h>

#include "parse_bench.h"

static bool decode_addr(const struct sip_hdr *header, const struct sip_msg *msg, void *arg)
{
    struct sip_addr addr;
    (void)msg;
    if (sip_addr_decode(&addr, &header->val) != 0)
        *(int *)arg = 0;
    return false;
}

static bool decode_via(const struct sip_hdr *header, const struct sip_msg *msg, void *arg)
{
    struct sip_via via;
    (void)msg;
    if (sip_via_decode(&via, &header->val) != 0)
        *(int *)arg = 0;
    return false;
}

static bool decode_auth(const struct sip_hdr *header, const struct sip_msg *msg, void *arg)
{
    struct httpauth_digest_resp resp;
    (void)msg;
    if (httpauth_digest_response_decode(&resp, &header->val) != 0)
        *(int *)arg = 0;
    return false;
}

/* libre decodes the start line, first Via, From, To, CSeq at once; the rest when asked. */
static int parse_one(const struct input *input)
{
    static struct mbuf *buffer;
    struct sip_msg *msg = NULL;
    int good = 1;
    if (buffer == NULL)
        buffer = mbuf_alloc(65536);
    mbuf_rewind(buffer);
    mbuf_write_mem(buffer, (const uint8_t *)input->bytes, input->len);
    buffer->pos = 0;
    if (sip_msg_decode(&msg, buffer) != 0)
        return 0;
    struct uri uri;
    if (msg->req && uri_decode(&uri, &msg->ruri) != 0)
        good = 0;
    sip_msg_hdr_apply(msg, true, SIP_HDR_VIA, decode_via, &good);
    sip_msg_hdr_apply(msg, true, SIP_HDR_CONTACT, decode_addr, &good);
    sip_msg_hdr_apply(msg, true, SIP_HDR_RECORD_ROUTE, decode_addr, &good);
    sip_msg_hdr_apply(msg, true, SIP_HDR_AUTHORIZATION, decode_auth, &good);
    mem_deref(msg);
    return good;
}

int main(int argc, char **argv)
{
    return parse_bench(argc, argv, "libre", parse_one);
}
