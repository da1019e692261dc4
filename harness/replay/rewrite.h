/* A captured message of the played party as it is to be sent now.
 *
 *     enum err err = rewrite(play, step, &buf);
 *
 * Via, tags, Call-ID, Contact, Record-Route, Route, Request-URI, RAck and credentials follow the
 * dialog as it is; all else, folding and order and bad grammar too, stays as it was captured.
 */
#pragma once
#include "harness/replay/play.h"

enum err rewrite(struct play *play, const struct step *step, struct buf *out) NODISCARD;
/* media.c: a session description whose addresses and ports are ours. */
void rewrite_media(struct play *play, const struct step *step, struct view body, struct buf *out);
/* proof.c: what came asks for credentials; they are written instead of captured ones. */
enum err proof_meet(struct play *play, struct sip_msg *came) NODISCARD;
bool proof_known(const struct play *play, enum sip_header_id id);
enum err proof_write(struct play *play, enum sip_header_id id, struct sip_msg *captured,
                     struct view uri, struct buf *out) NODISCARD;
