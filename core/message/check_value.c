/* The rules about one value that has been read: ranges, parameters, escapes. */
#include "core/message/escape.h"
#include "core/message/msg_private.h"

void sip_msg_fault_line(struct sip_msg *msg, enum sip_rule rule, const struct sip_line *line)
{
    sip_msg_add_fault(msg, rule, line->id, line->value.ptr);
}

enum { PARAMS_COMPARED = 64 };

/* RFC 3261 §7.3.1: "any given parameter-name MUST NOT appear more than once". */
static void check_params_once(struct sip_msg *msg, const struct sip_line *line,
                              const struct sip_params *params)
{
    size_t count = params->count < PARAMS_COMPARED ? params->count : PARAMS_COMPARED;
    for (size_t i = 1; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (!view_equal_nocase(params->items[i].name, params->items[k].name))
                continue;
            sip_msg_fault_line(msg, SIP_RULE_PARAM_TWICE, line);
            return;
        }
    }
}

static void check_via(struct sip_msg *msg, const struct sip_line *line, const struct sip_via *via)
{
    struct view value;
    uint64_t number;
    if (sip_param_find(&via->params, V("ttl"), &value) && !view_to_uint(value, 255, &number))
        sip_msg_fault_line(msg, SIP_RULE_PARAM_RANGE, line);
    if (via->rport.len > 0 && !view_to_uint(via->rport, UINT16_MAX, &number))
        sip_msg_fault_line(msg, SIP_RULE_PARAM_RANGE, line);
    struct addr addr;
    if (via->received.ptr != NULL && addr_ip_parse(via->received, &addr) != ERR_OK)
        sip_msg_fault_line(msg, SIP_RULE_RECEIVED, line);
}

static void check_number(struct sip_msg *msg, const struct sip_line *line,
                         const struct sip_number *number)
{
    static const struct {
        enum sip_header_id id;
        uint64_t least, most;
    } rows[] = {
        {SIP_HEADER_MAX_FORWARDS,    0, 255       }, /* RFC 3261 §20.22 */
        {SIP_HEADER_EXPIRES,         0, UINT32_MAX}, /* RFC 3261 §20.19 */
        {SIP_HEADER_MIN_EXPIRES,     0, UINT32_MAX}, /* RFC 3261 §20.23 */
        {SIP_HEADER_RSEQ,            1, UINT32_MAX}, /* RFC 3262 §7.1 */
        {SIP_HEADER_SESSION_EXPIRES, 1, UINT32_MAX}, /* RFC 4028 §4 */
        {SIP_HEADER_MIN_SE,          1, UINT32_MAX}, /* RFC 4028 §5 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].id == line->id &&
            (number->value < rows[i].least || number->value > rows[i].most))
            sip_msg_fault_line(msg, SIP_RULE_NUMBER_RANGE, line);
}

/* RFC 3261 §25.1: qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ) */
static bool is_qvalue(struct view text)
{
    if (text.len == 0 || text.len > 5 || (text.ptr[0] != '0' && text.ptr[0] != '1'))
        return false;
    for (size_t i = 1; i < text.len; i++) {
        bool digit = text.ptr[0] == '1' ? text.ptr[i] == '0' : scan_is(text.ptr + i, CHAR_DIGIT);
        if (i == 1 ? text.ptr[i] != '.' : !digit)
            return false;
    }
    return true;
}

static void check_contact(struct sip_msg *msg, const struct sip_line *line,
                          const struct sip_name_addr *contact)
{
    struct view value;
    uint64_t number;
    if (sip_param_find(&contact->params, V("expires"), &value) &&
        !view_to_uint(value, UINT32_MAX, &number))
        sip_msg_fault_line(msg, SIP_RULE_PARAM_RANGE, line);
    if (sip_param_find(&contact->params, V("q"), &value) && !is_qvalue(value))
        sip_msg_fault_line(msg, SIP_RULE_PARAM_RANGE, line);
}

/* RFC 3261 §10.2.2, §10.3: "*" stands alone, in a REGISTER, with an expiration of zero. */
static void check_wildcard(struct sip_msg *msg, const struct sip_line *line)
{
    const struct sip_number *expires = sip_msg_get(msg, SIP_HEADER_EXPIRES, 0);
    bool zero = expires != NULL && expires->value == 0;
    if (!msg->is_request || msg->method != SIP_REGISTER || !zero ||
        sip_msg_count(msg, SIP_HEADER_CONTACT) != 1)
        sip_msg_fault_line(msg, SIP_RULE_CONTACT_WILDCARD, line);
}

static void check_name_addr(struct sip_msg *msg, const struct sip_line *line,
                            const struct sip_name_addr *value)
{
    if (escape_fault(value->uri.text) != NULL)
        sip_msg_fault_line(msg, SIP_RULE_URI_ESCAPE, line);
    if (line->id == SIP_HEADER_CONTACT)
        check_contact(msg, line, value);
    if (value->wildcard)
        check_wildcard(msg, line);
}

void sip_msg_check_value(struct sip_msg *msg, const struct sip_line *line,
                         const struct sip_header_kind *kind, const struct sip_value *value)
{
    const void *data = sip_value_data(value);
    if (kind->params != 0)
        check_params_once(msg, line, sip_value_params(kind, value));
    if (kind == &sip_number_kind)
        check_number(msg, line, data);
    if (kind == &sip_via_kind)
        check_via(msg, line, data);
    if (kind == &sip_name_addr_kind)
        check_name_addr(msg, line, data);
}
