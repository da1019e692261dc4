/* One line of a ladder as a row of cells, so that labels, arrows and bars of any width meet where
 * they should.
 *
 *     struct canvas canvas;
 *     canvas_clear(&canvas);
 *     canvas_label(&canvas, row->label, left, right);
 *     canvas_write(&canvas, out);
 */
#pragma once
#include "core/base.h"

enum { CANVAS_CELLS = 512 };

struct canvas_cell {
    char bytes[5]; /* one code point; "": half of a wide one */
};

struct canvas {
    struct canvas_cell cells[CANVAS_CELLS];
    size_t len;
    enum err failed;
};

void canvas_clear(struct canvas *canvas);
/* What is beyond the last cell is not drawn. */
void canvas_put(struct canvas *canvas, size_t at, struct view point);
void canvas_fill(struct canvas *canvas, size_t from, size_t to, const char *what);
void canvas_text(struct canvas *canvas, size_t at, struct view text); /* that is safe already */
/* In the middle between two columns, a blank on each side, cut where it is too long. */
void canvas_label(struct canvas *canvas, struct view label, size_t left, size_t right);
void canvas_write(const struct canvas *canvas, struct buf *out);
