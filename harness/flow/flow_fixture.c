#include "harness/flow/flow_fixture.h"
#include "harness/pattern/regex.h"

uint32_t test_party(struct view name)
{
    static const char *const names[] = {"other", "alice", "bob", "carol", "dave", "dut"};
    for (uint32_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (view_equal(name, view_of(names[i])))
            return i;
    fail_msg("no party %.*s", VIEW_ARG(name));
    return 0;
}

static uint64_t time_of(struct view text)
{
    uint64_t unit_us = view_ends(text, V("us"))   ? 1
                       : view_ends(text, V("ms")) ? US_PER_MS
                                                  : US_PER_S;
    uint64_t us = 0, part_us = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '.')
            part_us = unit_us;
        else if (text.ptr[i] < '0' || text.ptr[i] > '9')
            break;
        else if (part_us == 0)
            us = us * 10 + (uint64_t)(text.ptr[i] - '0') * unit_us;
        else
            us += (uint64_t)(text.ptr[i] - '0') * (part_us /= 10);
    }
    return us;
}

uint64_t test_time(const char *text)
{
    return time_of(view_of(text));
}

static struct view word_next(struct view *rest)
{
    while (rest->len != 0 && rest->ptr[0] == ' ')
        *rest = view_skip(*rest, 1);
    size_t len = view_find_char(*rest, ' ');
    struct view word = view_head(*rest, len);
    *rest = view_skip(*rest, len);
    return word;
}

/* The value of "name=value" among the words; absent where there is none. */
static struct view option(struct view words, const char *name)
{
    struct view wanted = view_of(name);
    for (struct view word = word_next(&words); word.len != 0; word = word_next(&words)) {
        if (view_equal(word, wanted))
            return V("");
        if (view_starts(word, wanted) && word.len > wanted.len && word.ptr[wanted.len] == '=')
            return view_skip(word, wanted.len + 1);
    }
    return (struct view){0};
}

static bool has(struct view words, const char *name)
{
    return option(words, name).ptr != NULL;
}

static struct view option_or(struct view words, const char *name, const char *otherwise)
{
    struct view value = option(words, name);
    return value.ptr != NULL ? value : view_of(otherwise);
}

/* "INVITE", "200/INVITE" */
static struct blob *message_bytes(struct view label, struct view words)
{
    struct buf buf = {0};
    size_t slash = view_find_char(label, '/');
    struct view method = slash < label.len ? view_skip(label, slash + 1) : label;
    if (slash < label.len)
        buf_printf(&buf, "SIP/2.0 %.*s Whatever\r\n", VIEW_ARG(view_head(label, slash)));
    else
        buf_printf(&buf, "%.*s sip:x@example.com SIP/2.0\r\n", VIEW_ARG(label));
    buf_printf(&buf, "Via: SIP/2.0/UDP h;branch=%.*s\r\n",
               VIEW_ARG(option_or(words, "branch", "z9hG4bK-1")));
    buf_printf(&buf, "From: <sip:a@h>;tag=%.*s\r\nTo: <sip:b@h>\r\n",
               VIEW_ARG(option_or(words, "tag", "t")));
    buf_printf(&buf, "Call-ID: %.*s\r\n", VIEW_ARG(option_or(words, "cid", "c1")));
    buf_printf(&buf, "Max-Forwards: %.*s\r\n", VIEW_ARG(option_or(words, "forwards", "70")));
    buf_printf(&buf, "CSeq: 1 %.*s\r\nContent-Length: 0\r\n\r\n", VIEW_ARG(method));
    assert_int_equal(buf.failed, ERR_OK);
    struct blob *blob = blob_create(buf_view(&buf));
    buf_deinit(&buf);
    return blob;
}

static void seen(struct test_flow *t, struct trace_event *event, struct blob *bytes)
{
    event->kind = TRACE_MESSAGE;
    event->seq = ++t->seq;
    assert_int_equal(log_seen(t->log, event, bytes), ERR_OK);
}

/* Events as the world makes them: an OUT, then what became of it. */
static void message_seen(struct test_flow *t, struct view line)
{
    struct view rest = line;
    uint64_t time_us = time_of(word_next(&rest)), copy = 0;
    struct view pair = word_next(&rest), label = word_next(&rest);
    size_t arrow = view_find_char(pair, '>');
    struct trace_event out = {.time_us = time_us};
    out.u.wire.from = test_party(view_head(pair, arrow));
    out.u.wire.to = test_party(view_skip(pair, arrow + 1));
    if (view_to_uint(option(rest, "copy"), 1000, &copy))
        out.u.wire.copy_of = log_at(t->log, (size_t)copy - 1)->seq;
    if (has(rest, "late"))
        out.late_us = (uint32_t)time_of(option(rest, "late"));
    if (has(rest, "swallowed"))
        out.u.wire.fate = FATE_SWALLOWED;
    if (has(rest, "theirs"))
        out.u.wire.side = SIDE_IN;
    struct blob *bytes = message_bytes(label, rest);
    seen(t, &out, bytes);
    struct trace_event after = out;
    after.u.wire.was_out = out.seq;
    after.u.wire.side = has(rest, "lost") ? SIDE_SEEN : SIDE_IN;
    after.u.wire.fate = has(rest, "lost") ? FATE_LOST : FATE_NONE;
    if (!has(rest, "flying") && !has(rest, "swallowed") && !has(rest, "theirs"))
        seen(t, &after, bytes);
    blob_unref(bytes);
    t->last_us = time_us;
}

