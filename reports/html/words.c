#include "reports/html/layout.h"
#include "reports/html/page.h"
#include "reports/text.h"

/* Where the words of a row stand: in the middle of its arrow, if nothing else stands there and no
 * other arrow goes through, else further along it, else above its sender's end. For that last place
 * the layout left room between the rows, so that there always is one: whoever stands in somebody's
 * last place goes to his own. */

struct box {
    int left, right, top, bottom;
};

struct words { /* of one row: its label, its notes; two boxes, for they stand apart */
    struct box label, notes;
    int width, notes_width; /* in pixels */
};

struct placing {
    struct layout *layout;
    struct words *words; /* of each row */
    struct box *fixed;   /* bands, states, names of timers */
    size_t fixed_count;
    bool *last_places; /* of each row: there it stands, or its place is kept free */
};

enum { ABOVE = 6, CENTRE = 4, BELOW = 12, ASCENT = 11, DESCENT = 3, BESIDE = 9, STEEP = 4 };

static bool overlap(struct box a, struct box b)
{
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}

static struct box box_of(int x, int width, int base, int lines)
{
    return (struct box){x - width / 2, x + width / 2, base - ASCENT,
                        base + DESCENT + (lines - 1) * LAYOUT_NOTE};
}

static int columns_within(size_t columns, size_t most, int letter)
{
    return (int)(columns < most ? columns : most) * letter;
}

static void words_measure(struct placing *placing, size_t index)
{
    const struct layout *layout = placing->layout;
    const struct ladder_row *row = &layout->ladder->rows[index];
    struct words *words = &placing->words[index];
    struct buf text = {0};
    words->width = columns_within(text_columns(row->label),
                                  layout_columns(layout, row, LAYOUT_LETTER), LAYOUT_LETTER);
    if (layout->rows[index].copy_in_label) {
        row_copy_words(row, &text);
        words->width += (int)text.len * LAYOUT_NOTE_LETTER + 6;
        buf_clear(&text);
    }
    row_note_lines(layout->ladder, index, !layout->rows[index].copy_in_label, &text);
    size_t most = layout_columns(layout, row, LAYOUT_NOTE_LETTER);
    for (struct view rest = buf_view(&text); rest.len > 0;) {
        int width = columns_within(text_columns(text_line_take(&rest)), most, LAYOUT_NOTE_LETTER);
        words->notes_width = larger(words->notes_width, width);
    }
    buf_deinit(&text);
}

/* The words at a distance from the sender, the label above the arrow and the notes below it; or
 * the label interrupts it: on a steep one nobody could tell whose label it is beside it. */
static void words_at(struct placing *placing, size_t index, int distance, bool through)
{
    const struct layout *layout = placing->layout;
    const struct ladder_row *row = &layout->ladder->rows[index];
    struct layout_row *place = &layout->rows[index];
    struct words *words = &placing->words[index];
    int from = layout_lane(layout, row->from);
    int length = layout_length(layout, row), fall = place->y2 - place->y1;
    int high = distance - words->width / 2, low = distance + words->notes_width / 4;
    place->x = row->to > row->from ? from + distance : from - distance;
    place->label_y = place->y1 + fall * (high > 0 ? high : 0) / length - ABOVE;
    place->note_y = place->y1 + fall * (low < length ? low : length) / length + BELOW;
    if (through || fall * STEEP > length) {
        place->label_y = place->y1 + fall * distance / length + CENTRE;
        place->note_y = place->label_y + BELOW;
    }
    words->label = box_of(place->x, words->width, place->label_y, 1);
    words->notes = place->notes == 0
                       ? words->label
                       : box_of(place->x, words->notes_width, place->note_y, (int)place->notes);
}

/* The next that is drawn. */
static size_t row_after(const struct placing *placing, size_t row)
{
    return row + 1 == placing->layout->head ? placing->layout->tail : row + 1;
}

static bool words_none(const struct placing *placing, size_t index)
{
    const struct ladder_row *row = &placing->layout->ladder->rows[index];
    return row->from == row->to || layout_hides(placing->layout, index);
}

