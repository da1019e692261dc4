/* Frames are wslay's affair; what it reads and writes are buffers of ours. */
#include "core/stream/ws.h"

#include "core/stream/ws_upgrade.h"
#include "core/stream/ws_utf8.h"

#include <wslay/wslay.h>

enum { MESSAGE_LIMIT = 65536, WAIT_LIMIT = 1 << 18, OUT_LIMIT = 1 << 24 };

struct ws_filter {
    struct filter filter;
    struct wslay_event_context *frames; /* NULL: it could not be made */
    struct upgrade upgrade;
    bool open, told_open;
    bool said_goodbye;
    bool ended, told_ended; /* by what `how` and `why` say */
    enum filter_how how;
    struct rng rng;
    uint64_t masks; /* drawn so far */
    size_t message_limit, wait_limit;
    struct view in;     /* what came and wslay has not read; only while it reads */
    struct buf out;     /* for the wire */
    struct buf waiting; /* of the user, before it is open: length, bytes, length … */
    struct buf got;     /* messages for the user: length, bytes, length … */
    size_t got_at;      /* of the next one */
    bool showing;       /* `out` was given out */
    struct buf why;
};

static struct ws_filter *ws_of(struct filter *filter)
{
    return (struct ws_filter *)filter;
}

static void end(struct ws_filter *ws, enum filter_how how)
{
    if (ws->ended)
        return;
    ws->ended = true;
    ws->how = how;
}

/* Several messages in one buffer. */
static void message_put(struct buf *buf, struct view message)
{
    size_t len = message.len;

    buf_add(buf, (struct view){(const char *)&len, sizeof len});
    buf_add(buf, message);
}

static bool message_get(const struct buf *buf, size_t *at, struct view *out)
{
    size_t len;

    if (buf->len - *at < sizeof len)
        return false;
    memcpy(&len, buf->ptr + *at, sizeof len);
    *out = (struct view){buf->ptr + *at + sizeof len, len};
    *at += sizeof len + len;
    return true;
}