void test_flow_begin(struct test_flow *t)
{
    memset(t, 0, sizeof *t);
    assert_int_equal(log_create(&t->log), ERR_OK);
    assert_int_equal(vars_create(&t->vars), ERR_OK);
    t->question = (struct flow_question){.log = t->log,
                                         .parties = t->parties,
                                         .unseen = t->unseen,
                                         .vars = t->vars,
                                         .t1_us = 500 * US_PER_MS,
                                         .within_us = NEVER};
}

void test_log_add(struct test_flow *t, const char *text)
{
    for (struct view rest = view_of(text); rest.len != 0;) {
        size_t end = view_find_char(rest, '\n');
        struct view line = view_trim(view_head(rest, end));
        if (line.len != 0)
            message_seen(t, line);
        rest = view_skip(rest, end < rest.len ? end + 1 : end);
    }
}

enum err test_flow_parse(struct test_flow *t, const char *text)
{
    return flow_parse(view_of(text), &t->arena, &t->flow, &t->error);
}

enum flow_state test_flow_match(struct test_flow *t, const char *options)
{
    struct flow_question *q = &t->question;
    struct view words = view_of(options);
    for (size_t i = 0; i < flow_participant_count(t->flow); i++) {
        t->parties[i] = test_party(flow_participant(t->flow, i));
        t->unseen[i] = view_equal(flow_participant(t->flow, i), option(words, "unseen"));
    }
    q->loose = has(words, "loose");
    q->interleave = has(words, "interleave");
    q->fold = has(words, "fold");
    q->real = has(words, "real");
    q->rough = has(words, "rough");
    q->at_end = has(words, "end");
    q->call_id = option(words, "cid");
    q->tolerance_us = q->real ? 20 * US_PER_MS : 0;
    q->tolerance_ppm = q->real ? 50000 : 0;
    q->now_us = has(words, "now") ? time_of(option(words, "now")) : t->last_us;
    q->now_us += has(words, "late") ? 3600 * US_PER_S : 0;
    q->within_us = has(words, "within") ? time_of(option(words, "within")) : NEVER;
    q->quiet_us = has(words, "quiet") ? time_of(option(words, "quiet")) : 0;
    q->began_us = has(words, "began") ? time_of(option(words, "began")) : 0;
    return flow_match(t->flow, q, &t->answer);
}

void test_flow_end(struct test_flow *t)
{
    arena_deinit(&t->arena);
    vars_destroy(t->vars);
    log_destroy(t->log);
    regex_cache_drop();
    sip_msg_pool_drop();
}

static const char *const state_names[] = {"matched", "waiting", "failed"};

void test_asked(struct test_flow *t, const char *flow, const char *log, const char *options,
                enum flow_state wanted)
{
    test_flow_begin(t);
    test_log_add(t, log);
    if (test_flow_parse(t, flow) != ERR_OK)
        fail_msg("%s\nline %u: %s", flow, t->error.line, t->error.sentence);
    enum flow_state state = test_flow_match(t, options);
    if (state != wanted)
        fail_msg("%s\n--\n%s[%s]\nis %s: line %u: %s", flow, log, options, state_names[state],
                 t->answer.line, t->answer.sentence);
}

void test_matches(const char *flow, const char *log, const char *options)
{
    struct test_flow t;
    test_asked(&t, flow, log, options, FLOW_MATCHED);
    test_flow_end(&t);
}

void test_waits(const char *flow, const char *log, const char *options)
{
    struct test_flow t;
    test_asked(&t, flow, log, options, FLOW_WAITING);
    assert_true(t.answer.ask_again_us > t.question.now_us);
    test_flow_end(&t);
}

void test_fails(const char *flow, const char *log, const char *options, uint32_t line,
                const char *sentence)
{
    struct test_flow t;
    test_asked(&t, flow, log, options, FLOW_FAILED);
    assert_string_equal(t.answer.sentence, sentence);
    assert_int_equal(t.answer.line, line);
    test_flow_end(&t);
}
