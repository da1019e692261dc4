#include "harness/agent/wire_words.h"

#include "harness/agent/agents.h"

struct said { /* a message of a leg's */
    const struct wire_leg *leg;
    struct sip_build build;
};

static uint64_t send(struct party *party, struct sip_build *build, const struct addr *remote)
{
    struct world *world = party->agents->scene->world;
    struct blob *bytes;
    uint64_t seq = 0;

    if (remote->family != 0 && sip_build_finish(build, &bytes) == ERR_OK) {
        seq = world_send(world, party->number, party->link, remote, bytes, 0);
        blob_unref(bytes);
    }
    sip_build_deinit(build);
    return seq;
}

static void said_send(struct said *said)
{
    send(&said->leg->wire->party, &said->build, &said->leg->remote);
}

static void rows_copy(struct sip_build *build, enum sip_header_id id, const struct sip_msg *from)
{
    const struct sip_line *line;

    for (size_t i = 0; (line = sip_msg_find(from, id, i)) != NULL; i++)
        sip_build_add(build, sip_header_name(id), line->value);
}

static void row_as(struct sip_build *build, enum sip_header_id id, enum sip_header_id as,
                   const struct sip_msg *from)
{
    const struct sip_line *line = sip_msg_find(from, id, 0);

    if (line != NULL)
        sip_build_add(build, sip_header_name(as), line->value);
}

static void cseq_add(struct sip_build *build, uint32_t number, const char *method)
{
    struct buf value = {0};

    buf_printf(&value, "%u %s", number, method);
    sip_build_add(build, V("CSeq"), buf_view(&value));
    buf_deinit(&value);
}

/* A new transaction of the wire's. */
static void via_add(struct said *said)
{
    const struct party *party = &said->leg->wire->party;
    char room[ADDR_TEXT_MAX];
    struct buf value = {0};

    buf_printf(&value, "SIP/2.0/%s %s;branch=z9hG4bK",
               party->proto == PROTO_UDP ? "UDP" : proto_text(party->proto),
               addr_text(&party->local, room).ptr);
    agents_id_write(party->agents, party->name, &value);
    sip_build_add(&said->build, V("Via"), buf_view(&value));
    buf_deinit(&value);
}

/* CANCEL, and the ACK of a refusal: hop by hop, with the branch of the INVITE. */
static void of_invite(struct said *said, struct view method, const struct sip_msg *to)
{
    const struct sip_via *via = sip_msg_via(said->leg->invite, 0);
    const struct sip_cseq *cseq = sip_msg_cseq(said->leg->invite);

    sip_build_request(&said->build, method, sip_msg_request_uri_text(said->leg->invite));
    if (via != NULL)
        sip_build_add(&said->build, V("Via"), via->text);
    sip_build_add(&said->build, V("Max-Forwards"), V("70"));
    rows_copy(&said->build, SIP_HEADER_ROUTE, said->leg->invite);
    rows_copy(&said->build, SIP_HEADER_FROM, said->leg->invite);
    rows_copy(&said->build, SIP_HEADER_TO, to);
    rows_copy(&said->build, SIP_HEADER_CALL_ID, said->leg->invite);
    cseq_add(&said->build, cseq == NULL ? 1 : cseq->number, method.ptr);
}

void wire_send_cancel(const struct wire_leg *leg)
{
    struct said said = {.leg = leg};

    of_invite(&said, V("CANCEL"), leg->invite);
    said_send(&said);
}

/* The route set: of the answer from its end at the caller, of the INVITE at the callee (§12.1). */
static void routes_add(struct said *said, struct sip_msg *from, bool reversed)
{
    size_t count = sip_msg_count(from, SIP_HEADER_RECORD_ROUTE);

    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *route =
            sip_msg_record_route(from, reversed ? count - 1 - i : i);
        if (route != NULL)
            sip_build_add(&said->build, V("Route"), route->text);
    }
}

static struct view target_of(struct sip_msg *theirs, struct sip_msg *invite)
{
    const struct sip_name_addr *contact = sip_msg_contact(theirs, 0);

