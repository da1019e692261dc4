/* Captures that nobody here wrote: as many messages in each as tshark sees, or a reason why not. */
#include "core/core.h"
#include "harness/capture/capture.h"
#include "harness/capture/corpus_fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    const char *path;
    uint32_t messages;
    uint32_t tshark; /* SIP frames, as tshark 4.0.17 counts them */
    uint32_t call_ids, tshark_call_ids;
    const char *why; /* where these are other numbers */
} rows[] = {
    {"PcapPlusPlus/sdp.pcap",                                             1,  1,  1,  1,  NULL               },
    {"PcapPlusPlus/sip_resp.pcap",                                        7,  7,  5,  5,  NULL               },
    {"_no-sip/arkime__stun-ice-testcall.pcap",                            0,  0,  0,  0,  NULL               },
    {"_no-sip/arkime__stun.pcap",                                         0,  0,  0,  0,  NULL               },
    {"_no-sip/nDPI__h323.pcap",                                           0,  0,  0,  0,  NULL               },
    {"_no-sip/nDPI__http_on_sip_port.pcap",                               0,  2,  0,  0,  "HTTP on port 5060"},
    {"_no-sip/nDPI__stun_dtls_rtp_unidir.pcapng",                         0,  0,  0,  0,  NULL               },
    {"_no-sip/nDPI__stun_dtls_unidirectional_client.pcap",                0,  0,  0,  0,  NULL               },
    {"_no-sip/nDPI__stun_tcp_multiple_msgs_same_pkt.pcap",                0,  0,  0,  0,  NULL               },
    {"_no-sip/nDPI__stun_zoom.pcapng",                                    0,  0,  0,  0,  NULL               },
    {"_no-sip/tcpdump__rtp-seg-fault-1.pcapng",                           0,  0,  0,  0,  NULL               },
    {"arkime/arkime_synthetic.pcap",                                      4,  4,  3,  3,  NULL               },
    {"arkime/gtp-iphone.pcap",                                            17, 17, 4,  4,  NULL               },
    {"asterisk-testsuite/40msalaw.pcap",                                  0,  0,  0,  0,  NULL               },
    {"asterisk-testsuite/ulaw-3125894607.pcap",                           0,  0,  0,  0,  NULL               },
    {"freeswitch/milliwatt.pcmu.rtp.pcap",                                0,  0,  0,  0,  NULL               },
    {"heplify/ipip0.pcap",                                                8,  8,  3,  3,  NULL               },
    {"ipfixprobe/sip.pcap",                                               40, 45, 15, 15,
     "five are the INVITEs that ICMP errors quote: nobody sent those"                                        },
    {"made-here/sctp.pcap",                                               6,  6,  1,  1,  NULL               },
    {"made-here/tcp-17-byte-pieces.pcapng",                               6,  6,  1,  1,  NULL               },
    {"made-here/tcp-loopback.pcapng",                                     6,  6,  1,  1,  NULL               },
    {"made-here/udp-ipv4-fragments-reversed.pcap",                        6,  6,  1,  1,  NULL               },
    {"made-here/udp-ipv6.pcap",                                           6,  6,  1,  1,  NULL               },
    {"made-here/udp-loopback-null.pcap",                                  6,  6,  1,  1,  NULL               },
    {"made-here/udp-qinq.pcap",                                           6,  6,  1,  1,  NULL               },
    {"made-here/ws.pcapng",                                               6,  6,  1,  1,  NULL               },
    {"made-here/wss-tls13.pcapng",                                        0,  0,  0,  0,  NULL               },
    {"nDPI/FAX-Call-t38-CA-TDM-SIP-FB-1.pcap",                            92, 92, 2,  2,  NULL               },
    {"nDPI/fuzz-2006-06-26-2594.pcap",                                    60, 52, 29, 25,
     "eight have a start line or lengths that were changed at random, and are SIP all the same; so "
     "have their Call-IDs, four of which are seen nowhere else"                                              },
    {"nDPI/gre.pcapng",                                                   1,  1,  1,  1,  NULL               },
    {"nDPI/pcap__sip.pcap",                                               81, 81, 6,  6,  NULL               },
    {"nDPI/stun.pcap",                                                    0,  0,  0,  0,  NULL               },
    {"nDPI/stun_dtls_rtp.pcapng",                                         0,  0,  0,  0,  NULL               },
    {"nDPI/stun_signal.pcapng",                                           0,  0,  0,  0,  NULL               },
    {"open5gs-volte/ipsec_to_nonipsec_call.pcapng",                       55, 55, 3,  3,  NULL               },
    {"open5gs-volte/nonipsec_to_ipsec_call.pcapng",                       67, 67, 5,  5,  NULL               },
    {"open5gs-volte/volte.pcapng",                                        41, 41, 3,  3,  NULL               },
    {"pcap2sipp/example.pcap",                                            41, 41, 10, 10, NULL               },
    {"rtpproxy/alice_srtp_out.pcap",                                      0,  0,  0,  0,  NULL               },
    {"rtpproxy/dtmf.pcap",                                                0,  0,  0,  0,  NULL               },
    {"sipp-rtp/dtmf_2833_0.pcap",                                         0,  0,  0,  0,  NULL               },
    {"sipp-rtp/dtmf_2833_2.pcap",                                         0,  0,  0,  0,  NULL               },
    {"sipp-rtp/dtmf_2833_5.pcap",                                         0,  0,  0,  0,  NULL               },
    {"sipp-rtp/dtmf_2833_8.pcap",                                         0,  0,  0,  0,  NULL               },
    {"sipp-rtp/dtmf_2833_star.pcap",                                      0,  0,  0,  0,  NULL               },
    {"sngrep/aaa.pcap",                                                   81, 81, 6,  6,  NULL               },
    {"sngrep/ipip.pcap",                                                  4,  4,  1,  1,  NULL               },
    {"suricata-verify/sip-body-frames__public-cloudshark-sip-s0.pcap",    10, 10, 3,  3,  NULL               },
    {"suricata-verify/sip-body-large__sip-body-large.pcap",               2,  2,  1,  1,  NULL               },
    {"suricata-verify/sip-compact-form__sip_compact_form.pcap",           1,  1,  1,  1,  NULL               },
    {"suricata-verify/sip-header-multi-value__sip_header_multi_val.pcap", 1,  1,  1,  1,  NULL               },
    {"suricata-verify/sip-options-method__input.pcap",                    2,  2,  1,  1,  NULL               },
    {"suricata-verify/sip-sdp__sdp.pcap",                                 2,  2,  1,  1,  NULL               },
    {"wireshark-wiki-via-sipnab/Asterisk_ZFONE_XLITE.pcap",               27, 27, 5,  5,  NULL               },
    {"wireshark-wiki-via-sipnab/SIP_CALL_RTP_G711",                       14, 14, 4,  4,  NULL               },
    {"wireshark-wiki-via-sipnab/invite-opus-bye.pcap",                    7,  7,  1,  1,  NULL               },
    {"wireshark-wiki-via-sipnab/register-invite-reinvite-bye.pcap",       12, 12, 2,  2,  NULL               },
    {"wireshark-wiki-via-sipnab/sip-auth-failure.pcapng",                 8,  8,  2,  2,  NULL               },
    {"wireshark-wiki-via-sipnab/sip-proxy.pcap",                          11, 11, 1,  1,  NULL               },
    {"wireshark-wiki-via-sipnab/sip-rtp-g711.pcap",                       10, 10, 2,  2,  NULL               },
    {"wireshark-wiki-via-sipnab/sip-rtp-g722.pcap",                       6,  6,  1,  1,  NULL               },
    {"wireshark-wiki-via-sipnab/sip-rtp-opus-hybrid.pcap",                2,  2,  1,  1,  NULL               },
    {"wireshark-wiki-via-sipnab/sip-sdp-example.pcap",                    7,  7,  1,  1,  NULL               },
    {"wireshark/sip.pcapng",                                              5,  5,  2,  2,  NULL               },
    {"zeek/invalid-content-length.pcap",                                  2,  2,  1,  1,  NULL               },
    {"zeek/sip-long-request-response-paths.pcap",                         2,  2,  1,  1,  NULL               },
    {"zeek/wireshark.pcap",                                               81, 81, 6,  6,  NULL               },
};
enum { ROWS = sizeof rows / sizeof rows[0] };

