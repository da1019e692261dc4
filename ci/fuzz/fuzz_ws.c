/* Any bytes as what comes over a WebSocket connection, before the upgrade or behind it, to a server
 * or to a client: cut anywhere it gives the same messages, until it ends. (wslay looks at a Close
 * that is not all there by what came at once: one end may be earlier than the other.) The first
 * byte says which, and how it is cut. */
#include "core/stream/ws.h"
#include "core/stream/ws_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

enum { MESSAGE_LIMIT = 2000 };

static void take_all(struct filter *filter, struct buf *log)
{
    struct filter_out out;
    while (filter_next(filter, &out)) {
        if (out.kind != FILTER_TO_USER)
            continue;
        ASSERT(out.bytes.len <= MESSAGE_LIMIT);
        buf_add_uint(log, out.bytes.len);
        buf_add(log, out.bytes);
    }
}

/* What the other side says to open it. */
static void open_it(struct filter *filter, bool server)
{
    struct ws_key key = ws_key_make((struct rng){1});
    struct ws_accept accept = ws_accept_of(view_of(key.text));
    struct buf text = {0};
    if (server)
        buf_printf(&text,
                   "GET / HTTP/1.1\r\nHost: a\r\nSec-WebSocket-Key: %s\r\n"
                   "Sec-WebSocket-Version: 13\r\n",
                   key.text);
    else
        buf_printf(&text, "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: %s\r\n",
                   accept.text);
    buf_add(&text, V("Upgrade: websocket\r\nConnection: Upgrade\r\n"
                     "Sec-WebSocket-Protocol: sip\r\n\r\n"));
    ASSERT(filter_from_wire(filter, 0, buf_view(&text)) == ERR_OK);
    buf_deinit(&text);
}

static void run(uint8_t how, struct view bytes, size_t piece, struct buf *log)
{
    bool server = (how & 0x80) != 0, opened = (how & 0x40) != 0;
    struct ws_options options = {
        .server = server, .host = V("a"), .rng = {1}, .message_limit = MESSAGE_LIMIT};
    struct filter *filter = NULL;
    ASSERT(ws_filter_create(&options, &filter) == ERR_OK);
    if (opened)
        open_it(filter, server);
    take_all(filter, log);
    for (; bytes.len > 0; bytes = view_skip(bytes, piece)) {
        enum err err = filter_from_wire(filter, 0, view_head(bytes, piece));
        ASSERT(err == ERR_OK || err == ERR_STATE);
        take_all(filter, log);
    }
    filter_destroy(filter);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 2)
        return 0;
    struct view bytes = {(const char *)data + 1, len - 1};
    struct buf whole = {0}, pieces = {0};
    run(data[0], bytes, bytes.len, &whole);
    run(data[0], bytes, 1 + data[0] % 64, &pieces);
    size_t both = whole.len < pieces.len ? whole.len : pieces.len;
    ASSERT(view_equal(view_head(buf_view(&whole), both), view_head(buf_view(&pieces), both)));
    buf_deinit(&whole);
    buf_deinit(&pieces);
    return 0;
}
