/* Which transaction a message belongs to: RFC 3261 §17.1.3 and §17.2.3, with the fallback for
 * RFC 2543 clients, and merged requests, §8.2.2.2.
 *
 *     struct tx_key key;
 *     if (match_key(layer, msg, &key))
 *         tx = match_server(layer, &key);
 */
#pragma once
#include "core/transaction/layer.h"

struct tx_key {         /* views into the layer until a transaction owns them */
    struct view text;   /* branch and sent-by; of an RFC 2543 request: what stands in for them */
    struct view method; /* by name, so that two unknown ones differ */
    struct view to_tag; /* the request's, absent where there is none */
    struct view merge;  /* From tag, Call-ID, CSeq; absent in a dialog */
    bool old;           /* RFC 2543: its branch tells nothing */
    uint64_t hash, merge_hash;
};

/* The key of a request, or of a response by its top Via. False: it has no Via that can be read, or
 * there is no memory (layer_failed tells). Valid until the next call. */
bool match_key(struct tx_layer *layer, struct sip_msg *msg, struct tx_key *out);
/* The key of a request that we are about to send. */
bool match_key_own(struct tx_layer *layer, struct view branch, const struct sip_bound *bound,
                   struct view method, struct tx_key *out);

/* The client transaction of a response; the server transaction of a request, and of an ACK that of
 * its INVITE. NULL: none. */
struct sip_tx *match_client(const struct tx_layer *layer, const struct tx_key *key);
struct sip_tx *match_server(const struct tx_layer *layer, const struct tx_key *key);
/* The transaction that a CANCEL means: any but CANCEL, RFC 3261 §9.2. */
struct sip_tx *match_cancelled(const struct tx_layer *layer, const struct tx_key *key);
/* Another transaction than tx with this very request, that came by another path. */
struct sip_tx *match_merged(const struct tx_layer *layer, const struct tx_key *key,
                            const struct sip_tx *tx);

enum err match_add(struct tx_layer *layer, struct sip_tx *tx) NODISCARD; /* MEMORY */
void match_remove(struct tx_layer *layer, struct sip_tx *tx);
