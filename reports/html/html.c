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

/* Milliseconds where that says all there is, else microseconds. */
void html_seconds(struct buf *out, const struct ladder *ladder, uint64_t time_us)
{
    bool fine = !ladder->real && time_us % US_PER_MS != 0;
    text_add_seconds(out, time_us, fine ? 6 : 3);
}

static void note_add(struct buf *out, const char *text, struct view why)
{
    buf_add(out, out->len == 0 ? V("") : V("; "));
    buf_add(out, view_of(text));
    if (why.len > 0) {
        buf_add(out, V(": "));
        text_add(out, why);
    }
}

static void copy_note(const struct ladder_row *row, struct buf *out)
{
    note_add(out, "rtx ", (struct view){0});
    buf_printf(out, "%u of %u", (unsigned)row->copy, (unsigned)row->copies);
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
        note_add(out, "copied by the network", row->copied_why);
    else if (row->fate <= FATE_REFUSED && texts[row->fate] != NULL &&
             !(gone && row->arrived_us != NEVER)) /* it was a copy of it that was lost */
        note_add(out, texts[row->fate], row->why);
}

void row_note(const struct ladder *ladder, size_t index, struct buf *out)
{
    const struct ladder_row *row = &ladder->rows[index];
    struct view mark = ladder->detail.mark;
    if (row->ghost)
        note_add(out, "never came",
                 ladder->detail.expected.len > 0 ? ladder->detail.expected : V("expected"));
    if (row->marked && mark.len > 0)
        note_add(out, "", mark);
    else if (row->marked)
        note_add(out, "unexpected here", (struct view){0});
    if (row->copy > 0)
        copy_note(row, out);
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

struct verdict_look verdict_look(const struct report_case *one)
{
    static const struct verdict_look looks[] = {
        [VERDICT_PASS] = {"✓", "passed",       "pass"  },
        [VERDICT_FAIL] = {"✗", "failed",       "fail"  },
        [VERDICT_ERROR] = {"✗", "error",        "fail"  },
        [VERDICT_INCONCLUSIVE] = {"?",   "inconclusive", "unsure"},
        [VERDICT_SKIP] = {"–", "skipped",      "skip"  },
    };
    static const struct verdict_look flaky = {"~", "flaky", "unsure"};
    if (report_excused(one))
        return (struct verdict_look){"~", standing_text(one->standing), "unsure"};
    return one->verdict == VERDICT_PASS && one->flaky ? flaky : looks[one->verdict];
}
