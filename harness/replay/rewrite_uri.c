#include "harness/replay/rewriting.h"

struct view rewriting_place(struct rewriting *r, const struct addr *addr)
{
    char room[ADDR_TEXT_MAX];
    return rewriting_text(r, addr_text(addr, room));
}

struct view rewriting_place_of(const struct sip_uri *uri)
{
    struct view place = uri->host;
    const char *end = uri->text.ptr + uri->text.len;
    if (place.ptr == NULL || uri->port == 0)
        return place;
    for (place.len++;
         place.ptr + place.len < end && place.ptr[place.len] >= '0' && place.ptr[place.len] <= '9';)
        place.len++;
    return place;
}

static bool is_final_ack(const struct rewriting *r)
{
    return sip_msg_method(r->msg) == SIP_ACK && sip_msg_is_request(r->msg) &&
           r->play->call->transactions[r->step->tx].method == SIP_INVITE;
}

const struct way *rewriting_followed(const struct rewriting *r)
{
    const struct call_transaction *tx = &r->play->call->transactions[r->step->tx];
    if (is_final_ack(r))
        return r->way;
    if (sip_msg_method(r->msg) == SIP_CANCEL && tx->of != CALL_NONE)
        return &r->play->ways[tx->of];
    return NULL;
}

bool rewriting_leads(const struct rewriting *r)
{
    return r->far != NULL && r->far->target.ptr != NULL;
}

/* Where a party of the capture is now, for the hosts of URIs. */
static const struct addr *moved(const struct rewriting *r, const struct sip_uri *uri)
{
    struct addr addr;
    const struct call *call = r->play->call;
    if (addr_host_parse(uri->host, &addr) != ERR_OK)
        return NULL;
    addr.port = uri->port;
    for (int exact = 1; exact >= 0; exact--)
        for (uint16_t i = 0; i < call->party_count; i++) {
            const struct addr *was = &call->parties[i].address;
            const struct addr *is = &r->play->seats[i].at[r->proto];
            bool same = addr_ip_equal(was, &addr) && (exact == 0 || was->port == addr.port);
            if (same && is->family != 0)
                return is;
        }
    return NULL;
}

/* The domain that the capture's device is asked for is that of the device now. */
static bool is_targets(const struct rewriting *r, const struct sip_uri *uri)
{
    const struct call *call = r->play->call;
    if (r->play->options->target == NULL || call->message_count == 0)
        return false;
    struct sip_msg *first = call->messages[0].msg;
    const struct sip_uri *asked = sip_msg_is_request(first) ? sip_msg_request_uri(first) : NULL;
    return asked != NULL && view_equal_nocase(asked->host, uri->host);
}

void rewriting_host_move(struct rewriting *r, struct splice *splice, const struct sip_uri *uri)
{
    const struct addr *to = moved(r, uri);
    if (to == NULL && is_targets(r, uri))
        to = &r->play->options->target->address;
    if (to == NULL)
        return;
    struct addr shown = *to;
    if (uri->port == 0)
        shown.port = 0;
    splice_put(splice, rewriting_place_of(uri), rewriting_place(r, &shown));
}

static struct view target_user(const struct rewriting *r)
{
    struct sip_uri uri;
    const struct replay_target *target = r->play->options->target;
    if (target == NULL || sip_uri_parse(target->uri, r->play->arena, &uri) != ERR_OK)
        return (struct view){0};
    return uri.user;
}

void rewriting_user_move(struct rewriting *r, struct splice *splice, const struct sip_uri *uri)
{
    struct view user = target_user(r);
    const struct sip_name_addr *to = sip_msg_to(r->msg);
    bool initial = to != NULL && to->tag.ptr == NULL;
    if (user.ptr != NULL && initial && uri->user.ptr != NULL &&
        sip_msg_method(r->msg) != SIP_REGISTER)
        splice_put(splice, uri->user, user);
}

static void uri_moved(struct rewriting *r, const struct sip_uri *uri)
{
    struct splice splice = {.text = uri->text};
    const struct replay_target *target = r->play->options->target;
    rewriting_user_move(r, &splice, uri);
    if (target != NULL)
        splice_put(&splice, rewriting_place_of(uri), rewriting_place(r, &target->address));
    else
        rewriting_host_move(r, &splice, uri);
    splice_write(&splice, r->out);
}

void rewriting_request_line(struct rewriting *r)
{
    const struct sip_uri *uri = sip_msg_request_uri(r->msg);
    const struct way *before = rewriting_followed(r);
    size_t from;
    buf_add(r->out, sip_msg_method_name(r->msg));
    buf_add_char(r->out, ' ');
    from = r->out->len;
    if (before != NULL && before->request != NULL)
        buf_add(r->out, sip_msg_request_uri_text(before->request));
    else if (rewriting_leads(r))
        buf_add(r->out, r->far->target);
    else if (uri != NULL && uri->host.ptr != NULL)
        uri_moved(r, uri);
    else
        buf_add(r->out, sip_msg_request_uri_text(r->msg));
    r->uri = rewriting_text(r, view_skip(buf_view(r->out), from));
    buf_add_char(r->out, ' ');
    buf_add(r->out, sip_msg_version(r->msg));
    buf_add(r->out, V("\r\n"));
}
