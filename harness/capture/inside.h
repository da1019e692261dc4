/* What the files of this folder share. A frame goes down through them by plain calls: link, IP
 * (tunnels come back to it), transport, stream; what turns out to be SIP is put into `found`.
 */
#pragma once
#include "harness/capture/capture.h"
#include "harness/capture/frames.h"
#include "harness/capture/keylog.h"
#include "harness/capture/octets.h"

enum { TUNNELS_MOST = 8 }; /* IP within IP within … */

struct frame {
    uint64_t time_ns;
    uint32_t number;
    int link_type; /* LINKTYPE_… of the file */
    struct view bytes;
    bool cut; /* there was more of it on the wire */
};

struct ends { /* of a datagram or a segment */
    struct addr source, target;
};

/* pcap_file.c */
struct pcap_file;
enum err pcap_file_open(const char *path, struct pcap_file **out, struct buf *complaint) NODISCARD;
void pcap_file_close(struct pcap_file *file);
/* False: the end, or `*failed` is a sentence on why there is no more. */
bool pcap_file_next(struct pcap_file *file, struct frame *out, struct view *failed);

/* secrets_block.c: keys that stand in the file itself, added to the key log. MEMORY, LIMIT. */
enum err secrets_block_read(const char *path, struct keylog *keylog) NODISCARD;

/* link.c: the IP packet in a frame; false: there is none. */
bool link_known(int link_type);
bool link_strip(const struct frame *frame, struct view *out_packet);
bool ether_strip(uint16_t type, struct octets *at, struct view *out_packet); /* by EtherType */
bool ppp_strip(struct octets *at, struct view *out_packet);

/* fragments.c */
struct fragment {
    struct addr source, target; /* no ports */
    uint32_t id;
    uint8_t protocol;
    uint32_t offset; /* in bytes */
    bool more;
    struct view bytes;
};
struct fragments {            /* zeroed: empty */
    struct fragmented *first; /* the oldest */
    size_t held;
    uint32_t count;
    struct buf whole; /* the last one that was put together */
};
/* The whole datagram, until the next call; false: it is not whole yet. */
bool fragments_add(struct capture *capture, const struct fragment *fragment, struct view *out);
void fragments_deinit(struct capture *capture);

/* ip.c, transport.c, sctp.c */
void ip_take(struct capture *capture, struct view packet, unsigned depth);
void transport_take(struct capture *capture, uint8_t protocol, struct ends ends,
                    struct view payload, unsigned depth);
struct sctp;
void sctp_take(struct capture *capture, struct ends ends, struct octets at);
void sctp_deinit(struct capture *capture);

/* tcp.c: segments into two runs of bytes each */
struct connections {          /* zeroed: none */
    struct connection *first; /* by its ends; the one that was quiet for longest comes first */
    size_t held;              /* bytes of memory that all of them have */
    uint32_t made;            /* so far */
};
void tcp_take(struct capture *capture, struct ends ends, struct octets at);
void connections_deinit(struct capture *capture);

void connections_flush(struct capture *capture); /* the end: what is missing will not come */

/* stream.c: what the bytes of one direction are */
enum stream_kind { STREAM_UNKNOWN, STREAM_SIP, STREAM_FRAMES, STREAM_OTHER };
struct stream {
    enum stream_kind is;
    uint32_t connection;
    uint32_t first_frame; /* of the message that is being read */
    bool from_start;      /* UNKNOWN: nothing but empty lines has come before */
    bool secure;          /* it came out of TLS */
    bool adrift;          /* FRAMES: behind a gap; the next frame has to be found */
    size_t searched;      /* UNKNOWN: bytes in which no beginning was */
    struct buf head;      /* UNKNOWN: the line that is not whole yet */
    struct framer framer;
    struct frames frames;
};
void stream_init(struct stream *stream, uint32_t connection);
void stream_bytes(struct capture *capture, struct stream *stream, struct ends ends,
                  struct view bytes);
void stream_gap(struct stream *stream);
size_t stream_held(const struct stream *stream); /* bytes of memory */
void stream_deinit(struct stream *stream);

/* tls.c: the two runs of bytes of a connection in TLS, opened into the streams */
struct tls_talk;
bool tls_begins(struct view bytes); /* whether the first bytes that are seen may be of TLS */
enum err tls_talk_create(struct capture *capture, struct stream *low, struct stream *high,
                         struct view bytes, struct tls_talk **out) NODISCARD;
void tls_talk_destroy(struct tls_talk *talk); /* NULL is fine */
void tls_take(struct capture *capture, struct tls_talk *talk, int index, const struct ends *ends,
              struct view bytes);
void tls_gap(struct tls_talk *talk, int index, uint32_t missing);
size_t tls_held(const struct tls_talk *talk); /* bytes of memory */

/* found.c */
struct found { /* a ring of what was found and not given out yet */
    struct captured *items;
    uint32_t first, count, size;
    struct blob *given; /* the one that the user has */
};
bool looks_like_sip(struct view bytes); /* its first line is one of SIP */
void found_datagram(struct capture *capture, enum carrier carrier, struct ends ends,
                    struct view bytes);
void found_message(struct capture *capture, const struct captured *message); /* takes its bytes */
void found_deinit(struct found *found);

struct capture {
    const char *path;
    struct pcap_file *file;
    struct keylog keylog;
    struct opener *opener; /* NULL: none was needed so far */
    struct capture_options limits;
    struct capture_counts counts;
    struct frame frame; /* that is being taken apart */
    struct fragments fragments;
    struct connections connections;
    struct sctp *sctp; /* NULL: none was seen so far */
    struct found found;
    struct view why;
    enum err failure;
    bool ended;    /* the file is */
    bool searched; /* for keys that stand in it */
};