static int past_fixed(const struct placing *placing, struct box box, bool rightwards)
{
    int past = 0;
    for (size_t i = 0; i < placing->fixed_count; i++) {
        struct box fixed = placing->fixed[i];
        int by = rightwards ? fixed.right - box.left : box.right - fixed.left;
        past = overlap(box, fixed) && by > past ? by : past;
    }
    return past;
}

/* All of them above the arrow, at the end where it begins, beyond a note on a state there. */
static void words_beside(struct placing *placing, size_t index)
{
    const struct layout *layout = placing->layout;
    const struct ladder_row *row = &layout->ladder->rows[index];
    struct layout_row *place = &layout->rows[index];
    struct words *words = &placing->words[index];
    int width = larger(words->width, words->notes_width);
    int away = BESIDE + width / 2, from = layout_lane(layout, row->from);
    bool rightwards = row->to >= row->from;
    place->note_y = place->y1 - ABOVE - LAYOUT_NOTE * ((int)place->notes - 1);
    place->label_y = place->y1 - ABOVE - LAYOUT_NOTE * (int)place->notes;
    place->x = rightwards ? from + away : from - away;
    struct box box = box_of(place->x, width, place->label_y, 1 + (int)place->notes);
    place->x += (rightwards ? 1 : -1) * past_fixed(placing, box, rightwards);
    words->label = box_of(place->x, width, place->label_y, 1 + (int)place->notes);
    words->notes = words->label;
}

static bool words_overlap(const struct words *a, const struct words *b)
{
    return overlap(a->label, b->label) || overlap(a->label, b->notes) ||
           overlap(a->notes, b->label) || overlap(a->notes, b->notes);
}

static bool words_collide(const struct placing *placing, size_t index)
{
    const struct words *mine = &placing->words[index];
    for (size_t i = 0; i < placing->fixed_count; i++)
        if (overlap(mine->label, placing->fixed[i]) || overlap(mine->notes, placing->fixed[i]))
            return true;
    for (size_t i = 0; i < placing->layout->ladder->row_count; i = row_after(placing, i))
        if (i != index && words_overlap(mine, &placing->words[i]))
            return true;
    return false;
}

/* The line from the first to the second point goes through the box. */
static bool line_meets(int x1, int y1, int x2, int y2, struct box box)
{
    int left = larger(box.left, smaller(x1, x2)), right = smaller(box.right, larger(x1, x2));
    if (left >= right || larger(y1, y2) <= box.top || smaller(y1, y2) >= box.bottom)
        return false;
    int a = y1 + (y2 - y1) * (left - x1) / (x2 - x1), b = y1 + (y2 - y1) * (right - x1) / (x2 - x1);
    return larger(a, b) > box.top && smaller(a, b) < box.bottom;
}

/* Another row's arrow goes through its words: whose they are could not be told. */
static bool words_crossed(const struct placing *placing, size_t index)
{
    const struct layout *layout = placing->layout;
    const struct words *mine = &placing->words[index];
    for (size_t i = 0; i < layout->ladder->row_count; i = row_after(placing, i)) {
        const struct ladder_row *row = &layout->ladder->rows[i];
        int x1 = layout_lane(layout, row->from), x2 = layout_lane(layout, row->to);
        int y1 = layout->rows[i].y1, y2 = layout->rows[i].y2;
        if (i == index || words_none(placing, i))
            continue;
        if (line_meets(x1, y1, x2, y2, mine->label) || line_meets(x1, y1, x2, y2, mine->notes))
            return true;
    }
    return false;
}

/* The middles of what is between two lanes, from the middle one outwards; between two lanes that
 * are neighbours, places along the arrow. */
static int distance_try(const struct layout *layout, const struct ladder_row *row, int width,
                        int number)
{
    static const int parts[] = {50, 42, 58, 35, 65, 28, 72};
    int lanes = layout_length(layout, row) / layout->gap;
    int count = (int)(sizeof parts / sizeof *parts), away = (number + 1) / 2;
    if (lanes > 1 && number < lanes) {
        int gap = lanes / 2 + (number % 2 == 0 ? away : -away);
        return gap < 0 || gap >= lanes ? -1 : gap * layout->gap + layout->gap / 2;
    }
    if (lanes != 1 || number >= count)
        return -1;
    int reach = ladder_row_stopped(row) ? layout->gap * 4 / 5 - 8 : layout->gap;
    int distance = reach * parts[number] / 100, edge = width / 2 + 5;
    return number > 0 && (distance < edge || distance > layout->gap - edge) ? -1 : distance;
}

