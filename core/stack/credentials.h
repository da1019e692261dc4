/* Credentials of ours, RFC 3261 §22.2 and §22.3: what an answer to a challenge and what a later
 * request of the same dialog or registration brings along. The keyring (core/auth) knows the
 * nonces.
 *
 *     enum err err = credentials_write(stack, &plan, dialog->spaces, &plan.credentials);
 */
#pragma once
#include "core/stack/writing.h"

enum { CREDENTIAL_KINDS = 2 };
struct credential_kind { /* who asks, and what answers */
    enum sip_header_id challenge, credentials;
    bool proxy;
};
/* The registrar's or user agent's first, then the proxy's: credential_kinds[proxy]. */
extern const struct credential_kind credential_kinds[CREDENTIAL_KINDS];

/* RFC 3261 §13.2.2.4: the ACK of a 2xx has the credentials of its INVITE. One row of that, added to
 * others; nothing where it is none of credentials, or left out on purpose. */
void credentials_row(struct buf *rows, enum sip_header_id id, struct view name, struct view value);
/* Keeps them for the ACK, and frees the buffer. MEMORY, or what the buffer failed with. */
enum err credentials_keep(struct sip_call *call, struct buf *rows) NODISCARD;

/* Appends the value for one space of the keyring, with a cnonce that is drawn here. Errors as
 * keyring_answer. */
enum err credential_write(struct sip_stack *stack, uint32_t space, struct keyring_request *request,
                          struct buf *buf) NODISCARD;
/* Rows for a request that is not written yet, "Proxy-Authorization: …\r\n", one for each of these
 * spaces of the keyring (bits), but for those whose header the user gives; in the stack's scratch.
 * Empty: none. */
enum err credentials_write(struct sip_stack *stack, const struct request_plan *plan,
                           uint32_t spaces, struct view *out) NODISCARD;
