#include "harness/probe/places.h"

/* RFC 3261 §19.1.2, RFC 7118 §5.5 */
enum { PORT_SIP = 5060, PORT_SIPS = 5061, PORT_WS = 80, PORT_WSS = 443 };

static size_t place_add(struct ask_place *places, size_t count, enum proto proto,
                        const struct addr *addr, uint16_t port)
{
    for (size_t i = 0; i < count; i++)
        if (places[i].proto == proto && places[i].addr.port == port)
            return count;
    places[count] = (struct ask_place){.proto = proto, .addr = *addr};
    places[count].addr.port = port;
    return count + 1;
}

size_t places_of(const struct addr *addr, struct ask_place out[PLACES_MAX])
{
    uint16_t port = addr->port == 0 ? PORT_SIP : addr->port;
    uint16_t secure = port == PORT_SIPS || port == UINT16_MAX ? PORT_SIPS : (uint16_t)(port + 1);
    size_t count = place_add(out, 0, PROTO_UDP, addr, port);

    count = place_add(out, count, PROTO_TCP, addr, port);
    count = place_add(out, count, PROTO_TLS, addr, port);
    count = place_add(out, count, PROTO_TLS, addr, secure);
    count = place_add(out, count, PROTO_WS, addr, port);
    count = place_add(out, count, PROTO_WS, addr, PORT_WS);
    count = place_add(out, count, PROTO_WSS, addr, port);
    return place_add(out, count, PROTO_WSS, addr, PORT_WSS);
}
