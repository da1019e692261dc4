/* Any text as a flow, held against a call with two copies: an answer in bounded time. */
#include "harness/flow/flow.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void message_add(struct log *log, uint64_t seq, const char *start, uint32_t from,
                        uint64_t copy_of)
{
    struct buf buf = {0};
    struct trace_event event = {.seq = seq, .time_us = seq * 1000, .kind = TRACE_MESSAGE};
    buf_printf(&buf,
               "%s\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nCSeq: 1 INVITE\r\n"
               "Call-ID: c\r\nFrom: <sip:a@h>;tag=t\r\nTo: <sip:b@h>\r\n\r\n",
               start);
    struct blob *bytes = blob_create(buf_view(&buf));
    event.u.wire.side = SIDE_IN;
    event.u.wire.from = from;
    event.u.wire.to = 1 - from;
    event.u.wire.copy_of = copy_of;
    ASSERT(bytes != NULL && log_seen(log, &event, bytes) == ERR_OK);
    blob_unref(bytes);
    buf_deinit(&buf);
}

static struct log *log_of_a_call(void)
{
    struct log *log;
    ASSERT(log_create(&log) == ERR_OK);
    message_add(log, 1, "INVITE sip:b@h SIP/2.0", 0, 0);
    message_add(log, 2, "INVITE sip:b@h SIP/2.0", 0, 1);
    message_add(log, 3, "SIP/2.0 180 Ringing", 1, 0);
    message_add(log, 4, "SIP/2.0 200 OK", 1, 0);
    message_add(log, 5, "SIP/2.0 200 OK", 1, 4);
    message_add(log, 6, "ACK sip:b@h SIP/2.0", 0, 0);
    return log;
}

static void ask(const struct flow *flow, struct log *log, unsigned options)
{
    uint32_t parties[64];
    struct vars *vars;
    struct flow_answer answer;
    ASSERT(vars_create(&vars) == ERR_OK);
    for (uint32_t i = 0; i < 64; i++)
        parties[i] = i % 2;
    struct flow_question question = {.log = log,
                                     .parties = parties,
                                     .vars = vars,
                                     .now_us = options & 1 ? 3600 * US_PER_S : 0,
                                     .t1_us = 500 * US_PER_MS,
                                     .within_us = NEVER,
                                     .loose = options & 2,
                                     .interleave = options & 4,
                                     .fold = options & 8};
    enum flow_state state = flow_match(flow, &question, &answer);
    ASSERT(state != FLOW_FAILED || answer.sentence[0] != '\0');
    ASSERT(state != FLOW_WAITING || answer.ask_again_us > question.now_us);
    vars_destroy(vars);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct arena arena = {.limit = 16u << 20};
    struct flow *flow;
    struct flow_error error = {0};
    if (len > 0 && flow_parse((struct view){(const char *)data + 1, len - 1}, &arena, &flow,
                              &error) == ERR_OK) {
        struct log *log = log_of_a_call();
        ask(flow, log, data[0]);
        log_destroy(log);
    }
    arena_deinit(&arena);
    return 0;
}
