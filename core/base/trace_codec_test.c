#include "core/base/trace_codec.h"

#include "core/base/alloc.h"
#include "core/base/trace_field.h"

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>
#include <string.h>

/* Fills every field of a kind with something that is its own, so that a swapped one is seen. */
static void field_fill(struct trace_event *event, const struct trace_field *field, uint32_t n)
{
    static const char text[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    void *to = (char *)event + field->offset;
    switch (field->type) {
    case TRACE_FIELD_U64:
        *(uint64_t *)to = n % 2 == 0 ? UINT64_MAX - n : n;
        return;
    case TRACE_FIELD_U32:
        *(uint32_t *)to = UINT32_MAX - n;
        return;
    case TRACE_FIELD_BOOL:
        *(bool *)to = true;
        return;
    case TRACE_FIELD_ENUM: {
        uint32_t value = field->text_count - 1u;
        memcpy(to, &value, sizeof value);
        return;
    }
    case TRACE_FIELD_HANDLE:
        *(struct handle *)to = (struct handle){n, UINT32_MAX - n};
        return;
    case TRACE_FIELD_ADDR:
        assert_int_equal(addr_parse(n % 2 == 0 ? V("[2001:db8::1]:5061") : V("192.0.2.1:5060"), to),
                         ERR_OK);
        return;
    case TRACE_FIELD_TEXT:
    case TRACE_FIELD_BYTES:
    case TRACE_FIELD_JSON:
        *(struct view *)to = (struct view){text + n, n % 5 == 0 ? 0 : n % 7 + 1};
        return;
    case TRACE_FIELD_SEQS: {
        static const uint64_t seqs[] = {3, 5, UINT64_MAX};
        event->u.finding.evidence = seqs;
        event->u.finding.evidence_count = 3;
    }
    }
}

static struct trace_event event_filled(enum trace_kind kind)
{
    struct trace_event event = {.kind = kind};
    uint32_t n = 1;
    for (size_t i = 0; i < trace_fields_common().count; i++)
        field_fill(&event, &trace_fields_common().rows[i], n++);
    for (size_t i = 0; i < trace_fields(kind).count; i++)
        field_fill(&event, &trace_fields(kind).rows[i], n++);
    return event;
}

static void fields_same(const struct trace_event *a, const struct trace_event *b,
                        struct trace_fields fields)
{
    for (size_t i = 0; i < fields.count; i++) {
        const struct trace_field *field = &fields.rows[i];
        const void *x = (const char *)a + field->offset, *y = (const char *)b + field->offset;
        static const size_t sizes[] = {[TRACE_FIELD_U32] = 4,
                                       [TRACE_FIELD_U64] = 8,
                                       [TRACE_FIELD_BOOL] = 1,
                                       [TRACE_FIELD_ENUM] = 4,
                                       [TRACE_FIELD_HANDLE] = 8};
        if (trace_field_is_view(field)) {
            const struct view *v = x, *w = y;
            assert_true(view_equal(*v, *w));
            assert_int_equal(v->ptr == NULL, w->ptr == NULL);
        } else if (field->type == TRACE_FIELD_ADDR) {
            assert_true(addr_equal(x, y) || ((const struct addr *)x)->family == 0);
            assert_int_equal(((const struct addr *)x)->family, ((const struct addr *)y)->family);
        } else if (field->type == TRACE_FIELD_SEQS) {
            assert_int_equal(a->u.finding.evidence_count, b->u.finding.evidence_count);
            assert_memory_equal(a->u.finding.evidence, b->u.finding.evidence,
                                b->u.finding.evidence_count * sizeof(uint64_t));
        } else {
            assert_memory_equal(x, y, sizes[field->type]);
        }
    }
}

static void events_same(const struct trace_event *a, const struct trace_event *b)
{
    assert_int_equal(a->kind, b->kind);
    fields_same(a, b, trace_fields_common());
    fields_same(a, b, trace_fields(a->kind));
}

static void each_kind_comes_back_whole(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < TRACE_KIND_COUNT; kind++) {
        struct trace_event event = event_filled((enum trace_kind)kind), back;
        struct buf buf = {0};
        trace_encode(&buf, &event);
        assert_int_equal(buf.failed, ERR_OK);
        assert_true(buf.len <= trace_encode_most(&event));
        assert_int_equal(trace_decode(buf_view(&buf), NULL, &back), buf.len);
        events_same(&event, &back);
        buf_deinit(&buf);
    }
}

