/* Requests that are made of an INVITE of ours, hop by hop: the ACK to a 300-699, RFC 3261
 * §17.1.1.3, and CANCEL, §9.1. Both have the INVITE's top Via, with its branch.
 *
 *     struct blob *ack = derive_ack(layer, tx, response);
 */
#pragma once
#include "core/message/build.h"
#include "core/transaction/tx.h"

struct blob *derive_ack(struct tx_layer *layer, const struct sip_tx *invite,
                        struct sip_msg *response); /* NULL: memory */
/* With rows of the user's in the places of its own; NULL: memory. */
struct blob *derive_cancel(struct tx_layer *layer, const struct sip_tx *request,
                           const struct sip_row *rows, size_t row_count);
