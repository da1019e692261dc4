#include "reports/canvas.h"

#include "reports/text.h"

#include <string.h>

void canvas_clear(struct canvas *canvas)
{
    canvas->len = 0;
    canvas->failed = ERR_OK;
}

void canvas_put(struct canvas *canvas, size_t at, struct view point)
{
    if (at >= CANVAS_CELLS || point.len > 4)
        return;
    for (; canvas->len <= at; canvas->len++)
        canvas->cells[canvas->len] = (struct canvas_cell){" "};
    struct canvas_cell cell = {""};
    if (point.len > 0)
        memcpy(cell.bytes, point.ptr, point.len);
    canvas->cells[at] = cell;
}

void canvas_fill(struct canvas *canvas, size_t from, size_t to, const char *what)
{
    for (size_t i = from; i < to; i++)
        canvas_put(canvas, i, view_of(what));
}

void canvas_text(struct canvas *canvas, size_t at, struct view text)
{
    uint32_t point;
    while (text.len > 0) {
        size_t len = text_point(text, &point);
        struct view head = view_head(text, len);
        size_t columns = text_columns(head);
        if (columns > 0) /* marks that would need a place of their own are left out */
            canvas_put(canvas, at, head);
        if (columns > 1)
            canvas_put(canvas, at + 1, (struct view){0});
        at += columns;
        text = view_skip(text, len);
    }
}

void canvas_write(const struct canvas *canvas, struct buf *out)
{
    for (size_t i = 0; i < canvas->len; i++)
        buf_add(out, view_of(canvas->cells[i].bytes));
}

void canvas_label(struct canvas *canvas, struct view label, size_t left, size_t right)
{
    struct buf text = {0};
    size_t room = right - left, took;
    if (room < 4 || label.len == 0)
        return;
    buf_add_char(&text, ' ');
    took = text_add_cut(&text, label, room - 2) + 2;
    buf_add_char(&text, ' ');
    canvas_text(canvas, left + (room - took) / 2, buf_view(&text));
    canvas->failed = canvas->failed == ERR_OK ? text.failed : canvas->failed;
    buf_deinit(&text);
}
