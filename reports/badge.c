#include "reports/counts.h"
#include "reports/json.h"
#include "reports/writer.h"
#include "reports/xml.h"

/* What a badge says: the score where requirements are covered, else the cases; never more than the
 * run's exit code allows. */
struct badge {
    struct buf message;
    const char *name, *colour; /* of shields.io, and as itself */
};

enum { LABEL_WIDTH = 66, LETTER_WIDTH = 7, MARGIN = 12 };

static void share_add(struct buf *out, const char *level, uint32_t passed, uint32_t applicable)
{
    if (applicable == 0)
        return;
    if (out->len > 0)
        buf_add(out, V(", "));
    buf_printf(out, "%s %u/%u", level, (unsigned)passed, (unsigned)applicable);
}

static void message_add(struct buf *out, const struct report_run *run, const struct counts *counts)
{
    const struct report_score *score = &run->score;

    if (run->interrupted)
        buf_add(out, V("interrupted"));
    share_add(out, "MUST", score->must_passed, score->must_applicable);
    share_add(out, "SHOULD", score->should_passed, score->should_applicable);
    if (score->must_applicable + score->should_applicable == 0)
        buf_printf(out, "%s%zu/%zu passed", out->len > 0 ? ", " : "", counts->passed,
                   counts->all - counts->skipped);
}

/* Green: the run is, and nothing that is put to the test fails. Yellow: what fails is excused. */
static struct badge badge_of(const struct report_run *run)
{
    const struct report_score *score = &run->score;
    struct counts counts = counts_of(run->cases, run->case_count);
    bool red = run->exit_code != 0 || run->interrupted;
    bool full = score->must_passed == score->must_applicable &&
                score->should_passed == score->should_applicable &&
                counts.passed + counts.skipped == counts.all && counts.passed > 0;
    struct badge badge = {.name = red    ? "red"
                                  : full ? "brightgreen"
                                         : "yellow",
                          .colour = red    ? "#c0352b"
                                    : full ? "#2a7f3f"
                                           : "#8a6500"};

    message_add(&badge.message, run, &counts);
    return badge;
}

/* https://shields.io/badges/endpoint-badge */
static void endpoint_write(struct buf *out, const struct badge *badge)
{
    buf_add(out, V("{\"schemaVersion\":1,\"label\":\"sipwright\",\"message\":"));
    json_add_text(out, buf_view(&badge->message));
    buf_printf(out, ",\"color\":\"%s\"}\n", badge->name);
}

static void part_write(struct buf *out, unsigned at, unsigned width, const char *colour)
{
    buf_printf(out, "<rect x=\"%u\" width=\"%u\" height=\"20\" fill=\"%s\"/>\n", at, width, colour);
}

static void svg_write(struct buf *out, const struct badge *badge)
{
    unsigned right = (unsigned)badge->message.len * LETTER_WIDTH + MARGIN;

    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"20\" role=\"img\" "
               "aria-label=\"sipwright: ",
               LABEL_WIDTH + right);
    xml_text(out, buf_view(&badge->message));
    buf_add(out, V("\">\n<title>sipwright: "));
    xml_text(out, buf_view(&badge->message));
    buf_add(out, V("</title>\n"));
    part_write(out, 0, LABEL_WIDTH, "#444");
    part_write(out, LABEL_WIDTH, right, badge->colour);
    buf_printf(
        out,
        "<g fill=\"#fff\" text-anchor=\"middle\" font-family=\"Verdana,DejaVu Sans,sans-serif\" "
        "font-size=\"11\">\n<text x=\"%u\" y=\"14\">sipwright</text>\n"
        "<text x=\"%u\" y=\"14\">",
        LABEL_WIDTH / 2, LABEL_WIDTH + right / 2);
    xml_text(out, buf_view(&badge->message));
    buf_add(out, V("</text>\n</g>\n</svg>\n"));
}

enum err report_badge_write(const struct report_run *run, const char *path)
{
    struct writer writer;
    enum err err = writer_open(&writer, path);
    struct badge badge = badge_of(run);

    if (err == ERR_OK && view_ends(view_of(path), V(".json")))
        endpoint_write(writer_buf(&writer), &badge);
    else if (err == ERR_OK)
        svg_write(writer_buf(&writer), &badge);
    if (err == ERR_OK)
        err = badge.message.failed;
    buf_deinit(&badge.message);
    return writer_close(&writer, err);
}
