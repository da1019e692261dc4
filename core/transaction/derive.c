#include "core/transaction/derive.h"

#include "core/transaction/compose.h"

struct derived {
    enum sip_method method;
    struct sip_msg *to; /* whose To it has */
    const struct sip_row *rows;
    size_t row_count;
};

static void write_top_via(struct compose *c, struct sip_msg *request)
{
    const struct sip_via *via = sip_msg_via(request, 0);
    if (via != NULL)
        compose_row(c, SIP_HEADER_VIA, via->text);
    else
        compose_copy(c, SIP_HEADER_VIA, request);
}

static void write_cseq(struct compose *c, struct sip_msg *request, enum sip_method method)
{
    const struct sip_cseq *cseq = sip_msg_cseq(request);
    if (!compose_free(c, SIP_HEADER_CSEQ))
        return;
    compose_head(c, SIP_HEADER_CSEQ);
    compose_add_uint(c, cseq == NULL ? 0 : cseq->number);
    compose_add(c, V(" "));
    compose_add(c, sip_method_name(method));
    compose_line_end(c);
}

/* No Require and no Proxy-Require, RFC 3261 §8.2.2.3; Route as the INVITE had it. */
static struct blob *write(struct buf *buf, struct sip_msg *request, const struct derived *derived)
{
    struct compose c;
    compose_begin(&c, buf, derived->rows, derived->row_count);
    compose_add(&c, sip_method_name(derived->method));
    compose_add(&c, V(" "));
    compose_add(&c, sip_msg_request_uri_text(request));
    compose_add(&c, V(" SIP/2.0\r\n"));
    write_top_via(&c, request);
    compose_copy(&c, SIP_HEADER_ROUTE, request);
    compose_row(&c, SIP_HEADER_MAX_FORWARDS, V("70"));
    compose_copy(&c, SIP_HEADER_FROM, request);
    compose_copy(&c, SIP_HEADER_TO, derived->to == NULL ? request : derived->to);
    compose_copy(&c, SIP_HEADER_CALL_ID, request);
    write_cseq(&c, request, derived->method);
    if (derived->method == SIP_ACK) { /* RFC 3261 §22.1 */
        compose_copy(&c, SIP_HEADER_AUTHORIZATION, request);
        compose_copy(&c, SIP_HEADER_PROXY_AUTHORIZATION, request);
    }
    compose_end(&c, (struct view){0}, (struct view){0});
    return compose_blob(&c);
}

static struct blob *derive(struct tx_layer *layer, const struct sip_tx *tx,
                           const struct derived *derived)
{
    struct sip_msg *request;
    if (tx->out.bytes == NULL ||
        sip_msg_parse(tx->out.bytes, SIP_FRAMING_DATAGRAM, &request) != ERR_OK)
        return NULL;
    struct blob *blob = write(&layer->scratch, request, derived);
    if (!sip_msg_is_whole(request)) {
        blob_unref(blob);
        blob = NULL;
    }
    sip_msg_unref(request);
    return blob;
}

struct blob *derive_ack(struct tx_layer *layer, const struct sip_tx *invite,
                        struct sip_msg *response)
{
    return derive(layer, invite, &(struct derived){.method = SIP_ACK, .to = response});
}

struct blob *derive_cancel(struct tx_layer *layer, const struct sip_tx *request,
                           const struct sip_row *rows, size_t row_count)
{
    struct derived cancel = {.method = SIP_CANCEL, .rows = rows, .row_count = row_count};
    return derive(layer, request, &cancel);
}
