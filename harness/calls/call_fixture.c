#include "harness/calls/call_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

void script_begin(struct call_script *script, const struct calls_options *options)
{
    *script = (struct call_script){.time_ns = UINT64_C(1700000000000000000), .frame = 1};
    assert_int_equal(calls_create(options, &script->calls), ERR_OK);
}

static struct addr address(const char *text)
{
    struct addr addr;
    assert_int_equal(addr_parse(view_of(text), &addr), ERR_OK);
    addr.port = addr.port == 0 ? 5060 : addr.port;
    return addr;
}

void script_bytes(struct call_script *script, const char *from, const char *to,
                  enum carrier carrier, struct view bytes)
{
    struct captured message = {.time_ns = script->time_ns,
                               .frame = script->frame,
                               .first_frame = script->frame,
                               .stream = carrier != CARRIER_UDP,
                               .carrier = carrier,
                               .source = address(from),
                               .target = address(to),
                               .bytes = blob_create(bytes)};
    assert_non_null(message.bytes);
    script->refused = calls_take(script->calls, &message);
    script->time_ns += 10000000;
    script->frame++;
    blob_unref(message.bytes);
}

static const char *or_else(const char *text, const char *otherwise)
{
    return text == NULL ? otherwise : text;
}

static void user_add(struct buf *out, const char *name, const char *user, const char *tag)
{
    bool tagged = tag != NULL && tag[0] != '\0';
    buf_printf(out, "%s: <sip:%s@example.com>%s%s\r\n", name, user, tagged ? ";tag=" : "",
               tagged ? tag : "");
}

void script_add(struct call_script *script, const struct call_line *line)
{
    struct buf out = {0};
    struct view what = view_of(line->what);
    struct view method = view_skip(what, what.ptr[0] <= '9' ? 4 : 0);
    const char *callee = or_else(line->callee, "bob");
    if (method.len < what.len)
        buf_printf(&out, "SIP/2.0 %.3s Reason\r\n", what.ptr);
    else
        buf_printf(&out, "%s sip:%s@example.com SIP/2.0\r\n", line->what, callee);
    buf_printf(&out, "Via: SIP/2.0/UDP %s;branch=z9hG4bK%s\r\nMax-Forwards: 70\r\n",
               or_else(line->via, line->from), line->branch);
    user_add(&out, "From", or_else(line->caller, "alice"), or_else(line->from_tag, "a"));
    user_add(&out, "To", callee, line->to_tag);
    buf_printf(&out, "Call-ID: %s\r\nCSeq: %u %.*s\r\n%sContent-Length: 0\r\n\r\n",
               or_else(line->call_id, "one"), line->cseq == 0 ? 1 : line->cseq, VIEW_ARG(method),
               or_else(line->rows, ""));
    assert_int_equal(out.failed, ERR_OK);
    script_bytes(script, line->from, line->to, line->carrier, buf_view(&out));
    buf_deinit(&out);
}

struct call *script_call(struct call_script *script)
{
    struct call *call = NULL;
    calls_end(script->calls);
    return calls_next(script->calls, &call) ? call : NULL;
}

void script_end(struct call_script *script)
{
    assert_int_equal(calls_failure(script->calls), ERR_OK);
    calls_destroy(script->calls);
    sip_msg_pool_drop();
}
