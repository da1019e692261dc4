/* What the tests of messages share. Include cmocka.h before it.
 *
 *     struct sip_msg *msg = parse_text(V("OPTIONS sip:a SIP/2.0\r\n\r\n"));
 *     assert_faults(msg, "!header-missing");
 */
#pragma once
#include "core/base/buf.h"
#include "core/message/msg.h"

#define assert_view(got, text)                                                                     \
    do {                                                                                           \
        struct view seen = (got);                                                                  \
        if (!view_equal(seen, V(text)))                                                            \
            fail_msg("\"%.*s\", wanted \"%s\"", VIEW_ARG(seen), text);                             \
    } while (0)

/* Parsed as a datagram and checked; never NULL. */
struct sip_msg *parse_text(struct view text);
/* The rules broken, in the order of their finding, "!" before a fatal one; stands until the next
 * call. */
const char *fault_names(const struct sip_msg *msg);
bool fault_there(const struct sip_msg *msg, const char *rule);
/* A sound OPTIONS request with these rows added: "Subject: a\r\n". */
struct sip_msg *parse_with(const char *rows);
