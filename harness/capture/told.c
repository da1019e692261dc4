/* Sentences on what of a capture could not be read. */
#include "harness/capture/inside.h"

static void many(struct buf *out, uint64_t count, const char *what)
{
    buf_printf(out, "%llu %s%s", (unsigned long long)count, what, count == 1 ? "" : "s");
}

bool capture_keys_fit(const struct capture *capture, struct buf *complaint)
{
    const struct capture_counts *counts = &capture->counts;
    if (capture->limits.keylog == NULL || counts->tls_read > 0)
        return true;
    buf_printf(complaint, "%s has ", capture->limits.keylog);
    many(complaint, capture->keylog.count, "session");
    if (counts->tls_connections == 0)
        buf_printf(complaint, ", but there is no TLS in %s", capture->path);
    else if (counts->tls_connections == 1)
        buf_printf(complaint, ", and the TLS connection in %s is not among them", capture->path);
    else
        buf_printf(complaint, ", none of the %llu TLS connections in %s is among them",
                   (unsigned long long)counts->tls_connections, capture->path);
    if (counts->tls_late > 0)
        buf_printf(complaint, " (%llu began before the capture)",
                   (unsigned long long)counts->tls_late);
    return false;
}

static void reason(struct buf *out, uint64_t count, const char *why)
{
    if (count == 0)
        return;
    bool first = out->len > 0 && out->ptr[out->len - 1] == ':';
    buf_printf(out, "%s %llu %s", first ? "" : ",", (unsigned long long)count, why);
}

void capture_unread(const struct capture *capture, struct buf *out)
{
    const struct capture_counts *counts = &capture->counts;
    uint64_t unread = counts->tls_connections - counts->tls_read;
    uint64_t known = counts->tls_late + counts->tls_without_keys + counts->tls_unknown;
    if (unread > 0) {
        many(out, unread, "TLS connection");
        buf_add(out, unread == 1 ? V(" is not read:") : V(" are not read:"));
        reason(out, counts->tls_without_keys, "without keys (--keylog FILE)");
        reason(out, counts->tls_late, "began before the capture");
        reason(out, counts->tls_unknown, "of a version or with ciphers that are not known here");
        reason(out, unread > known ? unread - known : 0, "without a whole handshake");
    }
    if (counts->tls_lost_records > 0) {
        buf_add(out, unread > 0 ? V("; ") : V(""));
        many(out, counts->tls_lost_records, "record");
        buf_add(out, V(" of TLS could not be opened"));
    }
}

void capture_without_sip(const struct capture *capture, struct buf *out)
{
    const struct capture_counts *counts = &capture->counts;
    buf_printf(out, "%s: there is no SIP in its ", capture->path);
    many(out, counts->frames, "frame");
    if (counts->unknown_frames > 0)
        buf_printf(out, ", of which %llu have no IP", (unsigned long long)counts->unknown_frames);
    if (counts->tls_connections > counts->tls_read)
        buf_add(out, V("; "));
    capture_unread(capture, out);
}
