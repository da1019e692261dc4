#include "core/message/message_fixture.h"

#include <stdio.h>
#include <string.h>

struct sip_msg *parse_text(struct view text)
{
    struct blob *blob = blob_create(text);
    struct sip_msg *msg = NULL;
    ASSERT(blob != NULL);
    enum err err = sip_msg_parse(blob, SIP_FRAMING_DATAGRAM, &msg);
    blob_unref(blob);
    ASSERT(err == ERR_OK);
    sip_msg_check(msg);
    return msg;
}

const char *fault_names(const struct sip_msg *msg)
{
    static char names[65536];
    size_t len = 0;
    names[0] = '\0';
    for (size_t i = 0; i < sip_msg_fault_count(msg); i++) {
        const struct sip_fault *fault = sip_msg_fault(msg, i);
        len += (size_t)snprintf(names + len, sizeof names - len, "%s%s%s", i > 0 ? " " : "",
                                fault->fatal ? "!" : "", fault->rule);
        ASSERT(len < sizeof names);
    }
    return names;
}

bool fault_there(const struct sip_msg *msg, const char *rule)
{
    for (size_t i = 0; i < sip_msg_fault_count(msg); i++)
        if (strcmp(sip_msg_fault(msg, i)->rule, rule) == 0)
            return true;
    return false;
}

struct sip_msg *parse_with(const char *rows)
{
    static const char head[] = "OPTIONS sip:bob@example.com SIP/2.0\r\n"
                               "Via: SIP/2.0/UDP host.example.com;branch=z9hG4bK776asdhds\r\n"
                               "Max-Forwards: 70\r\n"
                               "To: <sip:bob@example.com>\r\n"
                               "From: <sip:alice@example.com>;tag=1928301774\r\n"
                               "Call-ID: a84b4c76e66710@example.com\r\n"
                               "CSeq: 63104 OPTIONS\r\n";
    struct buf buf = {0};
    buf_add(&buf, view_of(head));
    buf_add(&buf, view_of(rows));
    buf_add(&buf, V("\r\n"));
    ASSERT(buf.failed == ERR_OK);
    struct sip_msg *msg = parse_text(buf_view(&buf));
    buf_deinit(&buf);
    return msg;
}
