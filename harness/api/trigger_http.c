#include "harness/api/trigger_http.h"

#include "harness/api/acting.h"
#include "harness/api/kinds.h"

#include <string.h>

static bool is_unreserved(char c) /* RFC 3986 §2.3 */
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void percent_write(struct buf *out, struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (is_unreserved(text.ptr[i]))
            buf_add_char(out, text.ptr[i]);
        else
            buf_printf(out, "%%%02X", (unsigned char)text.ptr[i]);
}

static struct view argument(lua_State *L, const struct device *device, int *next)
{
    struct view text = {0};

    if (*next > lua_gettop(L))
        scene_misuse(L, "the action '%s' of %.*s wants %d argument%s: t.dut:trigger(\"%s\", …)",
                     lua_tostring(L, 2), VIEW_ARG(device->target->name), *next - 2,
                     *next == 3 ? "" : "s", lua_tostring(L, 2));
    text.ptr = lua_tolstring(L, (*next)++, &text.len);
    return text;
}

/* %s: the next argument; %%: a percent sign. The text is the scenario's. */
static struct view fill(lua_State *L, const struct device *device, struct view form, bool url)
{
    struct agents *agents = agents_of_lua(L);
    int next = 3, last = lua_gettop(L);
    struct buf out = {0};

    for (size_t i = 0; i < form.len; i++) {
        char after = form.ptr[i] == '%' && i + 1 < form.len ? form.ptr[i + 1] : 0;
        if (after == 's' && next > last) {
            buf_deinit(&out);
            argument(L, device, &next);
        } else if (after == 's' && url) {
            percent_write(&out, argument(L, device, &next));
        } else if (after == 's') {
            buf_add(&out, argument(L, device, &next));
        } else {
            buf_add_char(&out, form.ptr[i]);
        }
        i += after == 's' || after == '%';
    }
    struct view filled = arena_copy(&agents->arena, buf_view(&out));
    buf_deinit(&out);
    return filled;
}

/* A line of curl's configuration: name = "value", with its escapes. */
static void line_write(struct buf *out, const char *name, struct view value)
{
    if (value.ptr == NULL)
        return;
    buf_printf(out, "%s = \"", name);
    for (size_t i = 0; i < value.len; i++)
        switch (value.ptr[i]) {
        case '\n':
            buf_add(out, V("\\n"));
            break;
        case '\r':
            buf_add(out, V("\\r"));
            break;
        case '"':
        case '\\':
            buf_add_char(out, '\\');
            buf_add_char(out, value.ptr[i]);
            break;
        default:
            buf_add_char(out, value.ptr[i]);
        }
    buf_add(out, V("\"\n"));
}

static void credentials_write(struct buf *out, const struct http_request *http)
{
    struct buf both = {0};

    if (http->user.ptr == NULL)
        return;
    buf_printf(&both, "%.*s:%.*s", VIEW_ARG(http->user), VIEW_ARG(http->password));
    line_write(out, "user", buf_view(&both));
    buf_deinit(&both);
    buf_add(out, V("anyauth\n"));
}

static struct view config_write(lua_State *L, const struct device *device,
                                const struct http_request *http)
{
    struct view url = fill(L, device, http->url, true), body = {0};
    struct buf out = {0}, header = {0};

    if (http->body.ptr != NULL)
        body = fill(L, device, http->body, false);
    buf_add(&out, V("silent\nshow-error\ngloboff\nnoproxy = \"*\"\nproto = \"=http,https\"\n"
                    "write-out = \"\\n%{http_code}\"\n"));
    line_write(&out, "url", url);
    line_write(&out, "request", http->method);
    line_write(&out, "data-raw", body);
    credentials_write(&out, http);
    for (size_t i = 0; i < http->header_count; i++) {
        buf_clear(&header);
        buf_printf(&header, "%.*s: %.*s", VIEW_ARG(http->headers[i].name),
                   VIEW_ARG(http->headers[i].value));
        line_write(&out, "header", buf_view(&header));
    }
    if (http->insecure)
        buf_add(&out, V("insecure\n"));
    struct view config = arena_copy(&agents_of_lua(L)->arena, buf_view(&out));
    buf_deinit(&header);
    buf_deinit(&out);
    return config;
}

/* The number that stands in the last line. */
static uint64_t status_of(const struct buf *said, struct view *out_body)
{
    size_t line = said->len;
    uint64_t status = 0;

    while (line > 0 && said->ptr[line - 1] != '\n')
        line--;
    *out_body = view_trim(view_head(buf_view(said), line));
    return view_to_uint(view_skip(buf_view(said), line), 999, &status) ? status : 0;
}

static void judge(lua_State *L, const struct device *device, const struct child *child,
                  const struct process_end *end)
{
    struct buf said = {0};
    struct view body;
    char text[200];

    child_said(child, &said);
    uint64_t status = status_of(&said, &body);
    body = view_head(body, sizeof text - 1);
    snprintf(text, sizeof text, "%.*s", VIEW_ARG(body));
    buf_deinit(&said);
    if (end->signal == 0 && end->status == 0 && status / 100 == 2)
        return;
    if (status == 0)
        scene_refused(L, "%.*s: the action '%s' got no answer: %s", VIEW_ARG(device->party.name),
                      lua_tostring(L, 2), text);
    else
        scene_refused(L, "%.*s: the action '%s' was answered %d%s%s", VIEW_ARG(device->party.name),
                      lua_tostring(L, 2), (int)status, text[0] == 0 ? "" : ": ", text);
}

int http_trigger(lua_State *L, const struct device *device, const struct http_request *http,
                 uint64_t within_us)
{
    static const char *const argv[] = {"curl", "-q", "--config", "-", NULL};
    struct acting_program program = {.argv = argv, .within_us = within_us, .judge = judge};

    program.input = config_write(L, device, http);
    if (program.input.ptr == NULL)
        return luaL_error(L, "not enough memory");
    return acting_run(L, device, &program);
}
