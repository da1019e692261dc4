/* What a script says about a message to send: { headers = {…}, body = …, sdp = …, branch = … }.
 *
 *     struct opts opts = opts_open(L, 3, "bye", send_names, NULL);
 *     struct send_opts send;
 *     send_opts_read(&opts, &send);
 *     send_opts_request(&send, &request);
 *
 * All views point into Lua values that stay on the caller's stack.
 */
#pragma once
#include "harness/api/opts.h"

struct call;
struct party;
extern const char *const send_names[];   /* of requests */
extern const char *const answer_names[]; /* of responses */

enum sdp_choice {
    SDP_UNSAID, /* what is right for the message */
    SDP_NONE,   /* false */
    SDP_OURS,   /* true: an answer or offer of the agent */
    SDP_GIVEN   /* sdp_text */
};

struct send_opts {
    const struct sip_row
        *rows; /* in byte order of their names; value absent: left out on purpose */
    size_t row_count;
    struct view body, content_type, contact, to_tag, from_tag, reason, branch, call_id;
    const struct view *routes;
    size_t route_count;
    uint32_t cseq;
    uint16_t max_forwards;
    bool has_max_forwards, force;
    enum sdp_choice sdp;
    bool sdp_next; /* of the session that the call has already: send_opts_sdp */
    struct view sdp_text;
};

void send_opts_read(const struct opts *opts, const struct party *party, struct send_opts *out);
/* The description that was given, as one of this call (SDP_GIVEN). */
enum err send_opts_sdp(const struct send_opts *send, struct call *call, struct buf *out) NODISCARD;
void send_opts_request(const struct send_opts *send, struct sip_request_options *out);
void send_opts_response(const struct send_opts *send, struct sip_response_options *out);
