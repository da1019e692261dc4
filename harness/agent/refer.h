/* REFER, RFC 3515, at the one who was asked: what it asks for, and who follows it tells the one who
 * sent it what becomes of the request (§2.4.4).
 *
 *     enum err err = refer_read(msg, &arena, &refer);
 *     refer_follows(sub, request);
 *     refer_progress(request, msg);
 */
#pragma once
#include "harness/agent/agents.h"

enum { REFER_HEADERS_MAX = 16 };

/* By the rules for requests that are made of a URI, RFC 3261 §19.1.5; views are into the arena. */
struct refer {
    struct view uri; /* without its headers and its method */
    struct view method, body;
    struct sip_row rows[REFER_HEADERS_MAX + 1]; /* Referred-By as it came (RFC 3892 §2.2), and the
                                                   headers of the URI */
    size_t row_count;
};

/* ERR_UNSUPPORTED: there is no Refer-To, or it is no SIP URI. */
enum err refer_read(struct sip_msg *msg, struct arena *arena, struct refer *out) NODISCARD;
/* This request was sent for it. */
void refer_follows(struct subscription *sub, struct request *request);
/* A response has come for a request that follows a REFER, or is made up (408, 503). */
void refer_progress(struct request *request, struct sip_msg *msg);
void refer_unreachable(struct subscription *sub); /* there is no way to send the request: 503 */
