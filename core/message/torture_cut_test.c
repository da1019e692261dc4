/* RFC 4475 and RFC 5118, cut at every byte, with every byte changed, and with LF for CRLF. Whatever
 * comes out, all that can be asked of a message is asked, behind its last byte there is nothing. */
#include "core/base/guard_fixture.h"
#include "core/base/rng.h"
#include "core/message/kind.h"
#include "core/message/torture_fixture.h"
#include "core/message/uri.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <cmocka.h>
#include "core/message/message_fixture.h"

/* What a kind has read, written by it, it reads again as the same. */
static void write_and_read(const struct sip_header_kind *kind, const void *value)
{
    static struct buf first, second;
    static struct arena arena;
    union {
        struct sip_name_addr addr;
        struct sip_via via;
        char room[256];
    } again;
    memset(&again, 0, sizeof again);
    assert_true(kind->size <= sizeof again);
    buf_clear(&first);
    buf_clear(&second);
    arena_reset(&arena);
    kind->write(&first, value);
    struct scan s = scan_begin(buf_view(&first), &arena);
    kind->parse(&s, &again);
    scan_end(&s);
    if (s.failed != SIP_RULE_NONE)
        fail_msg("%s wrote what it cannot read (%s): %.*s", kind->name, sip_rules[s.failed].name,
                 VIEW_ARG(buf_view(&first)));
    kind->write(&second, &again);
    if (!view_equal(buf_view(&first), buf_view(&second)))
        fail_msg("%s: \"%.*s\" became \"%.*s\"", kind->name, VIEW_ARG(buf_view(&first)),
                 VIEW_ARG(buf_view(&second)));
}

static void ask_for_values(struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_header_kind *kind = sip_header_kind(id);
    size_t count = sip_msg_count(msg, id);
    for (size_t i = 0; i < count; i++) {
        const void *value = sip_msg_get(msg, id, i);
        if (value != NULL)
            write_and_read(kind, value);
    }
    assert_null(sip_msg_get(msg, id, count));
    sip_msg_lists(msg, id, V("nosuchtoken"));
}

static void ask_for_everything(struct sip_msg *msg)
{
    char room[SIP_LABEL_MAX];
    sip_msg_check(msg);
    for (size_t i = 0; i < sip_msg_line_count(msg); i++) {
        const struct sip_line *line = sip_msg_line(msg, i);
        if (sip_msg_find(msg, line->id, 0) == line && line->id != SIP_HEADER_OTHER)
            ask_for_values(msg, line->id);
    }
    assert_true(sip_msg_label(msg, room, sizeof room).len < sizeof room);
    struct view all = blob_view(sip_msg_blob(msg)), raw = sip_msg_raw(msg);
    assert_true(raw.ptr == all.ptr && raw.len <= all.len);
    assert_true(sip_msg_body(msg).len <= raw.len);
    for (size_t i = 0; i < sip_msg_line_count(msg); i++) {
        const struct sip_line *line = sip_msg_line(msg, i);
        assert_true(line->name.ptr >= all.ptr && line->name.len <= all.len);
        assert_true(line->value.ptr + line->value.len <= all.ptr + all.len);
    }
    for (size_t i = 0; i < sip_msg_fault_count(msg); i++)
        assert_true(sip_msg_fault(msg, i)->offset <= all.len);
}

static void parse_anything(struct view bytes)
{
    struct sip_msg *msg = NULL;
    enum err err = sip_msg_parse(guard_blob(bytes), SIP_FRAMING_DATAGRAM, &msg);
    assert_true(err == ERR_OK || err == ERR_SYNTAX);
    if (err != ERR_OK)
        return;
    ask_for_everything(msg);
    sip_msg_unref(msg);
}

static void every_cut_is_survived(void **state)
{
    (void)state;
    for (size_t i = 0; i < torture_count; i++) {
        struct view bytes = torture_read(&torture_rows[i]);
        for (size_t len = 0; len <= bytes.len; len++)
            parse_anything(view_head(bytes, len));
    }
}

static void every_changed_byte_is_survived(void **state)
{
    (void)state;
    static char copy[65536];
    enum { SEEDS = 3 };
    for (size_t i = 0; i < torture_count; i++) {
        struct view bytes = torture_read(&torture_rows[i]);
        struct rng rng = rng_stream((struct rng){4475}, view_of(torture_rows[i].name));
        memcpy(copy, bytes.ptr, bytes.len);
        for (size_t at = 0; at < bytes.len; at++) {
            for (uint64_t seed = 0; seed < SEEDS; seed++) {
                copy[at] = (char)rng_at(rng, V("byte"), at * SEEDS + seed);
                parse_anything((struct view){copy, bytes.len});
            }
            copy[at] = bytes.ptr[at];
        }
    }
}

/* RFC 3261 §7 demands CRLF. Read all the same, and no other fault is found because of it, but that
 * a body has become shorter than was said. */
static void line_feeds_alone_are_a_light_fault(void **state)
{
    (void)state;
    static char copy[65536];
    for (size_t i = 0; i < torture_count; i++) {
        struct view bytes = torture_read(&torture_rows[i]);
        size_t len = 0;
        for (size_t at = 0; at < bytes.len; at++)
            if (bytes.ptr[at] != '\r')
                copy[len++] = bytes.ptr[at];
        for (size_t cut = 0; cut <= len; cut++)
            parse_anything((struct view){copy, cut});
        struct sip_msg *msg = parse_text((struct view){copy, len});
        assert_true(fault_there(msg, "line-end"));
        for (size_t k = 0; k < sip_msg_fault_count(msg); k++) {
            const struct sip_fault *fault = sip_msg_fault(msg, k);
            if (fault->fatal && strcmp(fault->rule, "content-length-short") != 0)
                assert_non_null(strstr(torture_rows[i].faults, fault->rule));
        }
        sip_msg_unref(msg);
    }
}

static int drop_pool(void **state)
{
    (void)state;
    sip_msg_pool_drop();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_cut_is_survived),
        cmocka_unit_test(every_changed_byte_is_survived),
        cmocka_unit_test(line_feeds_alone_are_a_light_fault),
    };
    return cmocka_run_group_tests(tests, NULL, drop_pool);
}
