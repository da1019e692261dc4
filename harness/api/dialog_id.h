/* A call named from outside of its dialog: Replaces (RFC 3891 §6.1), Join (RFC 3911 §7.1) and
 * Target-Dialog (RFC 4538 §7), by the tags as the one sees them who is asked.
 *
 *     struct view value = replaces_read(&opts, aim.peer);
 */
#pragma once
#include "harness/api/opts.h"

/* The value for {replaces = call}, with {early_only = true}; absent: not given. peer: the party
 * that is asked, 0: somebody else than the call's own agent. The text is pushed. */
struct view replaces_read(const struct opts *opts, uint32_t peer);
struct view join_read(const struct opts *opts, uint32_t peer);          /* {join = call} */
struct view target_dialog_read(const struct opts *opts, uint32_t peer); /* {target_dialog = call} */
/* As a header's value in a URI: RFC 3261 §19.1.1, §25.1 hvalue. */
void header_escape(struct buf *buf, struct view value);
