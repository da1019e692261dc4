#include "harness/capture/capture.h"

#include "harness/capture/inside.h"
#include "harness/capture/tls_seal.h"

enum { HELD_DEFAULT = 64 << 20, COUNT_DEFAULT = 65536 };

const char *carrier_text(enum carrier carrier)
{
    static const char *const texts[] = {"udp", "tcp", "sctp", "tls", "ws", "wss"};
    return texts[carrier];
}

enum proto carrier_proto(enum carrier carrier)
{
    static const enum proto protos[] = {
        [CARRIER_UDP] = PROTO_UDP, [CARRIER_TCP] = PROTO_TCP, [CARRIER_SCTP] = PROTO_TCP,
        [CARRIER_TLS] = PROTO_TLS, [CARRIER_WS] = PROTO_WS,   [CARRIER_WSS] = PROTO_WSS};
    return protos[carrier];
}

enum sip_framing carrier_framing(enum carrier carrier)
{
    return carrier == CARRIER_TCP || carrier == CARRIER_TLS ? SIP_FRAMING_STREAM
                                                            : SIP_FRAMING_DATAGRAM;
}

enum err capture_open(const char *path, const struct capture_options *options, struct capture **out,
                      struct buf *complaint)
{
    struct capture *capture = mem_zalloc(sizeof *capture);
    if (capture == NULL)
        return ERR_MEMORY;
    if (options != NULL)
        capture->limits = *options;
    if (capture->limits.held_limit == 0)
        capture->limits.held_limit = HELD_DEFAULT;
    if (capture->limits.held_count == 0)
        capture->limits.held_count = COUNT_DEFAULT;
    capture->path = path;
    enum err err = pcap_file_open(path, &capture->file, complaint);
    if (err == ERR_OK && capture->limits.keylog != NULL)
        err = keylog_read(&capture->keylog, capture->limits.keylog, complaint);
    if (err == ERR_OK)
        *out = capture;
    else
        capture_close(capture);
    return err;
}

void capture_close(struct capture *capture)
{
    if (capture == NULL)
        return;
    pcap_file_close(capture->file);
    keylog_deinit(&capture->keylog);
    opener_destroy(capture->opener);
    fragments_deinit(capture);
    connections_deinit(capture);
    sctp_deinit(capture);
    found_deinit(&capture->found);
    mem_free(capture);
}

/* False: there is nothing further. */
static bool frame_take(struct capture *capture)
{
    struct view packet;
    if (capture->failure != ERR_OK || capture->ended)
        return false;
    if (!pcap_file_next(capture->file, &capture->frame, &capture->why)) {
        capture->failure = capture->why.ptr == NULL ? ERR_OK : ERR_SYNTAX;
        capture->ended = true;
        connections_flush(capture);
        return true;
    }
    capture->counts.frames++;
    capture->counts.cut_frames += capture->frame.cut;
    if (link_strip(&capture->frame, &packet))
        ip_take(capture, packet, 0);
    else
        capture->counts.unknown_frames++;
    return true;
}

bool capture_next(struct capture *capture, struct captured *out)
{
    struct found *found = &capture->found;
    blob_unref(found->given);
    found->given = NULL;
    while (found->count == 0)
        if (!frame_take(capture))
            return false;
    *out = found->items[found->first];
    found->given = out->bytes;
    found->first = (found->first + 1) % found->size;
    found->count--;
    return true;
}

enum err capture_failure(const struct capture *capture, struct view *why)
{
    if (why != NULL)
        *why = capture->why;
    return capture->failure;
}

void capture_counts(const struct capture *capture, struct capture_counts *out)
{
    *out = capture->counts;
    out->lost_fragments += capture->fragments.count; /* the end has come, and they are not whole */
}