static void an_empty_event_of_each_kind_comes_back_empty(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < TRACE_KIND_COUNT; kind++) {
        struct trace_event event = {.kind = (enum trace_kind)kind}, back;
        struct buf buf = {0};
        trace_encode(&buf, &event);
        assert_int_equal(trace_decode(buf_view(&buf), NULL, &back), buf.len);
        events_same(&event, &back);
        assert_true(buf.len <= 24);
        buf_deinit(&buf);
    }
}

static void a_stream_is_cut_at_its_events(void **state)
{
    (void)state;
    struct buf buf = {0};
    struct trace_event event = event_filled(TRACE_MESSAGE), back;
    trace_encode(&buf, &event);
    size_t first = buf.len;
    event.kind = TRACE_LOG;
    event.u.note.text = V("second");
    event.u.note.name = event.u.note.mime = (struct view){0};
    event.u.note.addr = (struct addr){0};
    trace_encode(&buf, &event);
    for (size_t len = 0; len < first; len++)
        assert_int_equal(trace_decode(view_head(buf_view(&buf), len), NULL, &back), 0);
    struct view rest = view_skip(buf_view(&buf), first);
    assert_int_equal(trace_decode(rest, NULL, &back), rest.len);
    assert_true(view_equal(back.u.note.text, V("second")));
    buf_deinit(&buf);
}

/* Whatever a broken worker sends: an answer, never a read outside the bytes (the sanitizer sees).
 */
static void a_flipped_byte_is_refused_or_read_but_never_overread(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < TRACE_KIND_COUNT; kind++) {
        struct trace_event event = event_filled((enum trace_kind)kind), back;
        struct buf buf = {0};
        trace_encode(&buf, &event);
        for (size_t at = 0; at < buf.len; at++) {
            static const unsigned char flips[] = {0x01, 0x80, 0xff};
            for (size_t f = 0; f < sizeof flips; f++) {
                char *exact = mem_alloc(buf.len);
                memcpy(exact, buf.ptr, buf.len);
                exact[at] = (char)(exact[at] ^ flips[f]);
                size_t took = trace_decode((struct view){exact, buf.len}, NULL, &back);
                assert_true(took == 0 || took == SIZE_MAX || took <= buf.len);
                mem_free(exact);
            }
        }
        buf_deinit(&buf);
    }
}

static void an_enum_out_of_range_is_refused(void **state)
{
    (void)state;
    struct trace_event event = {.kind = TRACE_VERDICT}, back;
    event.u.verdict.verdict = (enum verdict)(VERDICT_SKIP + 1);
    struct buf buf = {0};
    trace_encode(&buf, &event);
    assert_int_equal(trace_decode(buf_view(&buf), NULL, &back), SIZE_MAX);
    buf_deinit(&buf);
}

static void evidence_in_unaligned_bytes_needs_an_arena(void **state)
{
    (void)state;
    struct trace_event event = event_filled(TRACE_FINDING), back;
    struct arena arena = {0};
    struct buf buf = {0};
    trace_encode(&buf, &event);
    char *shifted = mem_alloc(buf.len + 1);
    memcpy(shifted + 1, buf.ptr, buf.len);
    struct view bytes = {shifted + 1, buf.len};
    assert_int_equal(trace_decode(bytes, NULL, &back), buf.len);
    assert_int_equal(back.u.finding.evidence_count, 0);
    assert_int_equal(trace_decode(bytes, &arena, &back), buf.len);
    events_same(&event, &back);
    arena_deinit(&arena);
    mem_free(shifted);
    buf_deinit(&buf);
}

static void what_is_too_large_or_finds_no_memory_is_said(void **state)
{
    (void)state;
    struct trace_event event = {.kind = TRACE_LOG};
    struct buf buf = {0};
    event.u.note.text = (struct view){"x", SIZE_MAX};
    assert_int_equal(trace_encode_most(&event), SIZE_MAX);
    trace_encode(&buf, &event);
    assert_int_equal(buf.failed, ERR_LIMIT);
    buf_clear(&buf);
    event.u.note.text = V("x");
    mem_fail_at(1, false);
    trace_encode(&buf, &event);
    mem_fail_at(0, false);
    assert_int_equal(buf.failed, ERR_MEMORY);
    buf_deinit(&buf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_kind_comes_back_whole),
        cmocka_unit_test(an_empty_event_of_each_kind_comes_back_empty),
        cmocka_unit_test(a_stream_is_cut_at_its_events),
        cmocka_unit_test(a_flipped_byte_is_refused_or_read_but_never_overread),
        cmocka_unit_test(an_enum_out_of_range_is_refused),
        cmocka_unit_test(evidence_in_unaligned_bytes_needs_an_arena),
        cmocka_unit_test(what_is_too_large_or_finds_no_memory_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
