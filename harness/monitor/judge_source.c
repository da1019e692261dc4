/* Where a response says that its request came from, and where it goes: RFC 3261 §18.2, RFC 3581 §4.
 * A capture does not know what the server saw, for a NAT may stand between. */
#include "harness/monitor/inside.h"

static void told_source(const struct matter *matter, const struct sip_via *asked,
                        const struct sip_via *told)
{
    const struct exchange *exchange = matter->exchange;
    const struct addr *source =
        exchange->came_from.family != 0 ? &exchange->came_from : &exchange->source;
    struct addr sent_by;
    bool capture = matter->monitor->options.capture;
    bool named = addr_parse(asked->host, &sent_by) != ERR_OK;
    bool other = !named && !addr_ip_equal(&sent_by, source);
    if (other && capture)
        not_judged(matter);
    else if ((named || other) && told->received.len == 0)
        blame(matter, RULE_RECEIVED_ADDED, exchange->request.seq,
              "the sent-by is %.*s, and there is no received", VIEW_ARG(asked->host));
}

/* RFC 3581 is an extension: who does not know it says nothing. */
static bool tells_rport(const struct sip_via *asked, const struct sip_via *told)
{
    return asked->rport.ptr != NULL && asked->rport.len == 0 && told->rport.len > 0;
}

static void values(const struct matter *matter, const struct sip_via *asked,
                   const struct sip_via *told)
{
    const struct exchange *exchange = matter->exchange;
    const struct addr *source = &exchange->came_from;
    struct addr received;
    uint64_t port;
    if (tells_rport(asked, told) &&
        (!view_to_uint(told->rport, UINT16_MAX, &port) || port != source->port))
        blame(matter, RULE_RESPONSE_SOURCE, exchange->request.seq,
              "rport is %.*s, the source port %u", VIEW_ARG(told->rport), source->port);
    if (asked->received.len == 0 && told->received.len > 0 &&
        addr_parse(told->received, &received) == ERR_OK && !addr_ip_equal(&received, source))
        blame(matter, RULE_RECEIVED_SOURCE, exchange->request.seq, "received is %.*s",
              VIEW_ARG(told->received));
}

static void target(const struct matter *matter, const struct sip_via *asked,
                   const struct sip_via *told)
{
    const struct exchange *exchange = matter->exchange;
    const struct seen *seen = matter->seen;
    struct view maddr;
    uint16_t port = asked->port != 0 ? asked->port : 5060;
    if (tells_rport(asked, told))
        port = exchange->came_from.port;
    if (sip_param_find(&asked->params, V("maddr"), &maddr))
        return;
    if (!addr_ip_equal(&seen->target, &exchange->came_from) || seen->target.port != port)
        blame(matter, RULE_RESPONSE_TARGET, exchange->request.seq,
              "it goes to port %u, and should to %u", seen->target.port, port);
    if (tells_rport(asked, told) && (!addr_ip_equal(&seen->source, &exchange->came_to) ||
                                     seen->source.port != exchange->came_to.port))
        blame(matter, RULE_RESPONSE_FROM, exchange->request.seq,
              "it comes from port %u, the request went to %u", seen->source.port,
              exchange->came_to.port);
}

void judge_source(const struct matter *matter)
{
    const struct exchange *exchange = matter->exchange;
    const struct sip_via *asked = sip_msg_via(exchange->request.msg, 0);
    const struct sip_via *told = sip_msg_via(matter->msg, 0);
    if (asked == NULL || told == NULL)
        return;
    told_source(matter, asked, told);
    if (tells_rport(asked, told) && told->received.len == 0)
        blame(matter, RULE_RECEIVED_RPORT, exchange->request.seq, "it has rport alone");
    if (matter->monitor->options.capture || exchange->came_from.family == 0)
        return;
    values(matter, asked, told);
    if (matter->seen->proto == PROTO_UDP)
        target(matter, asked, told);
}
