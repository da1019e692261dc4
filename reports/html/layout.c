#include "reports/html/layout.h"

#include "reports/html/page.h"
#include "reports/text.h"

enum {
    GAP_MOST = 300,
    GAP_NOTES = 256,
    MARGIN_LEAST = 74,
    MARGIN_TIMER = 46, /* between the times and the first lane: for the names of timers */
    TIMES_LEAST = 54,
    TIME_LETTER = 7
};

bool layout_hides(const struct layout *layout, size_t row)
{
    return row >= layout->head && row < layout->tail;
}

int layout_length(const struct layout *layout, const struct ladder_row *row)
{
    return (int)(row->from > row->to ? row->from - row->to : row->to - row->from) * layout->gap;
}

size_t layout_columns(const struct layout *layout, const struct ladder_row *row, int letter)
{
    int length = layout_length(layout, row), room = length == 0 ? 96 : length - 20;
    return (size_t)(room / letter);
}

/* What a user of the stack sees of it; the states of transactions are the stack's own. */
bool layout_state_shown(const struct ladder_mark *mark)
{
    static const char *const shown[] = {"call", "registration", "subscription", "publication",
                                        "dialog"};
    bool any = false;
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        any = any || view_equal(mark->what, view_of(shown[i]));
    return any && mark->lane != LADDER_NO_LANE && !view_equal(mark->to, V("calling")) &&
           !view_equal(mark->to, mark->from);
}

void layout_pill_text(const struct ladder_mark *mark, struct buf *out)
{
    if (!view_equal(mark->what, V("call"))) {
        text_add(out, mark->what);
        buf_add_char(out, ' ');
    }
    text_add(out, mark->to);
}

int layout_pill_width(const struct ladder_mark *mark)
{
    struct buf text = {0};
    layout_pill_text(mark, &text);
    int width = (int)text_columns(buf_view(&text)) * LAYOUT_NOTE_LETTER + 12;
    buf_deinit(&text);
    return width;
}

int layout_pill_left(const struct layout *layout, uint32_t lane, int width)
{
    int x = layout_lane(layout, lane);
    if (lane == 0)
        return larger(x - 7 - width, 2);
    return lane + 1 == layout->ladder->lane_count ? x + 7 : x - width / 2;
}

static int notes_width(const struct ladder *ladder, size_t index)
{
    struct buf lines = {0};
    size_t most = 0;
    row_note_lines(ladder, index, false, &lines);
    for (struct view rest = buf_view(&lines); rest.len > 0;) {
        size_t columns = text_columns(text_line_take(&rest));
        most = columns > most ? columns : most;
    }
    buf_deinit(&lines);
    return (int)(most < 100 ? most : 100) * LAYOUT_NOTE_LETTER;
}

/* Wide enough for labels, and between neighbours for notes too, within reason. */
static int gap_choose(const struct ladder *ladder)
{
    int needed = ladder->lane_count > 2 ? 176 : 216;
    for (size_t i = 0; i < ladder->row_count; i++) {
        size_t columns = text_columns(ladder->rows[i].label);
        int label = (int)(columns < 100 ? columns : 100) * LAYOUT_LETTER + 44;
        needed = larger(needed, label < GAP_MOST ? label : GAP_MOST);
        int note = ladder->lane_count > 2 ? 0 : notes_width(ladder, i) + 22;
        needed = larger(needed, note < GAP_NOTES ? note : GAP_NOTES);
    }
    return needed;
}

/* "12.612361" is wider than "0.001". */
static int times_choose(const struct ladder *ladder)
{
    int needed = TIMES_LEAST;
    for (size_t i = 0; i < ladder->row_count; i++) {
        struct buf time = {0};
        html_seconds(&time, ladder, ladder->rows[i].time_us);
        needed = larger(needed, (int)time.len * TIME_LETTER + 2);
        buf_deinit(&time);
    }
    return needed;
}

/* Room beside the outer lanes, for times, notes on states and messages to oneself. */
static void margins_choose(struct layout *layout)
{
    const struct ladder *ladder = layout->ladder;
    uint32_t last = (uint32_t)(ladder->lane_count == 0 ? 0 : ladder->lane_count - 1);
    layout->times = times_choose(ladder);
    layout->left = layout->times + MARGIN_TIMER;
    layout->right = MARGIN_LEAST;
    for (size_t i = 0; i < ladder->mark_count; i++) {
        const struct ladder_mark *mark = &ladder->marks[i];
        if (mark->kind != MARK_STATE || !layout_state_shown(mark))
            continue;
        int width = layout_pill_width(mark) + 10;
        if (mark->lane == 0)
            layout->left = larger(layout->left, layout->times + 6 + width);
        else if (mark->lane == last)
            layout->right = larger(layout->right, width);
    }
    for (size_t i = 0; i < ladder->row_count; i++)
        if (ladder->rows[i].from == ladder->rows[i].to && ladder->rows[i].to == last)
            layout->right = larger(layout->right, 140);
}

int layout_lane(const struct layout *layout, uint32_t lane)
{
    return layout->left + (int)lane * layout->gap;
}

enum err layout_init(struct layout *layout, const struct ladder *ladder, size_t most)
{
    size_t rows = ladder->row_count, head = rows > most ? most / 4 : rows;
    *layout = (struct layout){.ladder = ladder, .head = head, .tail = head};
    layout->tail = rows > most ? rows - (most - head) : head;
    layout->gap = gap_choose(ladder);
    margins_choose(layout);
    layout->rows = mem_zalloc((rows + 1) * sizeof *layout->rows);
    layout->marks = mem_zalloc((ladder->mark_count + 1) * sizeof *layout->marks);
    enum err err = layout->rows == NULL || layout->marks == NULL ? ERR_MEMORY : ERR_OK;
    err = err == ERR_OK ? layout_place(layout) : err;
    int last = (int)(ladder->lane_count == 0 ? 0 : ladder->lane_count - 1);
    layout->width = layout->left + last * layout->gap + layout->right;
    err = err == ERR_OK ? layout_words(layout) : err;
    if (err != ERR_OK)
        layout_deinit(layout);
    return err;
}

void layout_deinit(struct layout *layout)
{
    mem_free(layout->rows);
    mem_free(layout->marks);
    mem_free(layout->items);
    *layout = (struct layout){0};
}
