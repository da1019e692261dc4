#include "core/stream/ws_upgrade.h"

#include "core/stream/ws_http.h"

static void row(struct buf *out, struct view name, struct view value)
{
    buf_add(out, name);
    buf_add(out, V(": "));
    buf_add(out, value);
    buf_add(out, V("\r\n"));
}

void upgrade_ask(struct upgrade *upgrade, const struct ws_options *options, struct buf *out)
{
    upgrade->key = ws_key_make(options->rng);
    buf_add(out, V("GET "));
    buf_add(out, options->path.len == 0 ? V("/") : options->path);
    buf_add(out, V(" HTTP/1.1\r\n"));
    row(out, V("Host"), options->host);
    row(out, V("Upgrade"), V("websocket"));
    row(out, V("Connection"), V("Upgrade"));
    row(out, V("Sec-WebSocket-Key"), view_of(upgrade->key.text));
    if (options->origin.len > 0)
        row(out, V("Origin"), options->origin);
    row(out, V("Sec-WebSocket-Protocol"), V("sip"));
    row(out, V("Sec-WebSocket-Version"), V("13"));
    buf_add(out, V("\r\n"));
}

struct verdict_of_server {
    uint16_t status; /* 101: the upgrade */
    const char *phrase, *why;
};

/* RFC 6455 §4.2.1, in its order. */
static struct verdict_of_server request_judge(struct view head)
{
    struct view key = http_value(head, V("Sec-WebSocket-Key"), 0);

    if (!http_is_get(head))
        return (struct verdict_of_server){400, "Bad Request", "it is no GET of HTTP/1.1"};
    if (http_value(head, V("Host"), 0).len == 0)
        return (struct verdict_of_server){400, "Bad Request", "it has no Host"};
    if (!http_has(head, V("Upgrade"), V("websocket")) ||
        !http_has(head, V("Connection"), V("upgrade")))
        return (struct verdict_of_server){426, "Upgrade Required", "it asks for no WebSocket"};
    if (!ws_key_good(key) || http_value(head, V("Sec-WebSocket-Key"), 1).ptr != NULL)
        return (struct verdict_of_server){400, "Bad Request",
                                          "its Sec-WebSocket-Key is not the base64 of 16 bytes"};
    if (!view_equal(http_value(head, V("Sec-WebSocket-Version"), 0), V("13")))
        return (struct verdict_of_server){426, "Upgrade Required",
                                          "its Sec-WebSocket-Version is not 13"};
    /* RFC 7118 §4.1 */
    if (!http_has(head, V("Sec-WebSocket-Protocol"), V("sip")))
        return (struct verdict_of_server){400, "Bad Request",
                                          "its Sec-WebSocket-Protocol has no \"sip\""};
    return (struct verdict_of_server){101, "Switching Protocols", NULL};
}

static void answer(struct view head, struct verdict_of_server verdict, struct buf *out)
{
    buf_printf(out, "HTTP/1.1 %u %s\r\n", verdict.status, verdict.phrase);
    if (verdict.status == 101) {
        struct ws_accept accept = ws_accept_of(http_value(head, V("Sec-WebSocket-Key"), 0));
        row(out, V("Upgrade"), V("websocket"));
        row(out, V("Connection"), V("Upgrade"));
        row(out, V("Sec-WebSocket-Accept"), view_of(accept.text));
        row(out, V("Sec-WebSocket-Protocol"), V("sip"));
    } else {
        if (verdict.status == 426) {
            row(out, V("Upgrade"), V("websocket"));
            row(out, V("Sec-WebSocket-Version"), V("13"));
        }
        row(out, V("Connection"), V("close"));
        row(out, V("Content-Length"), V("0"));
    }
    buf_add(out, V("\r\n"));
}

static enum upgrade_state request_read(struct upgrade *upgrade, struct view head, struct buf *out)
{
    struct verdict_of_server verdict = request_judge(head);

    answer(head, verdict, out);
    if (verdict.status == 101)
        return UPGRADE_DONE;
    buf_printf(&upgrade->why, "no upgrade to WebSocket: %s", verdict.why);
    return UPGRADE_FAILED;
}

/* RFC 6455 §4.1, the list at its end. */
static const char *response_wrong(const struct upgrade *upgrade, struct view head)
{
    struct ws_accept accept = ws_accept_of(view_of(upgrade->key.text));

    if (!http_has(head, V("Upgrade"), V("websocket")))
        return "its Upgrade is not \"websocket\"";
    if (!http_has(head, V("Connection"), V("upgrade")))
        return "its Connection is not \"Upgrade\"";
    if (!view_equal(http_value(head, V("Sec-WebSocket-Accept"), 0), view_of(accept.text)))
        return "its Sec-WebSocket-Accept does not fit our key";
    if (http_value(head, V("Sec-WebSocket-Extensions"), 0).ptr != NULL)
        return "it uses an extension that we did not ask for";
    if (!view_equal(http_value(head, V("Sec-WebSocket-Protocol"), 0), V("sip")))
        return "its Sec-WebSocket-Protocol is not \"sip\"";
    return NULL;
}

static enum upgrade_state response_read(struct upgrade *upgrade, struct view head)
{
    uint16_t status = http_status(head);
    const char *wrong;

    if (status == 0) {
        buf_add(&upgrade->why, V("no upgrade to WebSocket: what came is no HTTP/1.1"));
        return UPGRADE_FAILED;
    }
    if (status != 101) {
        buf_printf(&upgrade->why, "the other side refused WebSocket: %.*s",
                   VIEW_ARG(view_head(view_skip(http_first_line(head), 9), 80)));
        return UPGRADE_REFUSED;
    }
    if ((wrong = response_wrong(upgrade, head)) == NULL)
        return UPGRADE_DONE;
    buf_printf(&upgrade->why, "no upgrade to WebSocket: %s", wrong);
    return UPGRADE_FAILED;
}

enum upgrade_state upgrade_read(struct upgrade *upgrade, struct view bytes, struct buf *out,
                                struct view *rest)
{
    size_t had = upgrade->head.len;

    buf_add(&upgrade->head, view_head(bytes, HTTP_HEAD_MAX - had));
    struct view head = buf_view(&upgrade->head);
    size_t len = http_head_len(head);
    if (upgrade->head.failed != ERR_OK || (len == 0 && head.len == HTTP_HEAD_MAX)) {
        buf_add(&upgrade->why, V("no upgrade to WebSocket: the head is too long"));
        return UPGRADE_FAILED;
    }
    if (len == 0)
        return UPGRADE_WAITING;
    *rest = view_skip(bytes, len - had);
    head = view_head(head, len);
    return upgrade->server ? request_read(upgrade, head, out) : response_read(upgrade, head);
}

void upgrade_deinit(struct upgrade *upgrade)
{
    buf_deinit(&upgrade->head);
    buf_deinit(&upgrade->why);
}
