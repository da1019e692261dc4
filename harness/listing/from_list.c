#include "harness/listing/from_list.h"
#include "harness/run/screen.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>

enum { LIST_MOST = 64 << 20 };

static enum err file_read(const char *path, struct buf *out, struct buf *complaint)
{
    FILE *file = fopen(path, "rbe");
    size_t len = 1;

    while (file != NULL && len > 0 && out->failed == ERR_OK && out->len <= LIST_MOST) {
        char *room = buf_room(out, 64 << 10);
        len = room == NULL ? 0 : fread(room, 1, 64 << 10, file);
        out->len += len;
    }
    if (file == NULL || ferror(file))
        buf_printf(complaint, "--from-list: %s cannot be read: %s", path, strerror(errno));
    else if (out->len > LIST_MOST)
        buf_printf(complaint, "--from-list: %s is too long for a list of scenarios", path);
    if (file != NULL)
        fclose(file);
    if (out->failed != ERR_OK)
        return out->failed;
    return complaint->len == 0 ? ERR_OK : ERR_SYNTAX;
}

/* ---- a line as text: "PATH:LINE  NAME  [tags]  (skipped: why)" ---- */

static struct view digits_skip(struct view text)
{
    while (text.len > 0 && text.ptr[0] >= '0' && text.ptr[0] <= '9')
        text = view_skip(text, 1);
    return text;
}

/* The text as a list shows it. */
static bool shown_take(struct view *rest, struct view text)
{
    struct buf shown = {0};

    screen_text(&shown, text, false);
    bool taken = shown.failed == ERR_OK && view_starts(*rest, buf_view(&shown));
    if (taken)
        *rest = view_skip(*rest, shown.len);
    buf_deinit(&shown);
    return taken;
}

static bool text_names(struct view line, const struct listed *listed, const struct suite_file *file)
{
    struct view rest = line;

    if (!shown_take(&rest, file->shown) || !view_starts(rest, V(":")))
        return false;
    rest = digits_skip(view_skip(rest, 1));
    if (!view_starts(rest, V("  ")))
        return false;
    rest = view_skip(rest, 2);
    return shown_take(&rest, listed->name) &&
           (rest.len == 0 || view_starts(rest, V("  [")) || view_starts(rest, V("  (")));
}

/* ---- the lines ---- */

/* Of a line of JSON the id; absent: it has none, or is no JSON. */
static json_t *json_id(struct view line)
{
    json_t *object = json_loadb(line.ptr, line.len, 0, NULL);
    json_t *id = json_incref(json_object_get(object, "id"));

    json_decref(object);
    return id;
}

static bool names(struct view line, struct view id, const struct listed *listed,
                  const struct suite_file *file)
{
    if (id.ptr != NULL)
        return view_equal(id, listed->id);
    return view_equal(line, listed->id) || text_names(line, listed, file);
}

static bool line_mark(const struct from_list *from, struct view line, bool *named)
{
    json_t *text = line.ptr[0] == '{' ? json_id(line) : NULL;
    struct view id = {json_string_value(text), json_string_length(text)};
    bool found = false;

    for (size_t i = 0; i < from->listing->scenarios.count; i++) {
        const struct listed *listed = from->listing->scenarios.items[i];
        if (names(line, id, listed, from->discovery->files[listed->file]))
            named[i] = found = true;
    }
    json_decref(text);
    return found;
}

static enum err lines_mark(const struct from_list *from, struct view text, bool *named,
                           struct buf *complaint)
{
    for (unsigned number = 1; text.len > 0; number++) {
        size_t len = view_find_char(text, '\n');
        struct view line = view_trim(view_head(text, len));
        text = view_skip(text, len + 1);
        if (line.len == 0 || line.ptr[0] == '#' || line_mark(from, line, named))
            continue;
        buf_printf(complaint, "%s:%u: there is no scenario '", from->path, number);
        screen_text(complaint, line, false);
        buf_printf(complaint, "'; make the list anew, or give the paths that it was made of");
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

enum err from_list_mark(const struct from_list *from, bool *named, struct buf *complaint)
{
    struct buf text = {0};
    enum err err = file_read(from->path, &text, complaint);

    if (err == ERR_OK)
        err = lines_mark(from, buf_view(&text), named, complaint);
    buf_deinit(&text);
    return err;
}
