#include "harness/probe/draft.h"

#include "harness/scene/capability.h"

/* Its first place by that transport that answered; NULL: none did. */
static const struct ask_place *place_by(const struct probed *probed, enum proto proto)
{
    for (size_t i = 0; i < probed->count; i++)
        if (probed->places[i].proto == proto && probed->answers[i].status != 0)
            return &probed->places[i];
    return NULL;
}

/* The transport of the URI, where it answers by it; else the first by which it does. */
static const struct ask_place *main_place(const struct probed *probed)
{
    const struct ask_place *place = place_by(probed, probed->target->proto);

    for (int proto = PROTO_UDP; place == NULL && proto <= PROTO_WSS; proto++)
        place = place_by(probed, (enum proto)proto);
    return place;
}

/* A Lua string: what would end it, or the line, is escaped. */
static void string_write(struct buf *out, struct view text)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        if (c < ' ' || c == 0x7f)
            buf_printf(out, "\\%03u", c);
        else if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else
            buf_add_char(out, text.ptr[i]);
    }
    buf_add_char(out, '"');
}

static void uri_write(struct buf *out, const struct probed *probed, const struct ask_place *place)
{
    const struct target *target = probed->target;
    char room[ADDR_TEXT_MAX];
    struct buf uri = {0};
    struct view rest = view_skip(target->uri, view_find_char(target->uri, ':') + 1);
    size_t at = view_find_char(rest, '@');

    if (place->proto == target->proto && addr_equal(&place->addr, &target->addr)) {
        buf_add(&uri, target->uri);
    } else {
        buf_add(&uri, proto_secure(place->proto) ? V("sips:") : V("sip:"));
        if (at < rest.len)
            buf_add(&uri, view_head(rest, at + 1));
        buf_add(&uri, addr_text(&place->addr, room));
        if (place->proto == PROTO_TCP)
            buf_add(&uri, V(";transport=tcp"));
        else if (place->proto == PROTO_WS || place->proto == PROTO_WSS)
            buf_add(&uri, V(";transport=ws"));
    }
    string_write(out, buf_view(&uri));
    buf_deinit(&uri);
}

static void addresses_write(struct buf *out, const struct probed *probed,
                            const struct ask_place *first)
{
    char room[ADDR_TEXT_MAX];
    const char *between = "      addresses = { ";

    for (int proto = PROTO_UDP; proto <= PROTO_WSS; proto++) {
        const struct ask_place *place = place_by(probed, (enum proto)proto);
        if (place == NULL || addr_equal(&place->addr, &first->addr))
            continue;
        buf_printf(out, "%s%s = \"%.*s\"", between, proto_text((enum proto)proto),
                   VIEW_ARG(addr_text(&place->addr, room)));
        between = ", ";
    }
    if (*between == ',')
        buf_add(out, V(" },\n"));
}

static void roles_write(struct buf *out, struct sip_msg *msg)
{
    bool uas = sip_msg_lists(msg, SIP_HEADER_ALLOW, V("INVITE"));
    bool registrar = sip_msg_lists(msg, SIP_HEADER_ALLOW, V("REGISTER"));

    buf_printf(out,
               "      roles     = { %s%s%s },  -- by its Allow; of uac, proxy and redirect it says "
               "nothing\n",
               uas || !registrar ? "\"uas\"" : "", uas && registrar ? ", " : "",
               registrar ? "\"registrar\"" : "");
}

static void supports_write(struct buf *out, const struct probed *probed, struct sip_msg *msg)
{
    const struct sip_text *tag;
    const char *between = "";

    buf_add(out, V("      supports  = { "));
    for (int proto = PROTO_UDP; proto <= PROTO_WSS; proto++) {
        if (place_by(probed, (enum proto)proto) == NULL)
            continue;
        buf_printf(out, "%s\"%s\"", between, proto_text((enum proto)proto));
        between = ", ";
    }
    for (size_t i = 0; (tag = sip_msg_get(msg, SIP_HEADER_SUPPORTED, i)) != NULL; i++)
        if (capability_known(tag->text) && !view_starts(tag->text, V("trigger:")))
            buf_printf(out, ", \"%.*s\"", VIEW_ARG(tag->text));
    buf_add(out, V(" },\n"));
}

void draft_write(struct buf *out, const struct probed *probed)
{
    const struct ask_place *place = main_place(probed);
    const struct ask_answer *answer = &probed->answers[place - probed->places];

    buf_add(out, V("-- A draft by sipwright probe: look it over. It asked for OPTIONS:\n--\n"));
    probed_write(out, probed, "--   ");
    buf_add(out, V("return {\n  targets = {\n    [\""));
    buf_add(out, probed->name);
    buf_add(out, V("\"] = {\n      uri       = "));
    uri_write(out, probed, place);
    buf_add(out, V(",\n"));
    addresses_write(out, probed, place);
    roles_write(out, answer->msg);
    supports_write(out, probed, answer->msg);
    buf_printf(out, "      ready     = \"%s:%u\",\n", proto_text(place->proto), place->addr.port);
    buf_add(out,
            V("      -- auto_answer = true,    -- it answers calls by itself\n"
              "      -- accounts = { [\"1001\"] = { user = \"1001\", password = secret(\"PHONE\") "
              "} },\n"
              "      -- start    = { \"program\", \"argument\" },\n"
              "      -- actions  = { call = { http = \"http://127.0.0.1:8000/call?to=%s\" } },\n"
              "    },\n  },\n}\n"));
}
