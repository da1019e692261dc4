/* The rules about one message: RFC 3261 §8.1.1, §20, and what later RFCs demand of their own
 * headers. Each function judges one thing; sip_msg_check lists them. Single values are judged in
 * check_value.c. */
#include "core/message/escape.h"
#include "core/message/msg_private.h"

#include <string.h>

/* Of something that ought to be there: at the end of the rows. */
static void fault_missing(struct sip_msg *msg, enum sip_rule rule, enum sip_header_id id)
{
    sip_msg_add_fault(msg, rule, id, msg->body.ptr);
}

static void check_request_uri(struct sip_msg *msg)
{
    const struct sip_uri *uri = sip_msg_request_uri(msg);
    if (uri == NULL)
        return;
    if (uri->headers.ptr != NULL)
        sip_msg_add_fault(msg, SIP_RULE_REQUEST_URI_HEADERS, SIP_HEADER_OTHER, uri->headers.ptr);
    if (escape_fault(uri->text) != NULL)
        sip_msg_add_fault(msg, SIP_RULE_URI_ESCAPE, SIP_HEADER_OTHER, escape_fault(uri->text));
}

/* Eight bytes with no control character and no backslash among them: a byte below 0x20 or of a
 * given value borrows into its highest bit. */
static bool is_plain(const char *at)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones << 7;
    uint64_t word;
    memcpy(&word, at, sizeof word);
    uint64_t del = word ^ ones * 0x7f, backslash = word ^ ones * '\\';
    uint64_t wrong =
        ((word - ones * ' ') & ~word) | ((del - ones) & ~del) | ((backslash - ones) & ~backslash);
    return (wrong & highs) == 0;
}

/* RFC 3261 §25.1: of the control characters only HT may stand in a row, and the CR LF of folding; a
 * quoted-pair may hold nearly any. */
static void check_controls(struct sip_msg *msg, const struct sip_line *line)
{
    const char *at = line->value.ptr, *end = at + line->value.len;
    for (; at < end; at++) {
        while (end - at >= 8 && is_plain(at))
            at += 8;
        if (at == end)
            return;
        unsigned char c = (unsigned char)*at;
        bool folding = c == '\n' || (c == '\r' && at + 1 < end && at[1] == '\n');
        if (c == '\\' && at + 1 < end && at[1] != '\r' && at[1] != '\n')
            at++;
        else if ((c < ' ' && c != '\t' && !folding) || c == 0x7f) {
            sip_msg_add_fault(msg, SIP_RULE_HEADER_CONTROL, line->id, at);
            return;
        }
    }
}

static void check_row(struct sip_msg *msg, struct sip_msg_row *row)
{
    const struct sip_header_kind *kind = sip_header_kind(row->line.id);
    check_controls(msg, &row->line);
    if (!row->read)
        sip_msg_read_row(msg, row);
    for (const struct sip_value *value = row->values; value != NULL; value = value->next)
        if (value->readable)
            sip_msg_check_value(msg, &row->line, kind, value);
}

/* RFC 3261 §7.3.1: more than one row only for lists, and for challenges and credentials. */
static bool may_repeat(enum sip_header_id id)
{
    return sip_header_is_list(id) || sip_header_kind(id) == NULL ||
           sip_header_kind(id) == &sip_auth_kind || id == SIP_HEADER_IDENTITY;
}

static void check_once(struct sip_msg *msg)
{
    bool seen[SIP_HEADER_COUNT] = {false};
    for (uint32_t i = 0; i < msg->row_count; i++) {
        const struct sip_line *line = &msg->rows[i].line;
        if (seen[line->id] && !may_repeat(line->id))
            sip_msg_fault_line(msg, SIP_RULE_HEADER_TWICE, line);
        seen[line->id] = true;
    }
}

/* RFC 3261 §8.1.1, §8.2.6.2; a request of RFC 2543 may lack Max-Forwards. */
static void check_mandatory(struct sip_msg *msg)
{
    static const enum sip_header_id ids[] = {SIP_HEADER_VIA, SIP_HEADER_FROM, SIP_HEADER_TO,
                                             SIP_HEADER_CALL_ID, SIP_HEADER_CSEQ};
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++)
        if (sip_msg_find(msg, ids[i], 0) == NULL)
            fault_missing(msg, SIP_RULE_HEADER_MISSING, ids[i]);
    if (msg->is_request && sip_msg_find(msg, SIP_HEADER_MAX_FORWARDS, 0) == NULL)
        fault_missing(msg, SIP_RULE_MAX_FORWARDS_MISSING, SIP_HEADER_MAX_FORWARDS);
}

