#include "core/transaction/match.h"

#include "core/message/uri.h"
#include "core/transaction/tx.h"

#include <stddef.h>

static const struct view magic_cookie = {"z9hG4bK", 7}; /* RFC 3261 §8.1.1.7 */

static struct sip_tx *of_key(struct index_entry *entry)
{
    return (struct sip_tx *)((char *)entry - offsetof(struct sip_tx, by_key));
}

static struct sip_tx *of_merge(struct index_entry *entry)
{
    return (struct sip_tx *)((char *)entry - offsetof(struct sip_tx, by_merge));
}

/* RFC 4475 §3.2.1: the cookie alone is no branch either. */
static bool has_cookie(struct view branch)
{
    return branch.len > magic_cookie.len && view_starts_nocase(branch, magic_cookie);
}

/* Numbers stand in a key as they lie in memory: nobody reads it. */
static void add_number(struct buf *buf, uint32_t number)
{
    buf_add(buf, (struct view){(const char *)&number, sizeof number});
}

/* Host in lower case, and the port that holds where there is none: RFC 3261 §18.1.1. */
static void add_sent_by(struct buf *buf, const struct sip_via *via)
{
    char *room = buf_room(buf, via->host.len);
    if (room == NULL)
        return;
    for (size_t i = 0; i < via->host.len; i++) {
        char c = via->host.ptr[i];
        room[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    buf->len += via->host.len;
    uint32_t port = via->port;
    if (port == 0)
        port = view_equal_nocase(via->transport, V("TLS")) ? 5061 : 5060;
    add_number(buf, port);
}

static uint32_t cseq_number(struct sip_msg *msg)
{
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    return cseq == NULL ? 0 : cseq->number;
}

/* RFC 3261 §17.2.3: what an RFC 2543 request is known by. A branch never begins with this blank. */
static void add_old(struct buf *buf, struct sip_msg *msg, const struct sip_via *via)
{
    buf_add(buf, V(" "));
    buf_add(buf, sip_msg_request_uri_text(msg));
    buf_add_char(buf, '\n');
    buf_add(buf, sip_msg_from_tag(msg));
    buf_add_char(buf, '\n');
    buf_add(buf, sip_msg_call_id(msg));
    buf_add_char(buf, '\n');
    add_number(buf, cseq_number(msg));
    buf_add(buf, via->text);
}

static void add_merge(struct buf *buf, struct sip_msg *msg)
{
    buf_add(buf, sip_msg_call_id(msg));
    buf_add_char(buf, '\n');
    buf_add(buf, sip_msg_from_tag(msg));
    add_number(buf, cseq_number(msg));
    buf_add(buf, sip_msg_method_name(msg));
}

bool match_key(struct tx_layer *layer, struct sip_msg *msg, struct tx_key *out)
{
    const struct sip_via *via = sip_msg_via(msg, 0);
    if (via == NULL)
        return false;
    struct buf *buf = &layer->keys;
    buf_clear(buf);
    struct tx_key key = {.method = sip_msg_method_name(msg)};
    bool request = sip_msg_is_request(msg);
    key.old = request && !has_cookie(via->branch);
    if (key.old) {
        add_old(buf, msg, via);
    } else {
        buf_add(buf, via->branch);
        buf_add_char(buf, '\n');
        add_sent_by(buf, via);
    }
    size_t text_len = buf->len;
    if (request)
        key.to_tag = sip_msg_to_tag(msg);
    if (request && key.to_tag.ptr == NULL)
        add_merge(buf, msg);
    layer_fail(layer, buf->failed);
    if (buf->failed != ERR_OK)
        return false;
    key.text = view_head(buf_view(buf), text_len);
    key.hash = index_hash(key.text);
    if (buf->len > text_len) {
        key.merge = view_skip(buf_view(buf), text_len);
        key.merge_hash = index_hash(key.merge);
    }
    *out = key;
    return true;
}

bool match_key_own(struct tx_layer *layer, struct view branch, const struct sip_bound *bound,
                   struct view method, struct tx_key *out)
{
    struct buf *buf = &layer->keys;
    buf_clear(buf);
    buf_add(buf, branch);
    buf_add_char(buf, '\n');
    buf_add(buf, bound->host);
    add_number(buf, bound->local.port);
    layer_fail(layer, buf->failed);
    if (buf->failed != ERR_OK)
        return false;
    *out =
        (struct tx_key){.text = buf_view(buf), .method = method, .hash = index_hash(buf_view(buf))};
    return true;
}

struct sip_tx *match_client(const struct tx_layer *layer, const struct tx_key *key)
{
    struct index_entry *at = index_first(&layer->clients, key->hash);
    for (; at != NULL; at = index_next(&layer->clients, at)) {
        struct sip_tx *tx = of_key(at);
        if (view_equal(tx->key.method, key->method) && view_equal(tx->key.text, key->text))
            return tx;
    }
    return NULL;
}

static bool same_tag(struct view a, struct view b)
{
    return (a.ptr == NULL) == (b.ptr == NULL) && view_equal(a, b);
}

/* An ACK goes by the To tag that we answered with, any other RFC 2543 request by its own. */
static bool matches(const struct sip_tx *tx, const struct tx_key *key, bool ack)
{
    struct view method = ack ? V("INVITE") : key->method;
    if (!view_equal(tx->key.method, method) || !view_equal(tx->key.text, key->text))
        return false;
    if (!key->old)
        return true;
    return ack ? same_tag(tx->to_tag, key->to_tag) : same_tag(tx->key.to_tag, key->to_tag);
}

struct sip_tx *match_server(const struct tx_layer *layer, const struct tx_key *key)
{
    bool ack = view_equal(key->method, V("ACK"));
    struct index_entry *at = index_first(&layer->servers, key->hash);
    for (; at != NULL; at = index_next(&layer->servers, at))
        if (matches(of_key(at), key, ack))
            return of_key(at);
    return NULL;
}

struct sip_tx *match_cancelled(const struct tx_layer *layer, const struct tx_key *key)
{
    struct index_entry *at = index_first(&layer->servers, key->hash);
    for (; at != NULL; at = index_next(&layer->servers, at)) {
        struct sip_tx *tx = of_key(at);
        if (tx->method != SIP_CANCEL && view_equal(tx->key.text, key->text))
            return tx;
    }
    return NULL;
}

struct sip_tx *match_merged(const struct tx_layer *layer, const struct tx_key *key,
                            const struct sip_tx *tx)
{
    if (key->merge.ptr == NULL)
        return NULL;
    struct index_entry *at = index_first(&layer->merges, key->merge_hash);
    for (; at != NULL; at = index_next(&layer->merges, at))
        if (of_merge(at) != tx && view_equal(of_merge(at)->key.merge, key->merge))
            return of_merge(at);
    return NULL;
}

enum err match_add(struct tx_layer *layer, struct sip_tx *tx)
{
    struct index *index = tx->machine->client ? &layer->clients : &layer->servers;
    enum err err = index_add(index, &tx->by_key, tx->key.hash);
    if (err != ERR_OK || tx->machine->client || tx->key.merge.ptr == NULL)
        return err;
    err = index_add(&layer->merges, &tx->by_merge, tx->key.merge_hash);
    if (err != ERR_OK)
        index_remove(index, &tx->by_key);
    return err;
}

void match_remove(struct tx_layer *layer, struct sip_tx *tx)
{
    index_remove(tx->machine->client ? &layer->clients : &layer->servers, &tx->by_key);
    index_remove(&layer->merges, &tx->by_merge);
}
