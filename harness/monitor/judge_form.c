/* The form of a message: what the parser found, and what it does not look for. */
#include "harness/monitor/inside.h"

/* The row that a fault stands in, so that its name can be told. NULL: it stands in none; what is
 * missing is noted at the end of the headers. */
static const struct sip_line *line_at(const struct sip_msg *msg, uint32_t offset)
{
    struct view raw = sip_msg_raw(msg);
    const char *at = raw.ptr + offset;
    const struct sip_line *last = NULL;
    if (offset >= raw.len)
        return NULL;
    for (size_t i = 0; i < sip_msg_line_count(msg); i++) {
        const struct sip_line *line = sip_msg_line(msg, i);
        if (at < line->name.ptr)
            break;
        last = line;
    }
    return last != NULL && at <= last->value.ptr + last->value.len ? last : NULL;
}

/* RFC 3261 §8.2.6.2: what a response has as its request had it. */
static bool is_echo(enum sip_header_id id)
{
    return id == SIP_HEADER_VIA || id == SIP_HEADER_FROM || id == SIP_HEADER_TO ||
           id == SIP_HEADER_CALL_ID || id == SIP_HEADER_CSEQ;
}

/* Up to what is wrong with it. */
static bool same_line(const struct sip_line *a, const struct sip_line *b, size_t place)
{
    size_t len = place == 0 ? b->value.len : place + 1;
    return view_equal(view_head(a->value, len), view_head(b->value, len));
}

static bool has_fault(struct sip_msg *msg, const struct sip_fault *fault)
{
    sip_msg_check(msg);
    for (size_t i = 0; i < sip_msg_fault_count(msg); i++)
        if (strcmp(sip_msg_fault(msg, i)->rule, fault->rule) == 0)
            return true;
    return false;
}

/* A response is not to blame for what its request had wrong. Where that was not seen, or could not
 * be read, nobody knows. */
static bool echoed(const struct matter *matter, const struct sip_fault *fault,
                   const struct sip_line *line)
{
    const struct exchange *exchange = matter->exchange;
    const struct sip_line *asked;
    bool own = strcmp(fault->rule, "received") == 0 || strcmp(fault->rule, "line-end") == 0;
    bool missing = line == NULL && strcmp(fault->rule, "header-missing") == 0;
    if (own || sip_msg_is_request(matter->msg) || !(missing || (line != NULL && is_echo(line->id))))
        return false;
    bool own_row = exchange == NULL && missing && !matter->monitor->options.capture &&
                   !matter->monitor->unkeyed; /* all requests had one */
    if (own_row)
        return false;
    if (exchange == NULL || exchange->muddled) {
        not_judged(matter);
        return true;
    }
    if (missing || line->id == SIP_HEADER_VIA) /* which the server writes something into */
        return has_fault(exchange->request.msg, fault);
    size_t begin = (size_t)(line->value.ptr - sip_msg_raw(matter->msg).ptr);
    size_t place = fault->offset > begin ? fault->offset - begin : 0;
    for (size_t i = 0; (asked = sip_msg_find(exchange->request.msg, line->id, i)) != NULL; i++)
        if (same_line(line, asked, place))
            return true;
    return false;
}

/* One cause, two faults: the second one has the better words. */
static const struct {
    const char *fault, *better;
} doubles[] = {
    {"header-twice", "content-length-conflict"},
    {"number",       "content-length"         },
    {"number-range", "content-length"         },
    {"trailing",     "content-length"         },
    {"param-value",  "tag-empty"              },
    {"request-uri",  "request-uri-space"      },
    {"request-uri",  "request-uri-brackets"   },
};

static bool is_double(const struct matter *matter, const struct sip_fault *fault,
                      const struct sip_line *line)
{
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++)
        for (size_t k = 0; k < sip_msg_fault_count(matter->msg); k++) {
            const struct sip_fault *other = sip_msg_fault(matter->msg, k);
            if (strcmp(fault->rule, doubles[i].fault) == 0 &&
                strcmp(other->rule, doubles[i].better) == 0 &&
                line_at(matter->msg, other->offset) == line)
                return true;
        }
    return false;
}

/* Two challenges or credentials in one row, which looks like one that goes wrong in its middle. */
static bool is_combined(const struct sip_line *line)
{
    bool auth = line->id == SIP_HEADER_WWW_AUTHENTICATE || line->id == SIP_HEADER_AUTHORIZATION ||
                line->id == SIP_HEADER_PROXY_AUTHENTICATE ||
                line->id == SIP_HEADER_PROXY_AUTHORIZATION;
    return auth && view_find(line->value, V(", Digest ")) < line->value.len;
}

/* What a method cannot do without has a rule of its own. */
static bool told_otherwise(const struct matter *matter, const struct sip_fault *fault,
                           const struct sip_line *line)
{
    if (line != NULL && is_combined(line))
        return true;
    if (strcmp(fault->rule, "tag-missing") == 0)
        return line != NULL && line->id == SIP_HEADER_TO; /* judge_echo.c knows what was asked */
    if (strcmp(fault->rule, "header-missing") != 0 || strncmp(fault->section, "RFC 3261", 8) == 0)
        return false;
    switch (sip_msg_method(matter->msg)) {
    case SIP_NOTIFY:
        blame(matter, RULE_NOTIFY_STATE, 0, "it has none");
        return true;
    case SIP_REFER:
        blame(matter, RULE_REFER_TO_ONE, 0, "it has none");
        return true;
    case SIP_PRACK:
        blame(matter, RULE_RACK_MISSING, 0, "it has none");
        return true;
    default:
        return false;
    }
}

/* The parser has one fault for a URI without brackets and for one that does not end where its
 * bracket should be. */
