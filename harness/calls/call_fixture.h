/* Captured messages made by hand, for tests of what reads calls.
 *
 *     struct call_script script;
 *     script_begin(&script, NULL);
 *     script_add(&script, "10.0.0.1", "10.0.0.2", CARRIER_UDP, "INVITE sip:bob@… …");
 *     struct call *call = script_call(&script);
 *     script_end(&script);
 */
#pragma once
#include "harness/calls/calls.h"

struct call_script {
    struct calls *calls;
    uint64_t time_ns; /* of the next message */
    uint32_t frame;
    enum err refused; /* by the last calls_take */
};

void script_begin(struct call_script *script, const struct calls_options *options);
/* A message as it is; addresses as addr_parse takes them, without a port 5060. Each comes 10 ms
 * after the one before. */
void script_bytes(struct call_script *script, const char *from, const char *to,
                  enum carrier carrier, struct view bytes);
/* A message by its essentials: "INVITE" or "200 INVITE"; its number; the tags of From (alice) and
 * To (bob), empty: none; the branch of its Via, whose sent-by is `via`; further header rows, each
 * ending in CR LF. The Call-ID is "one". */
struct call_line {
    const char *from, *to;
    enum carrier carrier;
    const char *what, *via, *branch, *from_tag, *to_tag, *rows;
    const char *caller, *callee, *call_id; /* NULL: alice, bob, one */
    unsigned cseq;                         /* 0: 1 */
};
void script_add(struct call_script *script, const struct call_line *line);
/* Ends it, and gives the first call that is handed out; NULL: none. */
struct call *script_call(struct call_script *script);
void script_end(struct call_script *script);
