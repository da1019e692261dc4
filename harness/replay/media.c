#include "harness/replay/rewrite.h"

/* "IN IP4 192.0.2.1": the same with our address, unless nobody is named by it. */
static void address_write(const struct addr *here, struct view value, struct buf *out)
{
    struct addr addr;
    size_t at = view_find(value, V("IN IP"));
    struct view rest = view_skip(value, at + sizeof "IN IP4 " - 1);
    struct view host = view_head(rest, view_find_char(rest, ' '));
    if (at == value.len || addr_ip_parse(host, &addr) != ERR_OK || !addr_ip_given(&addr)) {
        buf_add(out, value);
        return;
    }
    buf_add(out, view_head(value, at));
    buf_printf(out, "IN IP%u ", here->family);
    addr_ip_write(out, here);
    buf_add(out, view_skip(rest, host.len));
}

/* A port of ours where media are taken in silence; without one the captured port stays. */
static uint16_t port_silent(struct play *play)
{
    const struct seat *seat = &play->seats[play->plan.played];
    struct addr addr = {0};
    for (int proto = 0; proto < PROTO_COUNT && addr.family == 0; proto++)
        addr = seat->at[proto];
    addr.port = 0;
    if (world_silent_bind(play->world, seat->number, &addr) != ERR_OK)
        return 0;
    return addr.port;
}

/* "audio 49170 RTP/AVP 0"; a stream of port 0 is declined, and stays so. */
static void media_write(struct play *play, struct view value, struct buf *out)
{
    size_t at = view_find_char(value, ' ') + 1;
    struct view rest = view_skip(value, at);
    size_t digits = 0;
    uint64_t port;
    while (digits < rest.len && rest.ptr[digits] >= '0' && rest.ptr[digits] <= '9')
        digits++;
    bool open = view_to_uint(view_head(rest, digits), UINT16_MAX, &port) && port != 0;
    uint16_t own = open ? port_silent(play) : 0;
    if (own == 0) {
        buf_add(out, value);
        return;
    }
    buf_add(out, view_head(value, at));
    buf_add_uint(out, own);
    buf_add(out, view_skip(rest, digits));
}

static void line_write(struct play *play, const struct addr *here, struct view line,
                       struct buf *out)
{
    bool pair = line.len > 2 && line.ptr[1] == '=';
    char type = pair ? line.ptr[0] : '\0';
    buf_add(out, view_head(line, type == 'o' || type == 'c' || type == 'm' ? 2 : 0));
    if (type == 'o' || type == 'c')
        address_write(here, view_skip(line, 2), out);
    else if (type == 'm')
        media_write(play, view_skip(line, 2), out);
    else
        buf_add(out, line);
}

static void lines_write(struct play *play, const struct addr *here, struct view text,
                        struct buf *out)
{
    while (text.len > 0) {
        size_t end = view_find_char(text, '\n');
        size_t take = end < text.len ? end + 1 : text.len;
        line_write(play, here, view_head(text, take), out);
        text = view_skip(text, take);
    }
}

void rewrite_media(struct play *play, const struct step *step, struct view body, struct buf *out)
{
    struct view sdp = sip_sdp_body(step_msg(step));
    const struct seat *seat = &play->seats[play->plan.played];
    const struct addr *here = NULL;
    for (int proto = 0; proto < PROTO_COUNT && here == NULL; proto++)
        here = seat->at[proto].family != 0 ? &seat->at[proto] : NULL;
    bool inside = sdp.ptr != NULL && sdp.ptr >= body.ptr && sdp.len <= body.len;
    if (!play->options->real || !inside || here == NULL) {
        buf_add(out, body); /* simulated, the addresses are those of the capture */
        return;
    }
    size_t at = (size_t)(sdp.ptr - body.ptr);
    buf_add(out, view_head(body, at));
    lines_write(play, here, sdp, out);
    buf_add(out, view_skip(body, at + sdp.len));
}
