/* A response beside its request: RFC 3261 §8.2.6.2 and what later RFCs want the one to say of the
 * other. */
#include "harness/monitor/inside.h"

/* The value of a parameter, absent where it has none. */
static struct view param(const struct sip_via *via, struct view name)
{
    struct view value = {0};
    sip_param_find(&via->params, name, &value);
    return value;
}

/* The same but for received and rport, which the server adds (RFC 3261 §18.2.1, RFC 3581 §4). */
static bool same_via(const struct sip_via *a, const struct sip_via *b)
{
    return view_equal(a->branch, b->branch) && view_equal_nocase(a->host, b->host) &&
           a->port == b->port && view_equal_nocase(a->transport, b->transport) &&
           view_equal(param(a, V("maddr")), param(b, V("maddr")));
}

/* What cannot be read of a request's Via values cannot be given back one by one. */
static bool has_bad_via(const struct sip_msg *request)
{
    const char *raw = sip_msg_raw(request).ptr;
    const struct sip_line *row;
    for (size_t i = 0; (row = sip_msg_find(request, SIP_HEADER_VIA, i)) != NULL; i++) {
        size_t begin = (size_t)(row->value.ptr - raw);
        for (size_t fault = 0; fault < sip_msg_fault_count(request); fault++) {
            size_t at = sip_msg_fault(request, fault)->offset;
            if (at >= begin && at <= begin + row->value.len)
                return true;
        }
    }
    return false;
}

static void via(const struct matter *matter, const struct sight *request)
{
    const struct sip_via *asked, *told;
    if (has_bad_via(request->msg)) {
        not_judged(matter);
        return;
    }
    for (size_t i = 0; i < 70; i++) {
        asked = sip_msg_via(request->msg, i);
        told = sip_msg_via(matter->msg, i);
        if (asked == NULL && told == NULL)
            return;
        if (asked == NULL || told == NULL || !same_via(asked, told)) {
            blame(matter, RULE_ECHO_VIA, request->seq, "Via %zu is another one", i + 1);
            return;
        }
    }
}

static void to(const struct matter *matter, const struct sight *request)
{
    const struct sip_name_addr *asked = sip_msg_to(request->msg), *told = sip_msg_to(matter->msg);
    uint16_t status = sip_msg_status(matter->msg);
    if (asked == NULL || told == NULL)
        return;
    if (!sip_uri_equal(&asked->uri, &told->uri) ||
        (asked->tag.len > 0 && !view_equal(asked->tag, told->tag)))
        blame(matter, RULE_ECHO_TO, request->seq, "To is %.*s", VIEW_ARG(told->text));
    if (asked->tag.len == 0 && told->tag.len == 0 && status > 100)
        blame(matter, RULE_TO_TAG_RESPONSE, request->seq, "it has none");
}

static void identifiers(const struct matter *matter, const struct sight *request)
{
    const struct sip_name_addr *asked = sip_msg_from(request->msg),
                               *told = sip_msg_from(matter->msg);
    const struct sip_cseq *a = sip_msg_cseq(request->msg), *b = sip_msg_cseq(matter->msg);
    if (asked != NULL && told != NULL &&
        (!sip_uri_equal(&asked->uri, &told->uri) || !view_equal(asked->tag, told->tag)))
        blame(matter, RULE_ECHO_FROM, request->seq, "From is %.*s", VIEW_ARG(told->text));
    if (!view_equal(sip_msg_call_id(request->msg), sip_msg_call_id(matter->msg)))
        blame(matter, RULE_ECHO_CALL_ID, request->seq, "Call-ID is %.*s",
              VIEW_ARG(sip_msg_call_id(matter->msg)));
    if (a != NULL && b != NULL && (a->number != b->number || a->method != b->method))
        blame(matter, RULE_ECHO_CSEQ, request->seq, "CSeq is %u", b->number);
}