enum { TRIES = LADDER_LANES_MOST, ROUNDS = 12 };

static bool words_try(struct placing *placing, size_t index, bool through, bool crossed)
{
    const struct layout *layout = placing->layout;
    const struct ladder_row *row = &layout->ladder->rows[index];
    const struct words *words = &placing->words[index];
    int width = larger(words->width, words->notes_width);
    for (int number = 0; number < TRIES; number++) {
        int distance = distance_try(layout, row, width, number);
        if (distance < 0)
            continue;
        words_at(placing, index, distance, through);
        if (!words_collide(placing, index) && (crossed || !words_crossed(placing, index)))
            return true;
    }
    return false;
}

/* Above its arrow, or on it, where no other goes through; else where there is room at all. */
static bool words_find(struct placing *placing, size_t index)
{
    return words_try(placing, index, false, false) || words_try(placing, index, true, false) ||
           words_try(placing, index, false, true);
}

/* Each row in its turn. False: one found nothing but its last place, and whoever stood there has to
 * go: it is to be done again. */
static bool words_round(struct placing *placing)
{
    size_t rows = placing->layout->ladder->row_count;
    for (size_t i = 0; i < rows; i = row_after(placing, i)) {
        placing->words[i].label = placing->words[i].notes = (struct box){0};
        if (placing->last_places[i] && !words_none(placing, i))
            words_beside(placing, i);
    }
    for (size_t i = 0; i < rows; i = row_after(placing, i)) {
        if (words_none(placing, i) || words_find(placing, i))
            continue;
        words_beside(placing, i);
        bool free = true;
        for (size_t j = 0; j < i; j = row_after(placing, j))
            if (words_overlap(&placing->words[i], &placing->words[j])) {
                free = free && placing->last_places[j] && placing->last_places[i];
                placing->last_places[j] = placing->last_places[i] = true;
            }
        if (!free)
            return false;
    }
    return true;
}

static void fixed_add(struct placing *placing, const struct layout_item *item)
{
    const struct layout *layout = placing->layout;
    struct box box = {0, layout->width, item->y1, item->y2};
    const struct ladder_mark *mark = &layout->ladder->marks[item->mark];
    if (item->kind == LAYOUT_STATE) {
        int width = layout_pill_width(mark);
        box.left = layout_pill_left(layout, mark->lane, width);
        box.right = box.left + width;
    } else if (item->kind == LAYOUT_TIMER && item->tick == 0) {
        return;
    } else if (item->kind == LAYOUT_TIMER) {
        int lane = layout_lane(layout, mark->lane);
        box = (struct box){lane - 30, lane + 30, item->tick - ASCENT, item->tick + DESCENT};
    } else if (item->kind == LAYOUT_FOLD) {
        box.left = box.right = (layout->left + layout->width - layout->right) / 2;
        box.left -= 60;
        box.right += 60;
    }
    placing->fixed[placing->fixed_count++] = box;
}

enum err layout_words(struct layout *layout)
{
    size_t rows = layout->ladder->row_count;
    struct placing placing = {.layout = layout};
    placing.words = mem_zalloc((rows + 1) * sizeof *placing.words);
    placing.fixed = mem_zalloc((layout->item_count + 1) * sizeof *placing.fixed);
    placing.last_places = mem_zalloc((rows + 1) * sizeof *placing.last_places);
    bool room = placing.words != NULL && placing.fixed != NULL && placing.last_places != NULL;
    for (size_t i = 0; room && i < layout->item_count; i++)
        fixed_add(&placing, &layout->items[i]);
    for (size_t i = 0; room && i < rows; i = row_after(&placing, i))
        words_measure(&placing, i);
    size_t round = 0;
    while (room && round < ROUNDS && !words_round(&placing))
        round++;
    for (size_t i = 0; i < rows && round == ROUNDS; i++)
        placing.last_places[i] = true;
    if (round == ROUNDS)
        (void)words_round(&placing);
    mem_free(placing.words);
    mem_free(placing.fixed);
    mem_free(placing.last_places);
    return room ? ERR_OK : ERR_MEMORY;
}
