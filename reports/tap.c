#include "reports/detail.h"
#include "reports/failure.h"
#include "reports/json.h"
#include "reports/report.h"
#include "reports/standing.h"
#include "reports/text.h"
#include "reports/writer.h"

/* TAP 14: a line a case, and below one that did not pass what a person would want to know, in the
 * part of YAML that every reader of TAP has: members, lists, strings in double quotes. */

enum { LADDER_COLUMNS = 100 };

struct tap {
    struct buf *out;
    const struct report_case *one;
};

/* In a description "#" begins a directive, unless it is escaped. */
static void description_add(struct buf *out, struct view text)
{
    struct buf shown = {0};
    text_add(&shown, text);
    for (size_t i = 0; i < shown.len; i++) {
        if (shown.ptr[i] == '#' || shown.ptr[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, shown.ptr[i]);
    }
    text_part_end(out, &shown);
}

/* SKIP: it was not judged. TODO: it is not green, and nobody is stopped by it. */
static void directive_add(const struct tap *tap)
{
    struct buf text = {0};
    if (report_excused(tap->one)) {
        buf_add(tap->out, V(" # TODO "));
        standing_sentence(&text, tap->one);
    } else if (tap->one->verdict == VERDICT_SKIP) {
        buf_add(tap->out, V(" # SKIP "));
        buf_add(&text, tap->one->reason);
    }
    text_add(tap->out, buf_view(&text));
    text_part_end(tap->out, &text);
}

/* As text_add shows it: what YAML would read another way than JSON is not in there any more. */
static void string_add(const struct tap *tap, struct view text)
{
    struct buf shown = {0};
    text_add(&shown, text);
    if (!json_add_text(tap->out, buf_view(&shown)))
        tap->out->failed = ERR_SYNTAX;
    buf_add_char(tap->out, '\n');
    text_part_end(tap->out, &shown);
}

static void member_add(const struct tap *tap, const char *name, struct view text)
{
    if (text.len == 0)
        return;
    buf_printf(tap->out, "  %s: ", name);
    string_add(tap, text);
}

static void ladder_add(const struct tap *tap)
{
    struct buf ladder = {0};
    report_ladder_write(&ladder, tap->one, LADDER_COLUMNS);
    buf_add(tap->out, ladder.len > 0 ? V("  ladder:\n") : V(""));
    for (struct view rest = buf_view(&ladder); rest.len > 0;) {
        buf_add(tap->out, V("    - "));
        string_add(tap, text_line_take(&rest));
    }
    text_part_end(tap->out, &ladder);
}

static void place_add(const struct tap *tap, const struct detail *detail)
{
    struct failure_place place = failure_place(tap->one, detail);
    buf_add(tap->out, V("  at:\n  "));
    member_add(tap, "file", place.file);
    buf_printf(tap->out, "    line: %u\n", (unsigned)place.line);
}

static void diagnostics_add(const struct tap *tap)
{
    struct detail detail;
    detail_init(&detail, tap->one->detail);
    buf_add(tap->out, V("  ---\n"));
    member_add(tap, "message",
               tap->one->reason.len > 0 ? tap->one->reason : view_of(standing_words(tap->one)));
    member_add(tap, "severity", view_of(verdict_text(tap->one->verdict)));
    place_add(tap, &detail);
    member_add(tap, "section", detail.section);
    member_add(tap, "expected", detail.expected);
    member_add(tap, "actual", detail.actual);
    member_add(tap, "hint", detail.hint);
    member_add(tap, "rerun", tap->one->rerun);
    member_add(tap, "pcap", tap->one->pcap);
    ladder_add(tap);
    buf_add(tap->out, V("  ...\n"));
    detail_deinit(&detail);
}

static void case_add(struct buf *out, const struct report_case *one, size_t number)
{
    const struct tap tap = {out, one};
    bool passed = one->verdict == VERDICT_PASS || one->verdict == VERDICT_SKIP;
    bool good = passed && !one->flaky && !report_gates(one);
    buf_add(out, good ? V("ok ") : V("not ok "));
    buf_add_uint(out, number);
    buf_add(out, V(" - "));
    description_add(out, one->id.len > 0 ? one->id : one->name);
    directive_add(&tap);
    buf_add_char(out, '\n');
    if (!good)
        diagnostics_add(&tap);
}

enum err report_tap_write(const struct report_run *run, const char *path)
{
    struct writer writer;
    enum err err = writer_open(&writer, path);
    struct buf *out = writer_buf(&writer);
    if (err != ERR_OK)
        return writer_close(&writer, err);
    buf_printf(out, "TAP version 14\n1..%zu\n# sipwright ", run->case_count);
    text_add(out, run->version);
    buf_printf(out, ", seed %llu\n", (unsigned long long)run->seed);
    for (size_t i = 0; i < run->case_count; i++) {
        case_add(out, &run->cases[i], i + 1);
        writer_spill(&writer);
    }
    if (run->interrupted)
        buf_add(out, V("Bail out! the run was interrupted\n"));
    return writer_close(&writer, ERR_OK);
}
