/* A response on its way back: RFC 3261 §16.7, §16.11; and the odds and ends of those who forward.
 */
#include "core/message/edit.h"
#include "core/message/uri.h"
#include "core/stack/forward/forward.h"
#include "core/stack/writing.h"

static struct blob *write(struct sip_stack *stack, struct sip_msg *response,
                          const struct sip_row *rows, size_t row_count)
{
    struct buf *buf = &stack->layer.scratch;
    struct sip_edit edit;
    sip_edit_begin(&edit, response);
    sip_edit_remove(&edit, SIP_HEADER_VIA, 0, 1);
    if ((stack->layer.mutants & SIP_MUTANT_RECORD_ROUTE_LOST) != 0)
        sip_edit_remove(&edit, SIP_HEADER_RECORD_ROUTE, 0, SIZE_MAX);
    for (size_t i = 0; i < row_count; i++)
        sip_edit_row_last(&edit, rows[i].name, rows[i].value);
    buf_clear(buf);
    sip_edit_write(&edit, buf);
    return bytes_written(stack, buf);
}

/* RFC 3261 §18.2.2: where the next Via says, and by the transport that it says. */
static enum err stateless_hop(struct sip_stack *stack, const struct sip_via *via,
                              struct sip_hop *out)
{
    struct addr remote = {0};
    struct view host = via->host, maddr;
    enum proto proto;
    uint64_t rport = 0;
    if (proto_parse(via->transport, &proto) != ERR_OK)
        return ERR_ABSENT;
    if (sip_param_find(&via->params, V("maddr"), &maddr))
        host = maddr;
    else if (via->received.len > 0)
        host = via->received;
    if (addr_host_parse(host, &remote) != ERR_OK)
        return ERR_ABSENT;
    remote.port = via->port != 0 ? via->port : locate_port(proto);
    if (via->rport.len > 0 && view_to_uint(via->rport, 65535, &rport) && rport != 0)
        remote.port = (uint16_t)rport; /* RFC 3581 §4 */
    return hop_from(stack, proto, &remote, out);
}

static enum err forward_bare(struct sip_stack *stack, struct blob *bytes,
                             const struct sip_via *next)
{
    struct sip_hop hop;
    enum err err = stateless_hop(stack, next, &hop);
    if (err == ERR_OK)
        layer_send_bare(&stack->layer, bytes, &hop);
    return err;
}

static void step(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *response,
                 struct blob *bytes)
{
    const struct sip_name_addr *to = sip_msg_to(response);
    uint16_t status = sip_msg_status(response);
    if (status > 100 && to != NULL && to->tag.ptr != NULL) /* an ACK may be known by it, §17.2.3 */
        layer_fail(&stack->layer, tx_tag_set(tx, to->tag));
    tx->status = status;
    sip_tx_step(&stack->layer, tx, tx_event_sent(status),
                &(struct tx_input){.bytes = blob_ref(bytes)});
    if (status < 200)
        return;
    sip_msg_unref(tx->request);
    tx->request = NULL;
}

/* RFC 6026 §7.1: in Accepted every further 2xx goes on; the copies of one are copies here, too. */
static enum err forward_accepted(struct sip_stack *stack, struct sip_tx *tx, struct blob *bytes)
{
    if (tx->out.bytes != NULL && view_equal(blob_view(tx->out.bytes), blob_view(bytes)))
        layer_send(&stack->layer, &tx->out, &tx->hop);
    else
        layer_send_bare(&stack->layer, bytes, &tx->hop);
    return ERR_OK;
}

static enum err forward_in(struct sip_stack *stack, struct sip_tx *tx, struct sip_msg *response,
                           struct blob *bytes)
{
    uint16_t status = sip_msg_status(response);
    bool success = status >= 200 && status < 300;
    if (tx->state == ACCEPTED && success)
        return forward_accepted(stack, tx, bytes);
    if (tx_final(tx) || tx->machine->client)
        return ERR_STATE;
    step(stack, tx, response, bytes);
    return ERR_OK;
}

enum err sip_forward_response(struct sip_stack *stack, uint64_t now_us, struct handle transaction,
                              struct sip_msg *response, const struct sip_row *rows,
                              size_t row_count)
{
    const struct sip_via *next = sip_msg_via(response, 1);
    if (next == NULL)
        return ERR_ABSENT;
    enum err err = command_enter(stack, now_us);
    if (err != ERR_OK)
        return err;
    struct sip_tx *tx = tx_find(&stack->layer, transaction);
    struct blob *bytes = write(stack, response, rows, row_count);
    if (bytes != NULL && tx != NULL)
        err = forward_in(stack, tx, response, bytes);
    else if (bytes != NULL)
        err = forward_bare(stack, bytes, next);
    blob_unref(bytes);
    return command_leave(stack, err);
}

enum err sip_abandon(struct sip_stack *stack, uint64_t now_us, struct handle transaction)
{
    stack_enter(stack, now_us, NULL);
    struct sip_tx *tx = tx_find(&stack->layer, transaction);
    if (tx == NULL)
        return ERR_GONE;
    tx_end(&stack->layer, tx, V("abandoned"));
    return stack_leave(stack);
}

enum err sip_own(struct sip_stack *stack, struct handle transaction, struct handle owner)
{
    struct sip_tx *tx = tx_find(&stack->layer, transaction);
    if (tx == NULL)
        return ERR_GONE;
    tx->owner = owner;
    return ERR_OK;
}

enum err sip_admit(struct sip_stack *stack, uint64_t now_us, struct sip_msg *request,
                   const struct addr *source, struct handle *out_transaction)
{
    const struct sip_via *via = sip_msg_via(request, 0);
    struct packet packet = {.proto = PROTO_UDP, .remote = *source};
    struct tx_key key;
    struct sip_tx *tx;
    if (stack->layer.bound_count == 0 || via == NULL)
        return ERR_SYNTAX;
    if (proto_parse(via->transport, &packet.proto) != ERR_OK)
        packet.proto = PROTO_UDP;
    stack_enter(stack, now_us, &packet);
    enum err err = ERR_OK;
    if (match_key(&stack->layer, request, &key)) /* else memory, which the layer knows */
        err = request_new(stack, request, &key, &tx);
    err = command_leave(stack, err);
    if (err != ERR_OK)
        return err;
    tx->known = true;
    *out_transaction = tx->handle;
    return ERR_OK;
}

enum err sip_stack_address(const struct sip_stack *stack, enum proto proto, struct addr *out)
{
    const struct tx_layer *layer = &stack->layer;
    if (layer->bound_count == 0)
        return ERR_ABSENT;
    *out = layer->bounds[0].local;
    for (uint32_t i = 0; i < layer->bound_count; i++)
        if (layer->bounds[i].proto == proto) {
            *out = layer->bounds[i].local;
            break;
        }
    return ERR_OK;
}

bool sip_stack_is(const struct sip_stack *stack, struct view host, uint16_t port)
{
    for (uint32_t i = 0; i < stack->layer.bound_count; i++) {
        const struct sip_bound *bound = &stack->layer.bounds[i];
        uint16_t wanted = port != 0 ? port : locate_port(bound->proto);
        struct addr addr;
        if (wanted == bound->local.port && addr_host_parse(host, &addr) == ERR_OK &&
            addr_ip_equal(&addr, &bound->local))
            return true;
    }
    return false;
}
