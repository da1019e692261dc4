/* The connection that a client is reached by, in the user part of our Record-Route: RFC 5626 §5.2.
 * Who sits behind a browser has no address of its own (RFC 7118 §5), so later requests of its
 * dialog must find back to that connection.
 *
 *     flow_token_write(&buf, flow, &remote);
 *     bool ours = flow_token_read(uri->user, &flow, &remote);
 *
 * It is not signed: whoever may talk to this proxy may name any of its connections.
 */
#pragma once
#include "core/base.h"

/* "flow-12-3-7f000001-1f90" */
void flow_token_write(struct buf *buf, struct handle flow, const struct addr *remote);
/* False: this is no token. The flow may be gone. */
bool flow_token_read(struct view token, struct handle *out_flow, struct addr *out_remote);
