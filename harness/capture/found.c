/* What is SIP, and what waits to be given out. */
#include "harness/capture/inside.h"

static bool is_token(struct view text)
{
    static const char marks[] = "-.!%*_+`'~";
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (!letter && (c == '\0' || strchr(marks, c) == NULL))
            return false;
    }
    return text.len > 0;
}

enum { METHOD_MOST = 64, LINE_MOST = 16384 };

/* RFC 3261 §7.1, §7.2. A line that does not end here counts as far as it goes: a capture cuts. */
bool looks_like_sip(struct view bytes)
{
    struct view line = view_head(bytes, LINE_MOST);
    line = view_head(line, view_find_char(line, '\n'));
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    if (view_starts_nocase(line, V("SIP/2.0 ")))
        return line.len >= 11 && line.ptr[8] >= '1' && line.ptr[8] <= '9';
    size_t space = view_find_char(view_head(line, METHOD_MOST), ' ');
    if (!is_token(view_head(line, space)) || space + 1 >= line.len)
        return false;
    struct view rest = view_skip(line, space + 1);
    size_t version = view_find(rest, V(" SIP/"));
    return version < rest.len && version > 0;
}

/* Empty lines in front of the first one are no part of it, RFC 3261 §7.5; a keep-alive is nothing
 * else. */
static struct view without_crlf(struct view bytes)
{
    while (bytes.len > 0 && (bytes.ptr[0] == '\r' || bytes.ptr[0] == '\n'))
        bytes = view_skip(bytes, 1);
    return bytes;
}

void found_message(struct capture *capture, const struct captured *message)
{
    struct found *found = &capture->found;
    if (found->count == found->size) {
        struct captured *items = mem_ring_grow(found->items, sizeof *items, found->first,
                                               found->count, &found->size, 16);
        if (items == NULL) {
            capture->failure = ERR_MEMORY;
            blob_unref(message->bytes);
            return;
        }
        found->items = items;
        found->first = 0;
    }
    found->items[(found->first + found->count++) % found->size] = *message;
    capture->counts.messages++;
}

void found_datagram(struct capture *capture, enum carrier carrier, struct ends ends,
                    struct view bytes)
{
    bytes = without_crlf(bytes);
    if (!looks_like_sip(bytes))
        return;
    struct captured message = {
        .time_ns = capture->frame.time_ns,
        .frame = capture->frame.number,
        .first_frame = capture->frame.number,
        .carrier = carrier,
        .source = ends.source,
        .target = ends.target,
        .bytes = blob_create(bytes),
        .cut = capture->frame.cut,
    };
    if (message.bytes == NULL)
        capture->failure = ERR_MEMORY;
    else
        found_message(capture, &message);
}

void found_deinit(struct found *found)
{
    for (size_t i = 0; i < found->count; i++)
        blob_unref(found->items[(found->first + i) % found->size].bytes);
    blob_unref(found->given);
    mem_free(found->items);
}
