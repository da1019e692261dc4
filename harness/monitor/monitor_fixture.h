/* Messages between two parties, shown to a monitor one by one: the flows keep every rule, a breach
 * is one of them with something changed, and the one rule that this breaks.
 *
 *     struct watched w;
 *     watched_init(&w, false);
 *     watched_see(&w, ALICE, V("OPTIONS …"));
 *     watched_end(&w);
 *     assert_string_equal(w.ids, "MSG-017b");
 */
#pragma once
#include "harness/monitor/monitor.h"

enum { ALICE = 1, BOB = 2 };

struct watched {
    struct monitor *monitor;
    uint64_t now_us, seq;
    uint8_t net;                 /* 192.0.net.1 and 192.0.net.2 are the ends */
    uint16_t bob_port;           /* 0: 5060 */
    enum proto proto;            /* 0: UDP */
    bool capture;                /* which has addresses, and no parties */
    bool lost;                   /* what is sent does not come */
    char ids[512];               /* of the findings, with blanks between */
    uint32_t offset;             /* of the last one */
    const struct rule_row *rule; /* of the last one */
};

void watched_init(struct watched *w, bool capture);
/* With a password that lint was given, too. */
void watched_init_with(struct watched *w, const struct monitor_options *options);
void watched_see(struct watched *w, uint32_t from,
                 struct view text); /* there 1 ms later; then 1 s */
void watched_end(struct watched *w);

/* Of the ends of the flows: 192.0.2.1 and 192.0.2.2. */
#define VIA_A(branch) "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK" branch "\r\n"
#define VIA_B(branch) "Via: SIP/2.0/UDP 192.0.2.2:5060;branch=z9hG4bK" branch "\r\n"
#define CALL_ID "Call-ID: 1@192.0.2.1\r\n"
#define IDS_A "From: Alice <sip:alice@192.0.2.1>;tag=a\r\n" CALL_ID
#define IDS_B                                                                                      \
    "From: <sip:bob@192.0.2.2>;tag=b\r\n" CALL_ID "To: Alice <sip:alice@192.0.2.1>;tag=a\r\n"
#define TO_B "To: <sip:bob@192.0.2.2>;tag=b\r\n"
#define HOPS "Max-Forwards: 70\r\n"
#define CONTACT_A "Contact: <sip:alice@192.0.2.1:5060>\r\n"
#define CONTACT_B "Contact: <sip:bob@192.0.2.2:5060>\r\n"
#define ABILITIES "Allow: INVITE, ACK, BYE, CANCEL, PRACK, UPDATE\r\nSupported: 100rel, timer\r\n"
#define EMPTY "Content-Length: 0\r\n\r\n"
#define BODY(sdp) "Content-Type: application/sdp\r\nContent-Length: 126\r\n\r\n" sdp
#define SDP(user, version, ip, port)                                                               \
    "v=0\r\no=" user " 1 " version " IN IP4 " ip "\r\ns=-\r\nc=IN IP4 " ip "\r\nt=0 0\r\n"         \
    "m=audio " port " RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=sendrecv\r\n"
#define SDP_A SDP("alice", "1", "192.0.2.1", "40000")
#define SDP_B SDP("bobby", "1", "192.0.2.2", "40002")

struct step {
    uint32_t from;
    const char *text; /* NULL: the end */
};
enum { FLOW_MOST = 16 };
extern const struct step flow_call[FLOW_MOST];      /* with 100rel */
extern const struct step flow_changed[FLOW_MOST];   /* a proxy, a re-INVITE, an UPDATE, timers */
extern const struct step flow_late[FLOW_MOST];      /* the offer is in the 200 */
extern const struct step flow_cancelled[FLOW_MOST]; /* by a route that was set */
extern const struct step flow_ping[FLOW_MOST];      /* OPTIONS */
extern const struct step flow_register[FLOW_MOST];  /* with digest and Path */
extern const struct step flow_subscribe[FLOW_MOST];
extern const struct step flow_refer[FLOW_MOST];
extern const struct step flow_message[FLOW_MOST];
extern const struct step flow_publish[FLOW_MOST];
/* Places in flow_call. */
enum { INVITE, RINGING, PRACK, PRACKED, ANSWERED, ACK, BYE, ENDED };

struct change {
    int at;                  /* which message */
    const char *what, *with; /* what NULL: the end; with NULL: the message is not there */
};
struct breach {
    const char *id; /* of the rule that is broken, and no other one; "": none, though it is near */
    const struct step *flow;
    struct change changes[5];
    void (*play)(struct watched *w); /* instead of the flow */
    enum proto proto;
    bool capture;
    const char *password; /* of alice, known to the monitor; NULL: it is not */
};
/* clang-format off */
#define BREACH(name, of_flow, ...) {.id = name, .flow = of_flow, .changes = {{__VA_ARGS__}}}
#define PLAYED(name, how) {.id = name, .play = how}
/* clang-format on */
extern const struct breach breaches_of_form[], breaches_of_messages[], breaches_of_exchanges[],
    breaches_of_dialogs[], breaches_of_offers[], breaches_of_credentials[]; /* id NULL: the end */

/* The text with one place of it replaced, which must be there; Content-Length follows the body. */
struct view text_changed(struct view text, const char *what, const char *with);
void flow_see(struct watched *w, const struct step *flow, int first, int last);
void flow_see_changed(struct watched *w, const struct step *flow, int at, const char *what,
                      const char *with);
void breach_play(const struct breach *breach, struct watched *w);