/* RFC 3261 §12.1.1: a response that makes a dialog. */
static void dialog(const struct matter *matter, const struct sight *request)
{
    enum sip_method method = sip_msg_method(matter->msg);
    uint16_t status = sip_msg_status(matter->msg);
    const struct sip_name_addr *asked = sip_msg_to(request->msg), *told = sip_msg_to(matter->msg);
    bool makes = (method == SIP_INVITE && status > 100 && status < 300) ||
                 (method == SIP_SUBSCRIBE && status / 100 == 2);
    if (!makes || asked == NULL || asked->tag.len > 0 || told == NULL || told->tag.len == 0)
        return;
    const struct sip_name_addr *contact = sip_msg_contact(matter->msg, 0);
    const struct sip_uri *target = sip_msg_request_uri(request->msg);
    if (contact == NULL)
        blame(matter, RULE_DIALOG_CONTACT, request->seq, "it has none");
    else if (target != NULL && target->scheme == SIP_SCHEME_SIPS &&
             contact->uri.scheme == SIP_SCHEME_SIP)
        blame(matter, RULE_CONTACT_SIPS_RESPONSE, request->seq, "the Contact is %.*s",
              VIEW_ARG(contact->uri.text));
    size_t count = sip_msg_count(request->msg, SIP_HEADER_RECORD_ROUTE);
    bool same = sip_msg_count(matter->msg, SIP_HEADER_RECORD_ROUTE) >= count;
    for (size_t i = 0; same && i < count; i++) {
        const struct sip_name_addr *a = sip_msg_record_route(request->msg, i);
        const struct sip_name_addr *b = sip_msg_record_route(matter->msg, i);
        same = a == NULL || (b != NULL && view_equal(a->uri.text, b->uri.text));
    }
    /* A proxy may rewrite its own value in the response, RFC 3261 §16.7: only its absence is sure.
     */
    if (!same && sip_msg_count(matter->msg, SIP_HEADER_RECORD_ROUTE) == 0)
        blame(matter, RULE_DIALOG_RECORD_ROUTE, request->seq, "the request has %zu, it has none",
              count);
}

static void reliability(const struct matter *matter, const struct sight *request)
{
    uint16_t status = sip_msg_status(matter->msg);
    bool supported = sip_msg_lists(request->msg, SIP_HEADER_SUPPORTED, V("100rel"));
    bool required = sip_msg_lists(request->msg, SIP_HEADER_REQUIRE, V("100rel"));
    bool reliable = sip_msg_find(matter->msg, SIP_HEADER_RSEQ, 0) != NULL;
    if (sip_msg_method(matter->msg) != SIP_INVITE || status <= 100 || status >= 200)
        return;
    if (reliable && !supported && !required)
        blame(matter, RULE_RELIABLE_UNASKED, request->seq, "the INVITE does not support 100rel");
    if (!reliable && required)
        blame(matter, RULE_RELIABLE_DEMANDED, request->seq, "the INVITE requires 100rel");
}

static const struct sip_number *number(struct sip_msg *msg, enum sip_header_id id)
{
    return sip_msg_get(msg, id, 0);
}

static void durations(const struct matter *matter, const struct sight *request)
{
    enum sip_header_id id = sip_msg_method(matter->msg) == SIP_SUBSCRIBE
                                ? SIP_HEADER_EXPIRES
                                : SIP_HEADER_SESSION_EXPIRES;
    const struct sip_number *asked = number(request->msg, id), *told = number(matter->msg, id);
    if (sip_msg_status(matter->msg) / 100 != 2 || asked == NULL || told == NULL ||
        told->value <= asked->value)
        return;
    blame(matter, id == SIP_HEADER_EXPIRES ? RULE_SUBSCRIBE_LONGER : RULE_SE_RAISED, request->seq,
          "%llu s were asked for, %llu s are given", (unsigned long long)asked->value,
          (unsigned long long)told->value);
}

/* RFC 4028 §9 */
static void least_duration(const struct matter *matter, const struct sight *request)
{
    if (sip_msg_status(matter->msg) / 100 != 2)
        return;
    const struct sip_number *told = number(matter->msg, SIP_HEADER_SESSION_EXPIRES);
    const struct sip_number *least = told == NULL ? NULL : number(request->msg, SIP_HEADER_MIN_SE);
    uint64_t least_s = least != NULL && least->value > 90 ? least->value : 90;
    if (told != NULL && told->value < least_s)
        blame(matter, RULE_SE_TOO_SMALL, request->seq, "it is %llu s, and may not be below %llu s",
              (unsigned long long)told->value, (unsigned long long)least_s);
}

