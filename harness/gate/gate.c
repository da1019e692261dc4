#include "harness/gate/gate.h"
#include "harness/catalogue/requirement.h"
#include "harness/gate/words.h"
#include "harness/scene/json.h"

#include <errno.h>

enum { FILE_MOST = 64 << 20 };

static enum err text_read(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rbe");

    if (file == NULL)
        return ERR_IO;
    out->limit = FILE_MOST;
    for (size_t got = 1; got > 0; out->len += got) {
        char *room = buf_room(out, 64 << 10);
        got = room == NULL ? 0 : fread(room, 1, 64 << 10, file);
    }
    enum err err = ferror(file) != 0 ? ERR_IO : out->failed;
    fclose(file);
    return err;
}

enum err gate_file_read(struct gate *gate, const char *path, struct buf *complaint)
{
    struct buf text = {0};

    errno = 0;
    enum err err = text_read(path, &text);
    if (err == ERR_IO || err == ERR_LIMIT) {
        buf_printf(complaint,
                   "the baseline %s cannot be read: %s; 'sipwright baseline update' makes one",
                   path, err == ERR_LIMIT ? "it is larger than 64 MiB" : strerror(errno));
        err = ERR_SYNTAX;
    }
    if (err == ERR_OK)
        err = baseline_read(&gate->baseline, buf_view(&text), view_of(path), complaint);
    gate->has_baseline = true;
    buf_deinit(&text);
    return err;
}

/* A baseline that does not say what it was made for fits all. */
static enum err made_for(const struct gate *gate, const char *noun, struct view made,
                         struct view now, struct buf *complaint)
{
    if (made.len == 0 || view_equal(made, now))
        return ERR_OK;
    buf_printf(complaint, "%.*s is a baseline of the %s '%.*s', and this run ",
               VIEW_ARG(gate->baseline.head_file), noun, VIEW_ARG(made));
    if (now.len > 0)
        buf_printf(complaint, "is of '%.*s'; each has a baseline of its own", VIEW_ARG(now));
    else
        buf_printf(complaint, "has none; give it with --%s", noun);
    return ERR_SYNTAX;
}

enum err gate_settle(struct gate *gate, struct view target, struct view net, struct buf *complaint)
{
    enum err err = baseline_settle(&gate->baseline, complaint);

    if (err == ERR_OK)
        err = made_for(gate, "target", gate->baseline.target, target, complaint);
    return err != ERR_OK ? err : made_for(gate, "net", gate->baseline.net, net, complaint);
}

/* ---- the level ---- */

static const struct requirement *strongest(struct view covers)
{
    const struct requirement *strong = NULL;

    for (struct view id; word_take(&covers, &id);) {
        const struct requirement *one = requirement_find(id);
        if (one != NULL && (strong == NULL || requirement_level(one) > requirement_level(strong)))
            strong = one;
    }
    return strong;
}

struct view gate_level(struct view covers)
{
    const struct requirement *one = strongest(covers);

    return one == NULL ? (struct view){0} : one->level;
}

/* It covers something, and nothing that is asked for. */
static bool is_beneath(const struct gate *gate, const struct report_case *one)
{
    static const enum requirement_level least[] = {
        [GATE_ALL] = LEVEL_INFO, [GATE_SHOULD] = LEVEL_SHOULD, [GATE_MUST] = LEVEL_NORM};
    const struct requirement *strong = strongest(one->covers);

    return strong != NULL && requirement_level(strong) < least[gate->asked];
}

/* ---- the standing ---- */

struct judging {
    const struct gate *gate;
    struct report_case *one;
    struct arena *arena;
    const struct entry *entry; /* NULL: nothing is known of it */
};

/* Takes the buffer; what is empty is absent. */
static enum err text_keep(struct arena *arena, struct buf *taken, struct view *out)
{
    struct view text = {0};
    enum err err = taken->failed;

    if (err == ERR_OK && taken->len > 0) {
        text = arena_copy(arena, buf_view(taken));
        err = text.ptr == NULL ? ERR_MEMORY : ERR_OK;
    }
    buf_deinit(taken);
    if (err == ERR_OK)
        *out = text;
    return err;
}

static enum err stands(const struct judging *j, enum standing standing, struct buf *why)
{
    j->one->standing = standing;
    return text_keep(j->arena, why, &j->one->known);
}

static enum err stands_by_entry(const struct judging *j, enum standing standing)
{
    struct buf why = {0};

