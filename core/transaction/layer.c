#include "core/transaction/layer.h"

#include "core/transaction/tx.h"

#include <string.h>

void layer_fail(struct tx_layer *layer, enum err err)
{
    if (layer->failed == ERR_OK)
        layer->failed = err;
}

enum err layer_failed(struct tx_layer *layer)
{
    enum err failed = layer->failed;
    layer->failed = ERR_OK;
    return failed;
}

const struct sip_bound *layer_bound(const struct tx_layer *layer, const struct sip_hop *hop)
{
    ASSERT(hop->bound < layer->bound_count);
    return &layer->bounds[hop->bound];
}

bool hop_known(const struct sip_hop *hop)
{
    return hop->remote.family != 0;
}

bool layer_reliable(const struct tx_layer *layer, const struct sip_hop *hop)
{
    return proto_reliable(layer_bound(layer, hop)->proto);
}

/* The branch of the top Via gets another last character, none that an id of ours ends with: a copy
 * that is no copy. */
static struct blob *with_other_branch(const struct sip_out *out)
{
    struct view text = blob_view(out->bytes);
    size_t at = view_find(text, V(";branch="));
    struct blob *copy = at == text.len ? NULL : blob_create(text);
    if (copy == NULL)
        return blob_ref(out->bytes);
    size_t end = at + 8;
    while (end < text.len && strchr(";,\r\n \t", text.ptr[end]) == NULL)
        end++;
    copy->data[end - 1] = (char)('g' + out->sent % 20);
    return copy;
}

void layer_send(struct tx_layer *layer, struct sip_out *out, const struct sip_hop *hop)
{
    if (out->bytes == NULL || !hop_known(hop))
        return;
    const struct sip_bound *bound = layer_bound(layer, hop);
    bool mutated = (layer->mutants & SIP_MUTANT_BRANCH_PER_COPY) != 0 && out->sent > 0 &&
                   !view_starts(blob_view(out->bytes), V("SIP/"));
    struct effect effect = {
        .kind = DO_DATAGRAM,
        .link = proto_reliable(bound->proto) ? hop->flow : bound->link,
        .proto = bound->proto,
        .local = bound->local,
        .remote = hop->remote,
        .name = hop->name,
        .bytes = mutated ? with_other_branch(out) : blob_ref(out->bytes),
        .copy_of = out->sent,
        .copy_key = out->key,
        .owner = out->owner,
        .with_owner = out->with_owner,
        .only = hop->only,
        .cause = layer->cause,
    };
    enum err err = ring_push(&layer->ring, &effect);
    layer_fail(layer, err);
    if (err != ERR_OK)
        effect_deinit(&effect);
    else
        out->sent++;
}

/* Keys of transactions count up from 1: those by bytes have the highest bit. The loop looks for an
 * earlier one where copy_of is not 0, and takes it for the first where there is none. */
void layer_send_bare(struct tx_layer *layer, struct blob *bytes, const struct sip_hop *hop)
{
    struct sip_out out = {
        .bytes = bytes, .key = view_hash(blob_view(bytes)) | UINT64_C(1) << 63, .sent = 1};
    layer_send(layer, &out, hop);
}

void layer_tell(struct tx_layer *layer, const struct tell *tell)
{
    struct effect effect = {.kind = TELL, .tell = *tell, .cause = layer->cause};
    if (tell->msg != NULL)
        effect.tell.msg = sip_msg_ref(tell->msg);
    enum err err = ring_push(&layer->ring, &effect);
    layer_fail(layer, err);
    if (err != ERR_OK)
        sip_msg_unref(effect.tell.msg);
}

void out_set(struct tx_layer *layer, struct sip_out *out, struct blob *bytes)
{
    out_drop(out);
    *out = (struct sip_out){.bytes = bytes, .key = ++layer->next_key};
}

void out_drop(struct sip_out *out)
{
    blob_unref(out->bytes);
    out->bytes = NULL;
}

void layer_trace_state(struct tx_layer *layer, struct handle object, struct view what,
                       struct view from, struct view to, struct view why)
{
    if (layer->trace == NULL)
        return;
    struct trace_event event = {.time_us = layer->now_us,
                                .cause = layer->cause,
                                .party = layer->party,
                                .object = object,
                                .kind = TRACE_STATE};
    event.u.state.what = what;
    event.u.state.from = from;
    event.u.state.to = to;
    event.u.state.why = why;
    (void)trace_append(layer->trace, &event); /* a trace that is cut remembers so itself */
}

void layer_deinit(struct tx_layer *layer)
{
    tx_drop_all(layer);
    ring_deinit(&layer->ring);
    timeline_deinit(&layer->timeline);
    table_deinit(&layer->txs);
    mem_free(layer->bounds);
    buf_deinit(&layer->scratch);
    buf_deinit(&layer->keys);
}
