/* Any bytes as the value of any header (the first byte says which): what is read from it, written,
 * is read again as the same. */
#include "core/message/kind.h"
#include "core/message/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void write_and_read(const struct sip_header_kind *kind, const void *value)
{
    struct arena arena = {0};
    struct buf first = {0}, second = {0};
    void *again = arena_zalloc(&arena, kind->size);
    kind->write(&first, value);
    struct scan s = scan_begin(buf_view(&first), &arena);
    kind->parse(&s, again);
    scan_end(&s);
    ASSERT(s.failed == SIP_RULE_NONE);
    kind->write(&second, again);
    ASSERT(view_equal(buf_view(&first), buf_view(&second)));
    buf_deinit(&first);
    buf_deinit(&second);
    arena_deinit(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    if (len == 0)
        return 0;
    enum sip_header_id id = (enum sip_header_id)(1 + data[0] % (SIP_HEADER_COUNT - 1));
    struct buf text = {0};
    buf_add(&text, V("OPTIONS sip:a SIP/2.0\r\n"));
    buf_add(&text, sip_header_name(id));
    buf_add(&text, V(": "));
    buf_add(&text, (struct view){(const char *)data + 1, len - 1});
    buf_add(&text, V("\r\n\r\n"));
    struct blob *blob = blob_create(buf_view(&text));
    struct sip_msg *msg = NULL;
    if (sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg) == ERR_OK) {
        sip_msg_check(msg);
        size_t count = sip_msg_count(msg, id);
        for (size_t i = 0; i < count; i++)
            if (sip_msg_get(msg, id, i) != NULL)
                write_and_read(sip_header_kind(id), sip_msg_get(msg, id, i));
    }
    sip_msg_unref(msg);
    blob_unref(blob);
    buf_deinit(&text);
    return 0;
}
