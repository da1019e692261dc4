/* Leaving early: what has begun with a device is brought to an end, so that no phone rings on. */
#include "harness/replay/manners.h"

#include <stdio.h>

enum { BYE_AHEAD = 1000 }; /* of our last number: no request of the capture's comes as far */

static void add_rows(struct sip_build *b, enum sip_header_id id, const struct sip_msg *msg)
{
    const struct sip_line *line;
    for (size_t i = 0; (line = sip_msg_find(msg, id, i)) != NULL; i++)
        sip_build_add(b, sip_header_name(id), line->value);
}

static void add_who(struct sip_build *b, const char *method, uint32_t ahead, struct sip_msg *invite,
                    const struct sip_msg *to_of)
{
    const struct sip_cseq *cseq = sip_msg_cseq(invite);
    char number[40];
    int len =
        snprintf(number, sizeof number, "%u %s", (cseq == NULL ? 0 : cseq->number) + ahead, method);
    sip_build_add(b, V("Max-Forwards"), V("70"));
    add_rows(b, SIP_HEADER_FROM, invite);
    add_rows(b, SIP_HEADER_TO, to_of);
    add_rows(b, SIP_HEADER_CALL_ID, invite);
    sip_build_add(b, V("CSeq"), (struct view){number, (size_t)len});
}

static void send_built(struct play *play, const struct way *way, struct sip_build *b)
{
    struct blob *bytes = NULL;
    if (sip_build_finish(b, &bytes) == ERR_OK)
        manners_send(play, way, bytes);
    blob_unref(bytes);
    sip_build_deinit(b);
}

/* RFC 3261 §9.1, §17.1.1.3: a CANCEL and the ACK of a refusal go the way of their INVITE. */
static void send_after(struct play *play, const struct way *way, const char *method,
                       const struct sip_msg *to_of)
{
    struct sip_build b;
    const struct sip_via *via = sip_msg_via(way->request, 0);
    sip_build_request(&b, view_of(method), sip_msg_request_uri_text(way->request));
    sip_build_add(&b, V("Via"), via == NULL ? V("") : via->text);
    add_rows(&b, SIP_HEADER_ROUTE, way->request);
    add_who(&b, method, 0, way->request, to_of);
    send_built(play, way, &b);
}

static void add_via(struct play *play, const struct way *way, struct sip_build *b)
{
    char room[ADDR_TEXT_MAX + 80], address[ADDR_TEXT_MAX];
    const struct addr *here = &play->seats[play->plan.played].at[way->proto];
    struct view branch = names_branch(&play->names);
    int len = snprintf(room, sizeof room, "SIP/2.0/%s %.*s;branch=%.*s", proto_word(way->proto),
                       VIEW_ARG(addr_text(here, address)), VIEW_ARG(branch));
    sip_build_add(b, V("Via"), (struct view){room, (size_t)len});
}

/* In the dialog of our INVITE's 2xx, RFC 3261 §12.2.1.1. */
static void send_inside(struct play *play, const struct way *way, const char *method,
                        uint32_t ahead)
{
    const struct sip_name_addr *contact = sip_msg_contact(way->answer, 0), *route;
    struct sip_build b;
    sip_build_request(&b, view_of(method),
                      contact == NULL ? sip_msg_request_uri_text(way->request)
                                      : sip_uri_bare(contact->uri.text));
    add_via(play, way, &b);
    for (size_t i = sip_msg_count(way->answer, SIP_HEADER_RECORD_ROUTE); i-- > 0;)
        if ((route = sip_msg_record_route(way->answer, i)) != NULL)
            sip_build_add(&b, V("Route"), route->text);
    add_who(&b, method, ahead, way->request, way->answer);
    send_built(play, way, &b);
}

static void refuse(struct play *play, const struct way *way)
{
    static const enum sip_header_id ids[] = {SIP_HEADER_VIA, SIP_HEADER_FROM, SIP_HEADER_CALL_ID,
                                             SIP_HEADER_CSEQ};
    struct sip_build b;
    const struct sip_line *to = sip_msg_find(way->request, SIP_HEADER_TO, 0);
    struct buf text = {0};
    sip_build_response(&b, 480, sip_status_reason(480));
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        add_rows(&b, ids[i], way->request);
    buf_printf(&text, "%.*s;tag=left", VIEW_ARG(to == NULL ? V("") : to->value));
    sip_build_add(&b, V("To"), buf_view(&text));
    send_built(play, way, &b);
    buf_deinit(&text);
}

static bool was_hung_up(const struct play *play)
{
    for (uint16_t i = 0; i < play->call->transaction_count; i++)
        if (play->call->transactions[i].method == SIP_BYE && play->ways[i].request != NULL)
            return true;
    return false;
}

static void client_leave(struct play *play, const struct way *way)
{
    if (way->status < 200) {
        send_after(play, way, "CANCEL", way->request);
    } else if (way->status >= 300) {
        send_after(play, way, "ACK", way->answer);
    } else if (!was_hung_up(play)) {
        send_inside(play, way, "ACK", 0);
        send_inside(play, way, "BYE", BYE_AHEAD);
    }
}

void manners_leave(struct play *play)
{
    for (uint16_t i = 0; i < play->call->transaction_count; i++) {
        const struct call_transaction *tx = &play->call->transactions[i];
        struct way *way = &play->ways[i];
        if (tx->method != SIP_INVITE || way->request == NULL || tx->in_dialog)
            continue;
        way->repeat_us = 0;
        if (tx->client == play->plan.played && (way->answer != NULL || way->status == 0))
            client_leave(play, way);
        else if (tx->client != play->plan.played && way->status < 200)
            refuse(play, way);
    }
}

void manners_farewell(struct play *play, struct sip_msg *came)
{
    const struct sip_via *via = sip_msg_via(came, 0);
    for (uint16_t i = 0; via != NULL && i < play->call->transaction_count; i++) {
        const struct way *way = &play->ways[i];
        bool its = way->branch.ptr != NULL && way->request != NULL &&
                   view_equal(way->branch, via->branch) && sip_msg_method(came) == SIP_INVITE;
        if (its && sip_msg_status(came) >= 300)
            send_after(play, way, "ACK", came);
        else if (its && sip_msg_status(came) >= 200 && way->answer != NULL)
            client_leave(play, way);
    }
}
