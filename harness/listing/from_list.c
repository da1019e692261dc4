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

/* A scenario as a list shows it. */
struct shown {
    struct view file, name;
};

static struct view shown_text(struct arena *arena, struct view text)
{
    struct buf shown = {0};

    screen_text(&shown, text, false);
    struct view copy =
        shown.failed == ERR_OK ? arena_copy(arena, buf_view(&shown)) : (struct view){0};
    buf_deinit(&shown);
    return copy;
}

/* One for each scenario; NULL: memory. */
static struct shown *shown_make(const struct from_list *from, struct arena *arena)
{
    size_t count = from->listing->scenarios.count;
    struct shown *all = arena_zalloc(arena, (count + 1) * sizeof *all);

    for (size_t i = 0; all != NULL && i < count; i++) {
        const struct listed *listed = from->listing->scenarios.items[i];
        all[i].file = shown_text(arena, from->discovery->files[listed->file]->shown);
        all[i].name = shown_text(arena, listed->name);
        if (all[i].file.ptr == NULL || all[i].name.ptr == NULL)
            return NULL;
    }
    return all;
}

static bool take(struct view *rest, struct view text)
{
    if (!view_starts(*rest, text))
        return false;
    *rest = view_skip(*rest, text.len);
    return true;
}

static bool text_names(struct view line, const struct shown *shown)
{
    struct view rest = line;

    if (!take(&rest, shown->file) || !take(&rest, V(":")))
        return false;
    rest = digits_skip(rest);
    return take(&rest, V("  ")) && take(&rest, shown->name) &&
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
                  const struct shown *shown)
{
    if (id.ptr != NULL)
        return view_equal(id, listed->id);
    return view_equal(line, listed->id) || text_names(line, shown);
}

static bool line_mark(const struct from_list *from, const struct shown *shown, struct view line,
                      bool *named)
{
    json_t *text = line.ptr[0] == '{' ? json_id(line) : NULL;
    struct view id = {json_string_value(text), json_string_length(text)};
    bool found = false;

    for (size_t i = 0; i < from->listing->scenarios.count; i++)
        if (names(line, id, from->listing->scenarios.items[i], &shown[i]))
            named[i] = found = true;
    json_decref(text);
    return found;
}

static enum err lines_mark(const struct from_list *from, const struct shown *shown,
                           struct view text, bool *named, struct buf *complaint)
{
    for (unsigned number = 1; text.len > 0; number++) {
        size_t len = view_find_char(text, '\n');
        struct view line = view_trim(view_head(text, len));
        text = view_skip(text, len + 1);
        if (line.len == 0 || line.ptr[0] == '#' || line_mark(from, shown, line, named))
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
    struct arena arena = {0};
    enum err err = file_read(from->path, &text, complaint);
    const struct shown *shown = err == ERR_OK ? shown_make(from, &arena) : NULL;

    if (err == ERR_OK)
        err =
            shown == NULL ? ERR_MEMORY : lines_mark(from, shown, buf_view(&text), named, complaint);
    arena_deinit(&arena);
    buf_deinit(&text);
    return err;
}
