#include "core/base/trace_field.h"

#define TEXT(name, text) text,
static const char *const kind_texts[] = {TRACE_KIND_LIST(TEXT)};
static const char *const verdict_texts[] = {VERDICT_LIST(TEXT)};
static const char *const proto_texts[] = {PROTO_LIST(TEXT)};
#undef TEXT
static const char *const side_texts[] = {"out", "in", "seen"};
static const char *const fate_texts[] = {"none",   "swallowed", "changed", "lost",
                                         "copied", "corrupted", "refused"};
static const char *const act_texts[] = {"set", "stopped", "fired"};

_Static_assert(sizeof(enum trace_fate) == sizeof(uint32_t), "the codec moves enums as 32 bits");

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define AT(member) offsetof(struct trace_event, member)
#define ROW(name, type, member)                                                                    \
    {                                                                                              \
        name, TRACE_FIELD_##type, false, AT(member), 0, NULL                                       \
    }
#define ROW_ALWAYS(name, type, member)                                                             \
    {                                                                                              \
        name, TRACE_FIELD_##type, true, AT(member), 0, NULL                                        \
    }
#define ROW_ENUM(name, member, texts)                                                              \
    {                                                                                              \
        name, TRACE_FIELD_ENUM, true, AT(member), COUNT(texts), texts                              \
    }
#define ROW_ENUM_RARE(name, member, texts)                                                         \
    {                                                                                              \
        name, TRACE_FIELD_ENUM, false, AT(member), COUNT(texts), texts                             \
    }

static const struct trace_field common_rows[] = {
    ROW_ALWAYS("seq", U64, seq),    ROW_ALWAYS("time_us", U64, time_us),
    ROW("cause", U64, cause),       ROW("late_us", U32, late_us),
    ROW("party", U32, party),       ROW("object", HANDLE, object),
    ROW("file", TEXT, source.file), ROW("line", U32, source.line),
    ROW("task", U32, source.task),
};

static const struct trace_field wire_rows[] = {
    ROW_ENUM("side", u.wire.side, side_texts),
    ROW_ENUM_RARE("fate", u.wire.fate, fate_texts),
    ROW_ENUM("proto", u.wire.proto, proto_texts),
    ROW("from", U32, u.wire.from),
    ROW("to", U32, u.wire.to),
    ROW("source", ADDR, u.wire.source),
    ROW("target", ADDR, u.wire.target),
    ROW("flow", HANDLE, u.wire.flow),
    ROW("label", TEXT, u.wire.label),
    ROW("call_id", TEXT, u.wire.call_id),
    ROW("branch", TEXT, u.wire.branch),
    ROW("cseq", TEXT, u.wire.cseq),
    ROW("why", TEXT, u.wire.why),
    ROW("copy_of", U64, u.wire.copy_of),
    ROW("was_out", U64, u.wire.was_out),
    ROW("frame", U32, u.wire.frame),
    ROW("intended", BOOL, u.wire.intended),
    ROW("bytes", BYTES, u.wire.bytes),
    ROW("was", BYTES, u.wire.was),
};

static const struct trace_field state_rows[] = {
    ROW("what", TEXT, u.state.what),
    ROW("from", TEXT, u.state.from),
    ROW("to", TEXT, u.state.to),
    ROW("why", TEXT, u.state.why),
};

static const struct trace_field timer_rows[] = {
    ROW("name", TEXT, u.timer.name),
    ROW_ENUM("act", u.timer.act, act_texts),
    ROW("due_us", U64, u.timer.due_us),
};

static const struct trace_field dns_rows[] = {
    ROW("question", TEXT, u.dns.question),
    ROW("answer", TEXT, u.dns.answer),
    ROW("rcode", U32, u.dns.rcode),
};

static const struct trace_field choice_rows[] = {
    ROW("id", U64, u.choice.choice.id),
    ROW("bound", U32, u.choice.choice.bound),
    ROW("value", U32, u.choice.choice.value),
    ROW("key", TEXT, u.choice.key),
};

