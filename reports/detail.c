#include "reports/detail.h"

#include "reports/json.h"

static struct view text_of(const json_t *object, const char *key)
{
    return json_view(json_object_get(object, key));
}

static uint64_t number_of(const json_t *value, uint64_t absent)
{
    if (!json_is_integer(value) || json_integer_value(value) < 0)
        return absent;
    return (uint64_t)json_integer_value(value);
}

static uint32_t number32_of(const json_t *value)
{
    uint64_t number = number_of(value, 0);
    return number > UINT32_MAX ? 0 : (uint32_t)number;
}

/* Without its end, should it have one. */
static struct view source_of(const json_t *line)
{
    struct view text = text_of(line, "text");
    while (text.len > 0 && (text.ptr[text.len - 1] == '\r' || text.ptr[text.len - 1] == '\n'))
        text.len--;
    return text;
}

static void lines_read(struct detail *detail, const json_t *lines)
{
    size_t count = json_array_size(lines);
    for (size_t i = 0; i < count && detail->line_count < DETAIL_LINES_MOST; i++) {
        const json_t *line = json_array_get(lines, i);
        detail->lines[detail->line_count++] = (struct detail_line){
            .number = number32_of(json_object_get(line, "line")), .text = source_of(line)};
    }
}

/* "bob->>alice: 180 INVITE" */
static void ghost_split(struct view text, struct detail_ghost *out)
{
    size_t arrow = view_find(text, V("->>")), colon = view_find_char(text, ':');
    if (arrow >= colon || colon == text.len)
        return;
    out->from = view_trim(view_head(text, arrow));
    out->to = view_trim(view_skip(view_head(text, colon), arrow + 3));
    out->label = view_trim(view_skip(text, colon + 1));
}

static void ghost_read(struct detail *detail, const json_t *root)
{
    const json_t *ghost = json_object_get(root, "ghost");
    uint64_t at_us = number_of(json_object_get(root, "ghost_at_us"), NEVER);
    if (json_is_string(ghost))
        ghost_split(json_view(ghost), &detail->ghost);
    if (json_is_object(ghost))
        detail->ghost = (struct detail_ghost){text_of(ghost, "from"), text_of(ghost, "to"),
                                              text_of(ghost, "label"), 0};
    const json_t *own = json_object_get(ghost, "at_us");
    detail->ghost.at_us = number_of(own, at_us);
}

static void object_read(struct detail *detail, const json_t *root)
{
    detail->file = text_of(root, "file");
    detail->expected = text_of(root, "expected");
    detail->actual = text_of(root, "actual");
    detail->hint = text_of(root, "hint");
    detail->section = text_of(root, "section");
    detail->mark = text_of(root, "mark");
    detail->traceback = text_of(root, "traceback");
    detail->reason = text_of(root, "reason");
    detail->line = number32_of(json_object_get(root, "line"));
    detail->message = number_of(json_object_get(root, "message"), 0);
    const json_t *caret = json_object_get(root, "caret");
    detail->caret_column = number32_of(json_array_get(caret, 0));
    detail->caret_len = number32_of(json_array_get(caret, 1));
    detail->more_count = json_array_size(json_object_get(root, "more"));
    if (detail->more_count > DETAIL_MORE_MOST)
        detail->more_count = DETAIL_MORE_MOST;
    lines_read(detail, json_object_get(root, "excerpt"));
    ghost_read(detail, root);
}

void detail_init(struct detail *detail, struct view json)
{
    json_t *root = NULL;
    *detail = (struct detail){.ghost.at_us = NEVER};
    if (json_load(json, &root) == ERR_OK && json_is_object(root)) {
        detail->root = root;
        object_read(detail, root);
    } else {
        json_decref(root);
    }
}

void detail_more(const struct detail *detail, size_t index, struct detail *out)
{
    *out = (struct detail){.ghost.at_us = NEVER};
    json_t *more = json_array_get(json_object_get(detail->root, "more"), index);
    if (json_is_object(more))
        object_read(out, more);
}

void detail_deinit(struct detail *detail)
{
    json_decref(detail->root);
    *detail = (struct detail){.ghost.at_us = NEVER};
}
