/* From HTTP to WebSocket with the subprotocol "sip": RFC 6455 §4, RFC 7118 §4.1.
 *
 *     upgrade_ask(&upgrade, &options, &out);
 *     enum upgrade_state state = upgrade_read(&upgrade, bytes, &out, &rest);
 */
#pragma once
#include "core/stream/ws.h"
#include "core/stream/ws_key.h"

enum upgrade_state {
    UPGRADE_WAITING,
    UPGRADE_DONE,    /* what follows are frames */
    UPGRADE_REFUSED, /* the other side would not: `why` */
    UPGRADE_FAILED   /* we would not: `why` */
};

struct upgrade {
    bool server;
    struct ws_key key; /* client: ours */
    struct buf head;   /* what came of theirs so far */
    struct buf why;
};

void upgrade_ask(struct upgrade *upgrade, const struct ws_options *options, struct buf *out);
/* What came from the wire. A server's answer goes into out. rest: what of it stands behind the
 * head, valid as long as `bytes`. */
enum upgrade_state upgrade_read(struct upgrade *upgrade, struct view bytes, struct buf *out,
                                struct view *rest);
void upgrade_deinit(struct upgrade *upgrade);
