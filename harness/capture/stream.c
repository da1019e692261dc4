/* What the bytes of one direction of a connection are: SIP, SIP in WebSocket frames, or nothing of
 * ours. Where the capture has not its beginning, or a piece is missing, a line that begins a
 * message is looked for. */
#include "harness/capture/inside.h"

enum {
    SEARCH_MOST = 256 << 10,
    LINE_MOST = 16 << 10,
    HEAD_MOST = 64 << 10,
    BODY_MOST = 1 << 20,
    LINE_SEEN = 1024
};

static const struct framer_limits limits = {HEAD_MOST, BODY_MOST};

void stream_init(struct stream *stream, uint32_t connection)
{
    *stream = (struct stream){.connection = connection};
    framer_init(&stream->framer, &limits);
}

void stream_deinit(struct stream *stream)
{
    framer_deinit(&stream->framer);
    buf_deinit(&stream->head);
    frames_deinit(&stream->frames);
}

size_t stream_held(const struct stream *stream)
{
    return stream->framer.buf.size + stream->head.size + stream->frames.buf.size +
           stream->frames.message.size;
}

static void message_found(struct capture *capture, struct stream *stream, struct ends ends,
                          struct blob *bytes)
{
    bool frames = stream->is == STREAM_FRAMES;
    struct captured message = {
        .time_ns = capture->frame.time_ns,
        .frame = capture->frame.number,
        .first_frame = stream->first_frame,
        .stream = stream->connection,
        .carrier = stream->secure ? (frames ? CARRIER_WSS : CARRIER_TLS)
                                  : (frames ? CARRIER_WS : CARRIER_TCP),
        .source = ends.source,
        .target = ends.target,
        .bytes = bytes,
    };
    stream->first_frame = capture->frame.number;
    if (bytes == NULL)
        capture->failure = ERR_MEMORY;
    else
        found_message(capture, &message);
}

/* It was SIP, and a beginning has to be looked for anew: in `rest`, which it takes. */
static void lose(struct stream *stream, struct buf rest)
{
    framer_deinit(&stream->framer);
    framer_init(&stream->framer, &limits);
    buf_deinit(&stream->head);
    stream->head = rest;
    stream->is = STREAM_UNKNOWN;
    stream->from_start = false;
    stream->searched = 0;
}

/* The framer has lost its way: what it has behind the line that it stands at. */
static struct buf behind_line(const struct stream *stream)
{
    struct buf rest = {0};
    struct view left = framer_rest(&stream->framer);
    buf_add(&rest, view_skip(left, view_find_char(left, '\n') + 1));
    return rest;
}

/* True: the stream is no longer SIP as far as we can tell, and what is left is in its head. */
static bool sip_take(struct capture *capture, struct stream *stream, struct ends ends,
                     struct view bytes)
{
    struct framed framed;
    enum err err = framer_give(&stream->framer, bytes);
    while (err == ERR_OK && (err = framer_next(&stream->framer, &framed)) == ERR_OK) {
        if (framed.kind == FRAMED_MESSAGE || (framed.kind == FRAMED_BROKEN && framed.bytes != NULL))
            message_found(capture, stream, ends, framed.bytes);
        if (framed.kind == FRAMED_BROKEN) {
            lose(stream, behind_line(stream));
            return true;
        }
    }
    if (err != ERR_ABSENT)
        capture->failure = err;
    return false;
}

/* A beginning of what we can read in the lines that are whole; they are forgotten. */
static struct view beginning_find(struct stream *stream)
{
    struct view rest = buf_view(&stream->head);
    for (;;) {
        size_t line = view_find_char(rest, '\n');
        bool whole = line < rest.len;
        if (whole && looks_like_sip(view_head(rest, line + 1)))
            stream->is = STREAM_SIP;
        else if (whole && stream->from_start && frames_begin(rest))
            stream->is = STREAM_FRAMES;
        if (stream->is != STREAM_UNKNOWN || (!whole && rest.len <= LINE_MOST))
            return rest;
        line = whole ? line + 1 : rest.len;
        stream->from_start &= view_trim(view_head(rest, line)).len == 0;
        stream->searched += line;
        rest = view_skip(rest, line);
        if (stream->searched > SEARCH_MOST)
            stream->is = STREAM_OTHER;
    }
}

static void head_keep(struct stream *stream, struct view rest)
{
    struct buf kept = {0};
    if (stream->is != STREAM_OTHER)
        buf_add(&kept, rest);
    buf_deinit(&stream->head);
    stream->head = kept;
}

/* Looks for a beginning; true: one was found, and what begins there is the stream's head. */
static bool search(struct capture *capture, struct stream *stream, struct view bytes)
{
    buf_add(&stream->head, bytes);
    if (stream->head.failed == ERR_OK)
        head_keep(stream, beginning_find(stream));
    if (stream->head.failed != ERR_OK) {
        capture->failure = stream->head.failed;
        return false;
    }
    return stream->is == STREAM_SIP || stream->is == STREAM_FRAMES;
}

/* Behind a gap nobody knows where a frame begins: it does where a segment does, and is of SIP. */
static bool frames_found(struct stream *stream, struct view bytes)
{
    char room[LINE_SEEN];
    struct view begin = frames_peek(bytes, room, sizeof room);
    if (begin.len == 0 || !looks_like_sip(begin))
        return false;
    frames_deinit(&stream->frames);
    stream->frames = (struct frames){.opened = true};
    stream->adrift = false;
    return true;
}

static void frames_take(struct capture *capture, struct stream *stream, struct ends ends,
                        struct view bytes)
{
    struct view message;
    if (stream->adrift && !frames_found(stream, bytes))
        return;
    enum err err = frames_give(&stream->frames, bytes);
    while (err == ERR_OK && frames_next(&stream->frames, &message))
        if (looks_like_sip(message))
            message_found(capture, stream, ends, blob_create(message));
    if (stream->frames.broken)
        stream->is = STREAM_OTHER;
    if (err == ERR_OK)
        err = stream->frames.message.failed;
    if (err != ERR_OK)
        capture->failure = err;
}

/* The first bytes of a message are there, and its last ones are not. */
static bool inside(const struct stream *stream)
{
    if (stream->is == STREAM_SIP)
        return framer_inside(&stream->framer);
    if (stream->is == STREAM_FRAMES)
        return !stream->adrift && frames_inside(&stream->frames);
    return stream->head.len > 0;
}

void stream_bytes(struct capture *capture, struct stream *stream, struct ends ends,
                  struct view bytes)
{
    struct buf taken = {0};
    if (!inside(stream))
        stream->first_frame = capture->frame.number;
    /* Each round has fewer bytes: a search drops the lines that it has looked at. */
    bool again = stream->is != STREAM_UNKNOWN || search(capture, stream, bytes);
    while (again && stream->is != STREAM_OTHER) {
        if (stream->head.len > 0) {
            taken = stream->head;
            stream->head = (struct buf){0};
            bytes = buf_view(&taken);
        }
        if (stream->is == STREAM_FRAMES)
            frames_take(capture, stream, ends, bytes);
        again = stream->is == STREAM_SIP && sip_take(capture, stream, ends, bytes) &&
                search(capture, stream, (struct view){0});
        buf_deinit(&taken);
    }
}

void stream_gap(struct stream *stream)
{
    if (stream->is == STREAM_FRAMES)
        stream->adrift = true;
    else if (stream->is == STREAM_SIP)
        lose(stream, (struct buf){0});
    buf_clear(&stream->head); /* the line that was begun has a hole */
    stream->from_start = false;
}
