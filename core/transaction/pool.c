/* Transactions come from a pool and go back to it; their texts stand in a room of their own. */
#include "core/base/alloc.h"
#include "core/transaction/tx.h"

#include <string.h>

/* The key's views are the layer's: the transaction gets copies, in its room where they fit. */
static bool key_keep(struct sip_tx *tx, const struct tx_key *key)
{
    size_t len = key->text.len + key->method.len + key->to_tag.len + key->merge.len;
    char *at = tx->room;
    tx->room_used = (uint8_t)len;
    if (len > sizeof tx->room) {
        tx->room_used = 0;
        at = tx->long_text = mem_alloc(len);
        if (at == NULL)
            return false;
    }
    tx->key.old = key->old;
    tx->key.hash = key->hash;
    tx->key.merge_hash = key->merge_hash;
    tx->key.text = view_put(&at, key->text);
    tx->key.method = view_put(&at, key->method);
    tx->key.to_tag = view_put(&at, key->to_tag);
    tx->key.merge = view_put(&at, key->merge);
    return true;
}

static struct sip_tx *pool_take(struct tx_layer *layer)
{
    struct sip_tx *tx = layer->pool;
    if (tx == NULL)
        return mem_zalloc(sizeof *tx);
    layer->pool = tx->next;
    memset(tx, 0, sizeof *tx);
    return tx;
}

static void tag_drop(struct sip_tx *tx)
{
    if (tx->to_tag.ptr != tx->room + tx->room_used)
        mem_free((char *)tx->to_tag.ptr);
}

static void pool_give(struct tx_layer *layer, struct sip_tx *tx)
{
    out_drop(&tx->out);
    out_drop(&tx->ack);
    out_drop(&tx->late);
    sip_msg_unref(tx->request);
    mem_free(tx->long_text);
    tag_drop(tx);
    tx->next = layer->pool;
    layer->pool = tx;
}

enum err tx_create(struct tx_layer *layer, const struct tx_machine *machine,
                   const struct tx_key *key, const struct sip_hop *hop, struct sip_tx **out)
{
    struct sip_tx *tx = pool_take(layer);
    if (tx == NULL)
        return ERR_MEMORY;
    tx->machine = machine;
    tx->state = TX_WAITING;
    tx->quiet = !machine->client;
    tx->method = (uint8_t)sip_method_find(key->method);
    tx->hop = *hop;
    for (uint8_t i = 0; i < TX_TIMERS_AT_ONCE; i++)
        tx->timers[i].slot = i;
    enum err err = key_keep(tx, key) ? ERR_OK : ERR_MEMORY;
    if (err == ERR_OK && key->text.ptr != NULL)
        err = match_add(layer, tx);
    if (err == ERR_OK)
        err = table_add(&layer->txs, tx, &tx->handle);
    if (err != ERR_OK) {
        match_remove(layer, tx);
        pool_give(layer, tx);
        return err;
    }
    *(machine->client ? &layer->client_count : &layer->server_count) += 1;
    *out = tx;
    return ERR_OK;
}

enum err tx_rekey(struct tx_layer *layer, struct sip_tx *tx, const struct tx_key *key)
{
    char *before = tx->long_text;
    struct tx_key own = *key;
    ASSERT(tx->state == TX_WAITING && tx->machine->client);
    own.method = tx->key.method;
    match_remove(layer, tx);
    tx->long_text = NULL;
    char method[sizeof tx->room];
    if (own.method.len <= sizeof method) { /* it stands in the room that is written anew */
        memcpy(method, own.method.ptr, own.method.len);
        own.method.ptr = method;
    }
    bool kept = key_keep(tx, &own);
    mem_free(before);
    return kept ? match_add(layer, tx) : ERR_MEMORY;
}

enum err tx_tag_set(struct sip_tx *tx, struct view to_tag)
{
    bool fits = to_tag.len <= sizeof tx->room - tx->room_used;
    char *copy = fits ? tx->room + tx->room_used : mem_alloc(to_tag.len);
    if (copy == NULL)
        return ERR_MEMORY;
    if (to_tag.len > 0)
        memmove(copy, to_tag.ptr, to_tag.len);
    tag_drop(tx);
    tx->to_tag = (struct view){copy, to_tag.len};
    return ERR_OK;
}

void tx_reap(struct tx_layer *layer)
{
    layer->ended_new = NULL;
    while (layer->ended != NULL) {
        struct sip_tx *tx = layer->ended;
        layer->ended = tx->next;
        table_remove(&layer->txs, tx->handle);
        pool_give(layer, tx);
    }
}

void tx_drop_all(struct tx_layer *layer)
{
    uint32_t cursor = 0;
    for (struct sip_tx *tx; (tx = table_next(&layer->txs, &cursor, NULL)) != NULL;)
        tx_end(layer, tx, V("the stack ends"));
    tx_reap(layer);
    while (layer->pool != NULL) {
        struct sip_tx *tx = layer->pool;
        layer->pool = tx->next;
        mem_free(tx);
    }
}

struct sip_tx *tx_find(const struct tx_layer *layer, struct handle handle)
{
    return table_find(&layer->txs, handle);
}