static ssize_t read_bytes(wslay_event_context_ptr frames, uint8_t *room, size_t len, int flags,
                          void *user)
{
    struct ws_filter *ws = user;

    (void)flags;
    if (ws->in.len == 0) {
        wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    struct view piece = view_head(ws->in, len);
    memcpy(room, piece.ptr, piece.len);
    ws->in = view_skip(ws->in, piece.len);
    return (ssize_t)piece.len;
}

static ssize_t write_bytes(wslay_event_context_ptr frames, const uint8_t *bytes, size_t len,
                           int flags, void *user)
{
    struct ws_filter *ws = user;

    (void)flags;
    buf_add(&ws->out, (struct view){(const char *)bytes, len});
    if (ws->out.failed == ERR_OK)
        return (ssize_t)len;
    wslay_event_set_error(frames, WSLAY_ERR_CALLBACK_FAILURE);
    return -1;
}

static int draw_mask(wslay_event_context_ptr frames, uint8_t *room, size_t len, void *user)
{
    struct ws_filter *ws = user;
    uint64_t draw = rng_at(ws->rng, V("mask"), ws->masks++);

    (void)frames;
    for (size_t i = 0; i < len; i++)
        room[i] = (uint8_t)(draw >> (i % 8 * 8));
    return 0;
}

static void message_came(wslay_event_context_ptr frames,
                         const struct wslay_event_on_msg_recv_arg *arg, void *user)
{
    struct ws_filter *ws = user;

    (void)frames;
    if (arg->opcode == WSLAY_TEXT_FRAME || arg->opcode == WSLAY_BINARY_FRAME)
        message_put(&ws->got, (struct view){(const char *)arg->msg, arg->msg_length});
}

static void write_out(struct ws_filter *ws)
{
    if (wslay_event_send(ws->frames) != 0) {
        buf_add(&ws->why, V("WebSocket: too much waits to be written"));
        end(ws, FILTER_FAILED);
    }
}

/* Why wslay has said goodbye, RFC 6455 §7.4.1; to a frame that makes no sense at all without a
 * code. */
static const char *code_text(unsigned code)
{
    switch (code) {
    case WSLAY_CODE_INVALID_FRAME_PAYLOAD_DATA:
        return "a text is no UTF-8";
    case WSLAY_CODE_MESSAGE_TOO_BIG:
        return "a message is too long";
    default:
        return "a frame breaks the protocol";
    }
}

/* Nothing is read any more: they said goodbye, or wslay refuses what came. */
static void reading_ended(struct ws_filter *ws)
{
    if (!wslay_event_get_close_received(ws->frames)) {
        unsigned code = wslay_event_get_status_code_sent(ws->frames);
        buf_printf(&ws->why, "WebSocket: %s", code_text(code));
        end(ws, FILTER_FAILED);
        return;
    }
    unsigned code = wslay_event_get_status_code_received(ws->frames);
    bool good = code == WSLAY_CODE_NORMAL_CLOSURE || code == WSLAY_CODE_GOING_AWAY || code == 0 ||
                code == WSLAY_CODE_NO_STATUS_RCVD;
    if (!good)
        buf_printf(&ws->why, "the other side closed the WebSocket with %u", code);
    end(ws, good ? FILTER_FIN : FILTER_ALERT);
}

static enum err frames_read(struct ws_filter *ws, struct view bytes)
{
    ws->in = bytes;
    int result = wslay_event_recv(ws->frames);
    ws->in = (struct view){0};
    if (ws->got.failed != ERR_OK || result == WSLAY_ERR_NOMEM)
        return ERR_MEMORY;
    write_out(ws);
    if (!wslay_event_get_read_enabled(ws->frames))
        reading_ended(ws);
    return ERR_OK;
}

static enum err message_queue(struct ws_filter *ws, struct view message)
{
    struct wslay_event_msg msg = {.opcode =
                                      utf8_valid(message) ? WSLAY_TEXT_FRAME : WSLAY_BINARY_FRAME,
                                  .msg = (const uint8_t *)message.ptr,
                                  .msg_length = message.len};

    if (wslay_event_queue_msg(ws->frames, &msg) != 0)
        return ERR_MEMORY;
    write_out(ws);
    return ERR_OK;
}

static enum err opened(struct ws_filter *ws)
{
    struct view message;
    enum err err = ERR_OK;

    ws->open = true;
    for (size_t at = 0; err == ERR_OK && message_get(&ws->waiting, &at, &message);)
        err = message_queue(ws, message);
    buf_deinit(&ws->waiting);
    ws->waiting = (struct buf){0};
    return err;
}

static enum err upgrade_more(struct ws_filter *ws, struct view bytes)
{
    struct view rest = {0};
    enum upgrade_state state = upgrade_read(&ws->upgrade, bytes, &ws->out, &rest);
    enum err err;

    switch (state) {
    case UPGRADE_WAITING:
        return ERR_OK;
    case UPGRADE_DONE:
        err = opened(ws);
        upgrade_deinit(&ws->upgrade);
        ws->upgrade = (struct upgrade){0};
        return err == ERR_OK ? frames_read(ws, rest) : err;
    case UPGRADE_REFUSED:
    case UPGRADE_FAILED:
        buf_add(&ws->why, buf_view(&ws->upgrade.why));
        end(ws, state == UPGRADE_REFUSED ? FILTER_ALERT : FILTER_FAILED);
    }
    return ERR_OK;
}

static enum err ws_from_wire(struct filter *filter, uint64_t now_us, struct view bytes)
{
    struct ws_filter *ws = ws_of(filter);

    (void)now_us;
    if (ws->ended)
        return ERR_STATE;
    return ws->open ? frames_read(ws, bytes) : upgrade_more(ws, bytes);
}

static enum err ws_from_user(struct filter *filter, uint64_t now_us, struct view bytes)
{
    struct ws_filter *ws = ws_of(filter);

    (void)now_us;
    if (ws->ended || ws->said_goodbye)
        return ERR_STATE;
    if (ws->open)
        return message_queue(ws, bytes);
    if (ws->waiting.len + sizeof(size_t) + bytes.len > ws->wait_limit)
        return ERR_LIMIT;
    message_put(&ws->waiting, bytes);
    return ws->waiting.failed;
}

static bool wire_next(struct ws_filter *ws, struct filter_out *out)
{
    if (ws->showing)
        buf_clear(&ws->out);
    ws->showing = ws->out.len > 0;
    if (ws->showing)
        *out = (struct filter_out){.kind = FILTER_TO_WIRE, .bytes = buf_view(&ws->out)};
    return ws->showing;
}

static bool message_next(struct ws_filter *ws, struct filter_out *out)
{
    struct view message;

    if (message_get(&ws->got, &ws->got_at, &message)) {
        *out = (struct filter_out){.kind = FILTER_TO_USER, .bytes = message};
        return true;
    }
    buf_deinit(&ws->got); /* an idle connection holds nothing */
    ws->got = (struct buf){0};
    ws->got_at = 0;
    return false;
}

static bool ws_next(struct filter *filter, struct filter_out *out)
{
    struct ws_filter *ws = ws_of(filter);

    if (wire_next(ws, out))
        return true;
    if (ws->open && !ws->told_open) {
        ws->told_open = true;
        *out = (struct filter_out){.kind = FILTER_OPEN};
        return true;
    }
    if (message_next(ws, out))
        return true;
    if (!ws->ended || ws->told_ended)
        return false;
    ws->told_ended = true;
    *out = (struct filter_out){.kind = FILTER_CLOSED, .how = ws->how, .why = buf_view(&ws->why)};
    return true;
}

/* RFC 6455 §7.1.2 */
static void ws_close(struct filter *filter)
{
    struct ws_filter *ws = ws_of(filter);

    if (ws->ended || ws->said_goodbye)
        return;
    ws->said_goodbye = true;
    if (!ws->open) { /* there is nobody yet to say goodbye to */
        ws->ended = ws->told_ended = true;
        return;
    }
    if (wslay_event_queue_close(ws->frames, WSLAY_CODE_NORMAL_CLOSURE, NULL, 0) == 0)
        write_out(ws);
}

static void ws_destroy(struct filter *filter)
{
    struct ws_filter *ws = ws_of(filter);

    if (ws->frames != NULL)
        wslay_event_context_free(ws->frames);
    upgrade_deinit(&ws->upgrade);
    buf_deinit(&ws->out);
    buf_deinit(&ws->waiting);
    buf_deinit(&ws->got);
    buf_deinit(&ws->why);
    mem_free(ws);
}

static const struct filter_ops ws_ops = {.from_wire = ws_from_wire,
                                         .from_user = ws_from_user,
                                         .next = ws_next,
                                         .close = ws_close,
                                         .destroy = ws_destroy};

static enum err frames_make(struct ws_filter *ws, bool server)
{
    static const struct wslay_event_callbacks callbacks = {.recv_callback = read_bytes,
                                                           .send_callback = write_bytes,
                                                           .genmask_callback = draw_mask,
                                                           .on_msg_recv_callback = message_came};
    int result = server ? wslay_event_context_server_init(&ws->frames, &callbacks, ws)
                        : wslay_event_context_client_init(&ws->frames, &callbacks, ws);

    if (result != 0)
        return ERR_MEMORY;
    wslay_event_config_set_max_recv_msg_length(ws->frames, ws->message_limit);
    return ERR_OK;
}

enum err ws_filter_create(const struct ws_options *options, struct filter **out)
{
    struct ws_filter *ws = mem_zalloc(sizeof *ws);

    if (ws == NULL)
        return ERR_MEMORY;
    ws->filter.ops = &ws_ops;
    ws->rng = options->rng;
    ws->message_limit = options->message_limit == 0 ? MESSAGE_LIMIT : options->message_limit;
    ws->wait_limit = options->wait_limit == 0 ? WAIT_LIMIT : options->wait_limit;
    ws->out.limit = OUT_LIMIT;
    ws->upgrade.server = options->server;
    enum err err = frames_make(ws, options->server);
    if (err == ERR_OK && !options->server) {
        upgrade_ask(&ws->upgrade, options, &ws->out);
        err = ws->out.failed;
    }
    if (err != ERR_OK) {
        ws_destroy(&ws->filter);
        return err;
    }
    *out = &ws->filter;
    return ERR_OK;
}

enum err ws_filter_ping(struct filter *filter, struct view payload)
{
    enum { PAYLOAD_MAX = 125 }; /* RFC 6455 §5.5 */
    struct ws_filter *ws = ws_of(filter);
    struct wslay_event_msg ping = {
        .opcode = WSLAY_PING, .msg = (const uint8_t *)payload.ptr, .msg_length = payload.len};

    if (!ws->open || ws->ended || ws->said_goodbye)
        return ERR_STATE;
    if (payload.len > PAYLOAD_MAX)
        return ERR_LIMIT;
    if (wslay_event_queue_msg(ws->frames, &ping) != 0)
        return ERR_MEMORY;
    write_out(ws);
    return ERR_OK;
}