struct counted {
    uint32_t messages, call_ids;
    uint64_t seen[64]; /* hashes of the Call-IDs */
};

static void call_id_count(struct counted *counted, const struct captured *message)
{
    struct sip_msg *msg;
    if (sip_msg_parse(message->bytes, carrier_framing(message->carrier), &msg) != ERR_OK)
        return;
    struct view id = sip_msg_call_id(msg);
    uint32_t at = 0;
    while (at < counted->call_ids && counted->seen[at] != view_hash(id))
        at++;
    if (id.len > 0 && at == counted->call_ids) {
        assert_in_range(at, 0, sizeof counted->seen / sizeof counted->seen[0] - 1);
        counted->seen[counted->call_ids++] = view_hash(id);
    }
    sip_msg_unref(msg);
}

static struct counted count(const char *path, const char *keylog)
{
    struct capture *capture;
    struct captured message;
    struct buf complaint = {0};
    struct counted found = {0};
    const struct capture_options options = {.keylog = keylog};
    assert_int_equal(capture_open(path, &options, &capture, &complaint), ERR_OK);
    while (capture_next(capture, &message)) {
        found.messages++;
        call_id_count(&found, &message);
    }
    assert_int_equal(capture_failure(capture, NULL), ERR_OK);
    assert_true(capture_keys_fit(capture, &complaint));
    capture_close(capture);
    buf_deinit(&complaint);
    sip_msg_pool_drop();
    return found;
}

/* As a path of the corpus. */
static const char *path_of(struct buf *room, const char *name)
{
    buf_clear(room);
    buf_printf(room, "%s/pcap/%s", corpus_folder_or_skip(), name);
    buf_add_char(room, '\0');
    return room->ptr;
}

static void every_message_is_found_and_nothing_else(void **state)
{
    (void)state;
    struct buf path = {0};
    for (size_t i = 0; i < ROWS; i++) {
        struct counted found = count(path_of(&path, rows[i].path), NULL);
        if (found.messages != rows[i].messages || found.call_ids != rows[i].call_ids)
            fail_msg("%s: %u messages of %u Call-IDs instead of %u of %u", rows[i].path,
                     found.messages, found.call_ids, rows[i].messages, rows[i].call_ids);
        bool same =
            rows[i].messages == rows[i].tshark && rows[i].call_ids == rows[i].tshark_call_ids;
        assert_true(same == (rows[i].why == NULL));
    }
    buf_deinit(&path);
}

/* Those of ws.pcapng, and as many as tshark finds with the same keys. */
static void with_its_keys_a_secure_websocket_is_read(void **state)
{
    (void)state;
    struct buf path = {0}, keys = {0};
    struct counted found = count(path_of(&path, "made-here/wss-tls13.pcapng"),
                                 path_of(&keys, "made-here/wss-tls13.keylog.txt"));
    assert_int_equal(found.messages, 6);
    assert_int_equal(found.call_ids, 1);
    buf_deinit(&path);
    buf_deinit(&keys);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_message_is_found_and_nothing_else),
        cmocka_unit_test(with_its_keys_a_secure_websocket_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
