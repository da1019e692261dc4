#include "reports/html/link.h"
#include "reports/html/page.h"
#include "reports/text.h"
#include "reports/xml.h"

void html_text(struct buf *out, struct view text)
{
    struct buf safe = {0};
    text_add(&safe, text);
    xml_text(out, buf_view(&safe));
    text_part_end(out, &safe);
}

void html_element(struct buf *out, const char *name, const char *style, struct view text)
{
    if (text.len == 0)
        return;
    buf_printf(out, style == NULL ? "<%s>" : "<%s class=\"%s\">", name, style);
    html_text(out, text);
    buf_printf(out, "</%s>", name);
}

void html_fact(struct buf *out, const char *name, struct view value)
{
    if (value.len == 0)
        return;
    buf_printf(out, "<div><dt>%s</dt><dd>", name);
    html_text(out, value);
    buf_add(out, V("</dd></div>\n"));
}

/* Milliseconds where that says all there is, else microseconds. */
void html_seconds(struct buf *out, const struct ladder *ladder, uint64_t time_us)
{
    bool fine = !ladder->real && time_us % US_PER_MS != 0;
    text_add_seconds(out, time_us, fine ? 6 : 3);
}

/* Lines of a note are put between by newlines: text_add lets none in. */
static void note_add(struct buf *out, const char *text, struct view why)
{
    buf_add(out, out->len == 0 ? V("") : V("\n"));
    buf_add(out, view_of(text));
    if (why.len > 0) {
        buf_add(out, V(": "));
        text_add(out, why);
    }
}

void row_copy_words(const struct ladder_row *row, struct buf *out)
{
    buf_printf(out, "rtx %u of %u", (unsigned)row->copy, (unsigned)row->copies);
    if (row->timer.len > 0) {
        buf_add(out, V(", Timer "));
        text_add(out, row->timer);
    }
}

static void fate_note(const struct ladder_row *row, struct buf *out)
{
    static const char *const texts[] = {
        [FATE_SWALLOWED] = "swallowed by a hook", [FATE_CHANGED] = "changed", [FATE_LOST] = "lost",
        [FATE_CORRUPTED] = "corrupted",           [FATE_REFUSED] = "refused",
    };
    bool gone = row->fate == FATE_LOST || row->fate == FATE_REFUSED;
    if (row->again)
        note_add(out, row->copied_why.len > 0 ? "copied" : "copied by the network",
                 row->copied_why);
    else if (row->fate <= FATE_REFUSED && texts[row->fate] != NULL &&
             !(gone && row->arrived_us != NEVER)) /* it was a copy of it that was lost */
        note_add(out, texts[row->fate], row->why);
}

void row_note_lines(const struct ladder *ladder, size_t index, bool copy, struct buf *out)
{
    const struct ladder_row *row = &ladder->rows[index];
    struct view mark = ladder->detail.mark;
    if (row->ghost)
        note_add(out, "never came",
                 ladder->detail.expected.len > 0 ? ladder->detail.expected : V("expected"));
    if (row->marked) {
        note_add(out, mark.len > 0 ? "" : "unexpected here", (struct view){0});
        text_add(out, mark);
    }
    if (row->copy > 0 && copy) {
        note_add(out, "", (struct view){0});
        row_copy_words(row, out);
    }
    if (row->broken_count > 0) {
        note_add(out, "breaks ", (struct view){0});
        text_add(out, row->broken);
    }
    fate_note(row, out);
    if (ladder_row_overtaken(ladder, index)) {
        note_add(out, "arrives ", (struct view){0});
        html_seconds(out, ladder, row->arrived_us);
    }
}

void row_note(const struct ladder *ladder, size_t index, struct buf *out)
{
    struct buf lines = {0};
    row_note_lines(ladder, index, true, &lines);
    for (size_t i = 0; i < lines.len; i++)
        if (lines.ptr[i] == '\n')
            buf_add(out, V("; "));
        else
            buf_add_char(out, lines.ptr[i]);
    text_part_end(out, &lines);
}

struct verdict_look verdict_look(enum verdict verdict)
{
    static const struct verdict_look looks[] = {
        [VERDICT_PASS] = {"✓", "passed",       "pass"  },
        [VERDICT_FAIL] = {"✗", "failed",       "fail"  },
        [VERDICT_ERROR] = {"✗", "error",        "fail"  },
        [VERDICT_INCONCLUSIVE] = {"?",   "inconclusive", "unsure"},
        [VERDICT_SKIP] = {"–", "skipped",      "skip"  },
    };
    return looks[verdict];
}

struct verdict_look case_look(const struct report_case *one)
{
    if (report_excused(one))
        return (struct verdict_look){"~", standing_text(one->standing), "unsure"};
    if (one->verdict == VERDICT_PASS && one->flaky)
        return (struct verdict_look){"~", "flaky", "unsure"};
    return verdict_look(one->verdict);
}
