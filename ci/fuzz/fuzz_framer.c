/* Any bytes as a stream: cut anywhere, it gives the same messages as in one piece, and who reads a
 * message sees the same end of it as the framer. The first byte says how it is cut. */
#include "core/message/msg.h"
#include "core/stream/framer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* All that follows behind a message in its own bytes would be smuggled in. */
static void check_message(struct blob *bytes)
{
    struct sip_msg *msg = NULL;
    if (sip_msg_parse(bytes, SIP_FRAMING_STREAM, &msg) != ERR_OK)
        return;
    ASSERT(sip_msg_raw(msg).len == bytes->len);
    sip_msg_unref(msg);
}

static void take_all(struct framer *framer, struct buf *log)
{
    struct framed framed;
    while (framer_next(framer, &framed) == ERR_OK) {
        buf_add_char(log, (char)('a' + framed.kind));
        buf_add_uint(log, framed.end);
        buf_add(log, blob_view(framed.bytes));
        if (framed.kind == FRAMED_MESSAGE)
            check_message(framed.bytes);
        blob_unref(framed.bytes);
    }
}

static void run(struct view bytes, size_t piece, struct buf *log)
{
    struct framer_limits limits = {.head = 1024, .body = 1024};
    struct framer framer;
    framer_init(&framer, &limits);
    for (; bytes.len > 0; bytes = view_skip(bytes, piece)) {
        ASSERT(framer_give(&framer, view_head(bytes, piece)) == ERR_OK);
        take_all(&framer, log);
    }
    framer_deinit(&framer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len < 2)
        return 0;
    struct view bytes = {(const char *)data + 1, len - 1};
    struct buf whole = {0}, pieces = {0};
    run(bytes, bytes.len, &whole);
    run(bytes, 1 + data[0] % 64, &pieces);
    ASSERT(view_equal(buf_view(&whole), buf_view(&pieces)));
    buf_deinit(&whole);
    buf_deinit(&pieces);
    return 0;
}