    return contact == NULL || contact->wildcard ? sip_msg_request_uri_text(invite)
                                                : contact->uri.text;
}

/* In the dialog that the answer has made. */
static void in_dialog(struct said *said, bool caller, const char *method, uint32_t seq)
{
    struct sip_msg *theirs = caller ? said->leg->answer : said->leg->invite;
    enum sip_header_id from = caller ? SIP_HEADER_FROM : SIP_HEADER_TO;
    enum sip_header_id to = caller ? SIP_HEADER_TO : SIP_HEADER_FROM;

    sip_build_request(&said->build, view_of(method), target_of(theirs, said->leg->invite));
    via_add(said);
    sip_build_add(&said->build, V("Max-Forwards"), V("70"));
    routes_add(said, theirs, caller);
    row_as(&said->build, from, SIP_HEADER_FROM, said->leg->answer);
    row_as(&said->build, to, SIP_HEADER_TO, said->leg->answer);
    rows_copy(&said->build, SIP_HEADER_CALL_ID, said->leg->invite);
    cseq_add(&said->build, seq, method);
}

void wire_send_ack(const struct wire_leg *leg)
{
    struct said said = {.leg = leg};
    const struct sip_cseq *cseq = sip_msg_cseq(leg->invite);

    if (leg->answer == NULL)
        return;
    if (leg->status >= 300)
        of_invite(&said, V("ACK"), leg->answer);
    else
        in_dialog(&said, true, "ACK", cseq == NULL ? 1 : cseq->number);
    said_send(&said);
}

void wire_send_bye(struct wire_leg *leg)
{
    struct said said = {.leg = leg};

    if (leg->answer == NULL)
        return;
    in_dialog(&said, leg->caller, "BYE", ++leg->seq);
    said_send(&said);
}

static void to_add(struct sip_build *build, struct party *party, const struct sip_name_addr *to)
{
    struct buf value = {0};

    if (to != NULL)
        buf_add(&value, to->text);
    if (to != NULL && to->tag.ptr == NULL) {
        buf_add(&value, V(";tag="));
        agents_id_write(party->agents, party->name, &value);
    }
    sip_build_add(build, V("To"), buf_view(&value));
    buf_deinit(&value);
}

/* What a 200 says of what lasts for a time: as it was asked for. */
static void lasting_add(struct sip_build *build, struct party *party, const struct sip_msg *msg)
{
    enum sip_method method = sip_msg_method(msg);
    struct buf contact = {0};

    if (method == SIP_REGISTER)
        rows_copy(build, SIP_HEADER_CONTACT, msg);
    if (method == SIP_SUBSCRIBE) {
        buf_add_char(&contact, '<');
        party_uri_write(party, party->proto, &contact);
        buf_add_char(&contact, '>');
        sip_build_add(build, V("Contact"), buf_view(&contact));
    }
    buf_deinit(&contact);
    if (sip_msg_find(msg, SIP_HEADER_EXPIRES, 0) != NULL)
        rows_copy(build, SIP_HEADER_EXPIRES, msg);
    else if (method == SIP_REGISTER || method == SIP_SUBSCRIBE || method == SIP_PUBLISH)
        sip_build_add(build, V("Expires"), V("3600"));
}

uint64_t party_send_reply(struct party *party, struct blob *request, const struct addr *source,
                          uint16_t status)
{
    struct sip_build build;
    struct sip_msg *msg;

    if (sip_msg_parse(request, SIP_FRAMING_DATAGRAM, &msg) != ERR_OK)
        return 0;
    sip_build_response(&build, status, sip_status_reason(status));
    rows_copy(&build, SIP_HEADER_VIA, msg);
    rows_copy(&build, SIP_HEADER_FROM, msg);
    to_add(&build, party, sip_msg_to(msg));
    rows_copy(&build, SIP_HEADER_CALL_ID, msg);
    rows_copy(&build, SIP_HEADER_CSEQ, msg);
    if (status == 200)
        lasting_add(&build, party, msg);
    uint64_t seq = send(party, &build, source);
    sip_msg_unref(msg);
    return seq;
}