static const struct trace_field expect_rows[] = {
    ROW("what", TEXT, u.expect.what),     ROW("expected", TEXT, u.expect.expected),
    ROW("actual", TEXT, u.expect.actual), ROW_ALWAYS("ok", BOOL, u.expect.ok),
    ROW("soft", BOOL, u.expect.soft),
};

static const struct trace_field finding_rows[] = {
    ROW("rule", TEXT, u.finding.rule),         ROW("section", TEXT, u.finding.section),
    ROW("sentence", TEXT, u.finding.sentence), ROW("blamed", U32, u.finding.blamed),
    ROW("evidence", SEQS, u.finding.evidence),
};

static const struct trace_field verdict_rows[] = {
    ROW_ENUM("verdict", u.verdict.verdict, verdict_texts),
    ROW("reason", TEXT, u.verdict.reason),
    ROW("detail", JSON, u.verdict.detail),
};

static const struct trace_field note_rows[] = {
    ROW("name", TEXT, u.note.name),
    ROW("mime", TEXT, u.note.mime),
    ROW("text", BYTES, u.note.text),
    ROW("addr", ADDR, u.note.addr),
};

_Static_assert(COUNT(common_rows) + COUNT(wire_rows) <= TRACE_FIELD_MOST, "the mask has 32 bits");

#define FIELDS(rows)                                                                               \
    {                                                                                              \
        rows, COUNT(rows)                                                                          \
    }
static const struct trace_fields fields_by_kind[TRACE_KIND_COUNT] = {
    [TRACE_BEGIN] = FIELDS(note_rows),      [TRACE_END] = FIELDS(note_rows),
    [TRACE_PARTY] = FIELDS(note_rows),      [TRACE_STEP] = FIELDS(note_rows),
    [TRACE_LOG] = FIELDS(note_rows),        [TRACE_ATTACH] = FIELDS(note_rows),
    [TRACE_MESSAGE] = FIELDS(wire_rows),    [TRACE_BYTES] = FIELDS(wire_rows),
    [TRACE_FLOW] = FIELDS(state_rows),      [TRACE_DNS] = FIELDS(dns_rows),
    [TRACE_TIMER] = FIELDS(timer_rows),     [TRACE_STATE] = FIELDS(state_rows),
    [TRACE_COMMAND] = FIELDS(note_rows),    [TRACE_CHOICE] = FIELDS(choice_rows),
    [TRACE_EXPECT] = FIELDS(expect_rows),   [TRACE_FINDING] = FIELDS(finding_rows),
    [TRACE_VERDICT] = FIELDS(verdict_rows), [TRACE_PROCESS] = FIELDS(note_rows),
    [TRACE_KEYS] = FIELDS(note_rows),
};

struct trace_fields trace_fields_common(void)
{
    return (struct trace_fields)FIELDS(common_rows);
}

struct trace_fields trace_fields(enum trace_kind kind)
{
    ASSERT((unsigned)kind < TRACE_KIND_COUNT);
    return fields_by_kind[kind];
}

bool trace_field_is_view(const struct trace_field *field)
{
    return field->type == TRACE_FIELD_TEXT || field->type == TRACE_FIELD_BYTES ||
           field->type == TRACE_FIELD_JSON;
}

const char *trace_kind_text(enum trace_kind kind)
{
    return (unsigned)kind < COUNT(kind_texts) ? kind_texts[kind] : "?";
}

const char *verdict_text(enum verdict verdict)
{
    return (unsigned)verdict < COUNT(verdict_texts) ? verdict_texts[verdict] : "?";
}

const char *trace_side_text(enum trace_side side)
{
    return (unsigned)side < COUNT(side_texts) ? side_texts[side] : "?";
}

const char *trace_fate_text(enum trace_fate fate)
{
    return (unsigned)fate < COUNT(fate_texts) ? fate_texts[fate] : "?";
}

const char *trace_timer_act_text(enum trace_timer_act act)
{
    return (unsigned)act < COUNT(act_texts) ? act_texts[act] : "?";
}
