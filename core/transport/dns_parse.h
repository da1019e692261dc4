/* A DNS message as it came: RFC 1035 §4. Whatever is in it, nothing outside of it is read.
 *
 *     struct dns_message message = {0};
 *     enum err err = dns_parse(bytes, &message);
 *     use(message.records, message.record_count);
 *     dns_message_deinit(&message);
 */
#pragma once
#include "core/net/net.h"

enum { DNS_MESSAGE_RECORDS = 128 };

struct dns_message {
    uint32_t rcode;
    struct dns_record records[DNS_MESSAGE_RECORDS]; /* of the types in enum dns_type */
    size_t record_count;
    struct arena texts;
};

/* Records of its answer section, and the SOA of its authority section. SYNTAX: it is none, or cut
 * short; MEMORY. Then out has no records. */
enum err dns_parse(struct view bytes, struct dns_message *out) NODISCARD;
void dns_message_deinit(struct dns_message *message);