/* What a method cannot do without; a Contact was not demanded by RFC 2543. */
static void check_of_method(struct sip_msg *msg)
{
    static const struct {
        enum sip_method method;
        enum sip_header_id id;
    } rows[] = {
        {SIP_REFER,  SIP_HEADER_REFER_TO          }, /* RFC 3515 §2.4.1 */
        {SIP_PRACK,  SIP_HEADER_RACK              }, /* RFC 3262 §7.2 */
        {SIP_NOTIFY, SIP_HEADER_SUBSCRIPTION_STATE}, /* RFC 6665 §4.1.3 */
    };
    for (size_t i = 0; msg->is_request && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].method == msg->method && sip_msg_find(msg, rows[i].id, 0) == NULL)
            fault_missing(msg, SIP_RULE_HEADER_MISSING, rows[i].id);
    bool has_target = msg->method == SIP_INVITE || msg->method == SIP_SUBSCRIBE ||
                      msg->method == SIP_REFER || msg->method == SIP_UPDATE;
    if (msg->is_request && has_target && sip_msg_find(msg, SIP_HEADER_CONTACT, 0) == NULL)
        fault_missing(msg, SIP_RULE_CONTACT_MISSING, SIP_HEADER_CONTACT);
}

/* RFC 3261 §8.1.1.7; RFC 2543 knew none. */
static void check_branch(struct sip_msg *msg)
{
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_VIA, 0);
    const struct sip_via *via = sip_msg_via(msg, 0);
    if (via == NULL)
        return;
    if (via->branch.len == 0)
        sip_msg_fault_line(msg, SIP_RULE_BRANCH_MISSING, line);
    else if (view_equal_nocase(via->branch, V("z9hG4bK")))
        sip_msg_fault_line(msg, SIP_RULE_BRANCH_EMPTY, line);
}

/* RFC 3261 §19.3; without a From tag it may be a peer of RFC 2543. */
static void check_tag(struct sip_msg *msg, enum sip_header_id id, bool demanded)
{
    const struct sip_name_addr *value = sip_msg_get(msg, id, 0);
    if (value == NULL)
        return;
    if (value->tag.ptr == NULL && demanded)
        sip_msg_fault_line(msg, SIP_RULE_TAG_MISSING, sip_msg_find(msg, id, 0));
    else if (value->tag.ptr != NULL && value->tag.len == 0)
        sip_msg_fault_line(msg, SIP_RULE_TAG_EMPTY, sip_msg_find(msg, id, 0));
}

/* RFC 3261 §8.1.1.5 */
static void check_cseq(struct sip_msg *msg)
{
    const struct sip_cseq *cseq = sip_msg_cseq(msg);
    const struct sip_line *line = sip_msg_find(msg, SIP_HEADER_CSEQ, 0);
    if (cseq == NULL)
        return;
    if (msg->is_request && !view_equal(cseq->method_name, msg->method_name))
        sip_msg_fault_line(msg, SIP_RULE_CSEQ_METHOD, line);
    if (cseq->number > INT32_MAX)
        sip_msg_fault_line(msg, SIP_RULE_CSEQ_RANGE, line);
}

/* RFC 3261 §20.14: all that say a length say the same. */
static void check_lengths(struct sip_msg *msg)
{
    const struct sip_line *first = sip_msg_find(msg, SIP_HEADER_CONTENT_LENGTH, 0);
    for (uint32_t i = 0; first != NULL && i < msg->row_count; i++) {
        const struct sip_line *line = &msg->rows[i].line;
        if (line->id != first->id || view_equal(line->value, first->value))
            continue;
        sip_msg_fault_line(msg, SIP_RULE_CONTENT_LENGTH_CONFLICT, line);
        return;
    }
}

/* RFC 3261 §20.15 */
static void check_content_type(struct sip_msg *msg)
{
    if (msg->body.len > 0 && sip_msg_find(msg, SIP_HEADER_CONTENT_TYPE, 0) == NULL)
        fault_missing(msg, SIP_RULE_CONTENT_TYPE_MISSING, SIP_HEADER_CONTENT_TYPE);
}

void sip_msg_check(struct sip_msg *msg)
{
    if (msg->checked)
        return;
    msg->checked = true;
    check_request_uri(msg);
    for (uint32_t i = 0; i < msg->row_count; i++)
        check_row(msg, &msg->rows[i]);
    check_once(msg);
    check_mandatory(msg);
    check_of_method(msg);
    check_branch(msg);
    check_tag(msg, SIP_HEADER_FROM, true);
    check_tag(msg, SIP_HEADER_TO, !msg->is_request && msg->status > 100);
    check_cseq(msg);
    check_lengths(msg);
    check_content_type(msg);
}
