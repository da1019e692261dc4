/* CSeq and RAck: RFC 3261 §20.16, RFC 3262 §7.2 */
#include "core/message/kind.h"

/* RFC 3261 §8.1.1.5: "expressible as a 32-bit unsigned integer"; that it is less than 2^31 is a
 * rule for who picks it (check.c). */
static uint32_t number_scan(struct scan *s)
{
    scan_lws(s);
    uint32_t number = (uint32_t)scan_number(s, UINT32_MAX);
    scan_gap(s);
    return number;
}

static struct view method_scan(struct scan *s, enum sip_method *out)
{
    struct view name = scan_token(s);
    *out = sip_method_find(name);
    return name;
}

/* CSeq = "CSeq" HCOLON 1*DIGIT LWS Method */
static void cseq_scan(struct scan *s, void *out)
{
    struct sip_cseq *cseq = out;
    cseq->number = number_scan(s);
    cseq->method_name = method_scan(s, &cseq->method);
}

static void cseq_write(struct buf *buf, const void *in)
{
    const struct sip_cseq *cseq = in;
    buf_add_uint(buf, cseq->number);
    buf_add_char(buf, ' ');
    buf_add(buf, cseq->method_name);
}

/* RAck = "RAck" HCOLON response-num LWS CSeq-num LWS Method */
static void rack_scan(struct scan *s, void *out)
{
    struct sip_rack *rack = out;
    rack->rseq = number_scan(s);
    rack->cseq = number_scan(s);
    rack->method_name = method_scan(s, &rack->method);
}

static void rack_write(struct buf *buf, const void *in)
{
    const struct sip_rack *rack = in;
    buf_add_uint(buf, rack->rseq);
    buf_add_char(buf, ' ');
    buf_add_uint(buf, rack->cseq);
    buf_add_char(buf, ' ');
    buf_add(buf, rack->method_name);
}

const struct sip_header_kind sip_cseq_kind = {
    .name = "cseq",
    .shape = SIP_SHAPE_CSEQ,
    .size = sizeof(struct sip_cseq),
    .parse = cseq_scan,
    .write = cseq_write,
};

const struct sip_header_kind sip_rack_kind = {
    .name = "rack",
    .shape = SIP_SHAPE_RACK,
    .size = sizeof(struct sip_rack),
    .parse = rack_scan,
    .write = rack_write,
};