static const struct rule_row *row_of(const struct matter *matter, const struct sip_fault *fault,
                                     const struct sip_line *line)
{
    struct sip_fault told = *fault;
    const char *at = sip_msg_raw(matter->msg).ptr + fault->offset;
    if (line != NULL && at > line->value.ptr && strcmp(fault->rule, "uri-brackets") == 0 &&
        memchr(line->value.ptr, '<', (size_t)(at - line->value.ptr)) != NULL)
        told.rule = "uri";
    return rule_of_fault(&told);
}

/* Where its line is shown: one that is about no row is about the message. */
static uint32_t place_of(const struct matter *matter, const struct sip_fault *fault,
                         const struct sip_line *line)
{
    struct view raw = sip_msg_raw(matter->msg);
    return line != NULL || fault->offset <= view_find_char(raw, '\n') ? fault->offset : 0;
}

/* The parser tells of each header that is missing, in this order. */
static struct view missing_name(const struct matter *matter, const struct sip_fault *fault)
{
    static const enum sip_header_id ids[] = {SIP_HEADER_VIA, SIP_HEADER_FROM, SIP_HEADER_TO,
                                             SIP_HEADER_CALL_ID, SIP_HEADER_CSEQ};
    size_t before = 0;
    for (size_t i = 0; sip_msg_fault(matter->msg, i) != fault; i++)
        before += strcmp(sip_msg_fault(matter->msg, i)->rule, fault->rule) == 0;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (sip_msg_find(matter->msg, ids[i], 0) == NULL && before-- == 0)
            return sip_header_name(ids[i]);
    return view_of(fault->rule);
}

static int fault_worded(const struct matter *matter, const struct sip_fault *fault,
                        const struct sip_line *line, char *room, size_t size)
{
    if (strcmp(fault->rule, "header-missing") == 0)
        return snprintf(room, size, "it has no %.*s", VIEW_ARG(missing_name(matter, fault)));
    if (line == NULL)
        return snprintf(room, size, "%s", fault->rule);
    return snprintf(room, size, "%s in %.*s: %.*s", fault->rule, VIEW_ARG(line->name),
                    VIEW_ARG(view_head(line->value, 100)));
}

static void fault_told(const struct matter *matter, const struct sip_fault *fault)
{
    const struct sip_line *line = line_at(matter->msg, fault->offset);
    const struct rule_row *row = row_of(matter, fault, line);
    char room[200];
    if (row == NULL || told_otherwise(matter, fault, line) || is_double(matter, fault, line) ||
        echoed(matter, fault, line))
        return;
    int len = fault_worded(matter, fault, line, room, sizeof room);
    blame_row(matter, row, 0, place_of(matter, fault, line),
              (struct view){room, len < (int)sizeof room ? (size_t)len : sizeof room - 1});
}

static void branch(const struct matter *matter)
{
    const struct sip_via *via = sip_msg_via(matter->msg, 0);
    if (via == NULL || !sip_msg_is_request(matter->msg))
        return;
    if (!view_starts_nocase(via->branch, V("z9hG4bK")))
        blame(matter, RULE_BRANCH_COOKIE, 0, "the branch is \"%.*s\"", VIEW_ARG(via->branch));
    if (via->rport.len > 0)
        blame(matter, RULE_RPORT_VALUE, 0, "its own Via has rport=%.*s", VIEW_ARG(via->rport));
}

static void transport(const struct matter *matter)
{
    const struct sip_via *via = sip_msg_via(matter->msg, 0);
    const char *used = proto_text(matter->seen->proto);
    enum proto proto = PROTO_UDP;
    if (via == NULL)
        return;
    bool known = proto_parse(via->transport, &proto) == ERR_OK; /* SCTP is carried by nobody here */
    /* In a capture what was within TLS may stand there as TCP. */
    bool same = matter->monitor->options.capture
                    ? proto_reliable(proto) == proto_reliable(matter->seen->proto)
                    : proto == matter->seen->proto;
    if (sip_msg_is_request(matter->msg) && known && !same)
        blame(matter, RULE_VIA_TRANSPORT, 0, "Via says %.*s, and it came over %s",
              VIEW_ARG(via->transport), used);
    if (sip_msg_is_request(matter->msg) && matter->seen->proto == PROTO_UDP &&
        sip_msg_raw(matter->msg).len > 1300)
        blame(matter, RULE_TOO_LARGE_FOR_UDP, 0, "%zu bytes over UDP",
              sip_msg_raw(matter->msg).len);
}

static void body(const struct matter *matter)
{
    struct sip_msg *msg = matter->msg;
    const struct sip_line *coding = sip_msg_find_name(msg, V("Transfer-Encoding"), 0);
    if (coding != NULL && view_starts_nocase(coding->value, V("chunked")))
        blame(matter, RULE_CHUNKED, 0, "Transfer-Encoding: chunked");
    if (matter->seen->proto == PROTO_UDP && sip_msg_find(msg, SIP_HEADER_CONTENT_LENGTH, 0) == NULL)
        blame(matter, RULE_LENGTH_ABSENT, 0, "there is no Content-Length");
}

static void combined(const struct matter *matter)
{
    for (size_t i = 0; i < sip_msg_line_count(matter->msg); i++)
        if (is_combined(sip_msg_line(matter->msg, i)))
            blame(matter, RULE_COMBINED_AUTH, 0, "two of them in one %.*s",
                  VIEW_ARG(sip_msg_line(matter->msg, i)->name));
}

void judge_form(const struct matter *matter)
{
    sip_msg_check(matter->msg);
    for (size_t i = 0; i < sip_msg_fault_count(matter->msg); i++)
        fault_told(matter, sip_msg_fault(matter->msg, i));
    branch(matter);
    transport(matter);
    body(matter);
    combined(matter);
}
