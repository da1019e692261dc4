/* Captures made by hand, for tests: frames of Ethernet with IPv4 in them, into a pcap file of a
 * temporary name.
 *
 *     struct wire_file wire;
 *     wire_open(&wire, LINK_ETHERNET_FILE);
 *     wire_udp(&wire, 5060, 5070, V("OPTIONS …"));
 *     assert_int_equal(wire_read(&wire), 1);
 *     wire_close(&wire);
 */
#pragma once
#include "harness/capture/capture.h"

enum { LINK_ETHERNET_FILE = 1, LINK_RAW_FILE = 101, WIRE_MESSAGES = 64 };
enum { WIRE_FIN = 1, WIRE_SYN = 2, WIRE_RST = 4, WIRE_ACK = 16 };

struct wire_message {
    char text[256]; /* its beginning */
    size_t len;
    uint32_t frame, first_frame, stream;
    enum carrier carrier;
    uint16_t source_port;
    bool cut;
};

struct wire_file {
    char path[64];
    struct buf bytes; /* of the file */
    uint32_t frames;
    struct wire_message messages[WIRE_MESSAGES]; /* of the last wire_read */
    struct capture_counts counts;
    enum err failure;
};

void wire_open(struct wire_file *wire, uint32_t link_type);
void wire_close(struct wire_file *wire);
/* A frame as it is; len_on_wire 0: all of it was captured. */
void wire_frame(struct wire_file *wire, struct view frame, uint32_t len_on_wire);
/* An IPv4 packet from 192.0.2.1 to 192.0.2.2 in a frame. */
void wire_ip(struct wire_file *wire, uint8_t protocol, struct view payload);
void wire_fragment(struct wire_file *wire, uint16_t id, uint32_t offset, bool more,
                   struct view payload);
void wire_udp(struct wire_file *wire, uint16_t source, uint16_t target, struct view bytes);
/* From port `source`, to the other one of 5060 and 40000; who has 5060 is 192.0.2.2. */
void wire_tcp(struct wire_file *wire, uint16_t source, uint32_t seq, uint8_t flags,
              struct view bytes);
/* The same, with what it has of the other side. */
void wire_tcp_ack(struct wire_file *wire, uint16_t source, uint32_t seq, uint32_t ack,
                  struct view bytes);
/* Writes the file and reads it as a capture: how many messages there are. */
size_t wire_read(struct wire_file *wire);
size_t wire_read_with(struct wire_file *wire, const struct capture_options *options);
struct view udp_payload(uint16_t source, uint16_t target, struct view bytes); /* with its header */