/* RFC 3261 §8.2.4; 100rel has a rule of its own. */
static void required(const struct matter *matter, const struct sight *request)
{
    const struct sip_text *tag;
    for (size_t i = 0; i < 32 && (tag = sip_msg_get(matter->msg, SIP_HEADER_REQUIRE, i)) != NULL;
         i++)
        if (!view_equal_nocase(tag->text, V("100rel")) && sip_msg_status(matter->msg) != 421 &&
            !sip_msg_lists(request->msg, SIP_HEADER_SUPPORTED, tag->text) &&
            !sip_msg_lists(request->msg, SIP_HEADER_REQUIRE, tag->text))
            blame(matter, RULE_REQUIRE_UNASKED, request->seq, "the request does not support %.*s",
                  VIEW_ARG(tag->text));
}

/* RFC 3261 §8.2.6.1 */
static void timestamp(const struct matter *matter, const struct sight *request)
{
    if (sip_msg_status(matter->msg) == 100 &&
        sip_msg_find(request->msg, SIP_HEADER_TIMESTAMP, 0) != NULL &&
        sip_msg_find(matter->msg, SIP_HEADER_TIMESTAMP, 0) == NULL)
        blame(matter, RULE_TIMESTAMP_100, request->seq, "it has none");
}

static void path(const struct matter *matter, const struct sight *request)
{
    if (sip_msg_method(matter->msg) == SIP_REGISTER && sip_msg_status(matter->msg) / 100 == 2 &&
        sip_msg_count(request->msg, SIP_HEADER_PATH) > 0 &&
        sip_msg_lists(request->msg, SIP_HEADER_SUPPORTED, V("path")) &&
        sip_msg_count(matter->msg, SIP_HEADER_PATH) == 0)
        blame(matter, RULE_PATH_STORED, request->seq, "it has none");
}

/* RFC 4320 §4.1: T1, 2*T1, 4*T1 have passed before a client would wait for T2. */
static void hundred(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    uint64_t least_us = 7 * matter->monitor->options.t1_us;
    if (sip_msg_method(matter->msg) == SIP_INVITE || sip_msg_status(matter->msg) != 100 ||
        proto_reliable(matter->seen->proto) || matter->monitor->options.capture)
        return;
    if (matter->seen->time_us < exchange->request.time_us + least_us)
        blame(
            matter, RULE_EARLY_100, exchange->request.seq, "it comes %llu ms behind its request",
            (unsigned long long)((matter->seen->time_us - exchange->request.time_us) / US_PER_MS));
}

/* RFC 3261 §17.2: Completed and Terminated have no way back. A 2xx to an INVITE may come of each
 * fork. */
static void order(const struct matter *matter)
{
    const struct sight *final = &matter->exchange->final;
    uint16_t status = sip_msg_status(matter->msg);
    if (final->msg == NULL || final->from != matter->seen->from)
        return;
    /* Timers H and J: the request that is said again behind that is another one. */
    if (matter->seen->time_us > final->time_us + 64 * matter->monitor->options.t1_us) {
        not_judged(matter);
        return;
    }
    bool accepts = sip_msg_method(matter->msg) == SIP_INVITE && status / 100 == 2;
    bool forks = accepts && sip_msg_status(final->msg) / 100 == 2;
    if (accepts && !forks)
        not_judged(matter); /* a proxy hands on each 2xx, whatever it said before: §16.7 item 5 */
    else if (!forks && (status >= 200 || !matter->monitor->options.capture))
        blame(matter, RULE_AFTER_FINAL, final->seq, "a %u behind the %u", status,
              sip_msg_status(final->msg));
}

void judge_echo(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    if (exchange == NULL || exchange->muddled) {
        not_judged(matter);
        return;
    }
    const struct sight *request = &exchange->request;
    via(matter, request);
    judge_source(matter);
    identifiers(matter, request);
    to(matter, request);
    dialog(matter, request);
    reliability(matter, request);
    durations(matter, request);
    least_duration(matter, request);
    required(matter, request);
    timestamp(matter, request);
    path(matter, request);
    hundred(matter);
    order(matter);
}
