#include "core/locate/ask.h"

#include "core/message/uri.h"

/* RFC 3261 §26.2.2: sips is TLS whatever is above it, and there is none over UDP. */
static bool secured(enum proto *proto)
{
    static const enum proto with_tls[] = {[PROTO_TCP] = PROTO_TLS,
                                          [PROTO_TLS] = PROTO_TLS,
                                          [PROTO_WS] = PROTO_WSS,
                                          [PROTO_WSS] = PROTO_WSS};
    if (*proto == PROTO_UDP)
        return false;
    *proto = with_tls[*proto];
    return true;
}

static enum err take_transport(const struct sip_uri *uri, struct locate_ask *ask)
{
    struct view value;
    ask->named = sip_param_find(&uri->params, V("transport"), &value);
    if (ask->named && proto_parse(value, &ask->proto) != ERR_OK)
        return ERR_ABSENT;
    if (!ask->secure || secured(&ask->proto))
        return ERR_OK;
    if (ask->named)
        return ERR_ABSENT;
    ask->proto = PROTO_TLS; /* what we would rather use does not fit */
    return ERR_OK;
}

enum err locate_ask_uri(const struct sip_uri *uri, struct locate_ask *ask)
{
    struct view maddr;
    if (uri->scheme != SIP_SCHEME_SIP && uri->scheme != SIP_SCHEME_SIPS)
        return ERR_ABSENT;
    ask->host = uri->host;
    ask->name = uri->host;
    ask->port = uri->port;
    ask->secure = uri->scheme == SIP_SCHEME_SIPS;
    if (sip_param_find(&uri->params, V("maddr"), &maddr) && maddr.len > 0)
        ask->host = maddr;
    return take_transport(uri, ask);
}

enum err locate_ask_via(const struct sip_via *via, struct locate_ask *ask)
{
    if (proto_parse(via->transport, &ask->proto) != ERR_OK)
        return ERR_ABSENT;
    ask->host = via->host;
    ask->name = via->host;
    ask->port = via->port;
    ask->named = true;
    ask->response = true;
    return ERR_OK;
}