    if (entry_expired(j->entry, j->gate->today))
        buf_printf(&why, "%.*s ended on %.*s",
                   VIEW_ARG(j->entry->status == ENTRY_FAIL ? V("its excuse") : V("its quarantine")),
                   VIEW_ARG(j->entry->expires));
    else
        entry_words(j->entry, &why);
    return stands(j, standing, &why);
}

static enum err stands_by(const struct judging *j, enum standing standing, const char *sentence)
{
    struct buf why = {0};

    buf_add(&why, view_of(sentence));
    return stands(j, standing, &why);
}

/* It is on the list of those that fail. A missing verdict is another thing than a failure. */
static enum err known_judge(const struct judging *j)
{
    const struct report_case *one = j->one;

    if (one->verdict == VERDICT_SKIP)
        return ERR_OK;
    if (report_green(one))
        return stands_by_entry(j, STANDING_FIXED);
    if (entry_expired(j->entry, j->gate->today))
        return stands_by_entry(j, STANDING_EXPIRED);
    if (one->verdict == VERDICT_FAIL || one->flaky)
        return stands_by_entry(j, STANDING_KNOWN);
    return stands_by(j, STANDING_NEW, "the baseline has it as a failure; now it has no verdict");
}

static enum err quarantined_judge(const struct judging *j)
{
    if (j->one->verdict == VERDICT_SKIP)
        return ERR_OK;
    if (!entry_expired(j->entry, j->gate->today))
        return stands_by_entry(j, STANDING_QUARANTINED);
    return report_green(j->one) ? ERR_OK : stands_by_entry(j, STANDING_EXPIRED);
}

/* What is skipped is not put to the test: where it was before, that is lost. */
static enum err vanished_judge(const struct judging *j)
{
    struct buf reason = {0};
    struct report_case *one = j->one;

    buf_add(&reason, V("it passed when the baseline was written, and is skipped now: "));
    buf_add(&reason, one->reason);
    enum err err = text_keep(j->arena, &reason, &one->reason);
    if (err != ERR_OK)
        return err;
    one->verdict = VERDICT_ERROR;
    one->detail = V("{\"hint\":\"'sipwright baseline update' accepts it\"}");
    one->standing = STANDING_VANISHED;
    return ERR_OK;
}

static enum err red_judge(const struct judging *j)
{
    const struct gate *gate = j->gate;
    bool failed = j->one->verdict == VERDICT_FAIL || j->one->flaky;

    if (failed && is_beneath(gate, j->one))
        return stands_by(j, STANDING_ADVISORY,
                         gate->asked == GATE_MUST ? "no MUST: --gate must"
                                                  : "no SHOULD: --gate should");
    if (j->one->flaky && gate->flaky_passes)
        return stands_by(j, STANDING_ADVISORY, "--flaky pass");
    j->one->standing = gate->has_baseline ? STANDING_NEW : STANDING_PLAIN;
    return ERR_OK;
}

enum err gate_judge(const struct gate *gate, const struct gate_facts *facts,
                    struct report_case *one, struct arena *arena)
{
    struct judging j = {.gate = gate,
                        .one = one,
                        .arena = arena,
                        .entry = baseline_find(&gate->baseline, facts->id)};

    one->level = gate_level(one->covers);
    if (facts->inexcusable)
        return ERR_OK;
    if (facts->xfailed) {
        one->standing = STANDING_EXPECTED;
        return ERR_OK;
    }
    if (j.entry != NULL && j.entry->status == ENTRY_QUARANTINED)
        return quarantined_judge(&j);
    if (j.entry != NULL && j.entry->status == ENTRY_FAIL)
        return known_judge(&j);
    if (j.entry != NULL && j.entry->status == ENTRY_PASS && one->verdict == VERDICT_SKIP)
        return vanished_judge(&j);
    return report_green(one) ? ERR_OK : red_judge(&j);
}

enum err gate_vanish(const struct entry *entry, struct report_case *out, struct arena *arena)
{
    struct buf reason = {0};

    buf_printf(&reason, "it vanished: the baseline has it (%s), and no file registers it any more",
               entry_status_text(entry->status));
    struct view text = {0};
    enum err err = text_keep(arena, &reason, &text);
    if (err != ERR_OK)
        return err;
    *out = (struct report_case){
        .id = entry->id,
        .file = entry->file,
        .name = entry->id,
        .line = entry->line,
        .verdict = VERDICT_ERROR,
        .reason = text,
        .detail = V("{\"hint\":\"a new name? 'sipwright baseline update' takes the old one out\"}"),
        .tries = 1,
        .standing = STANDING_VANISHED};
    return ERR_OK;
}

void gate_deinit(struct gate *gate)
{
    baseline_deinit(&gate->baseline);
}
