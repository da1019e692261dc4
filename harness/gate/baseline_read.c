/* The lines of a baseline: a head, entries, and, for lists written by hand, ids of what fails with
 * their reasons.
 *
 *     {"baseline":1,"target":"phone","net":"real"}
 *     {"id":"hold.lua: hold","status":"fail","reason":"no hold yet","issue":"#17"}
 *     hold.lua: resume    # no hold yet
 */
#include "harness/gate/baseline.h"
#include "harness/lua/handle.h"

#include <jansson.h>

struct reading {
    struct baseline *baseline;
    struct view file;
    uint32_t line;
    struct buf *complaint;
};

static const char *const keys[] = {"id",    "status", "reason",  "issue",
                                   "owner", "since",  "expires", NULL};
static const char *const head_keys[] = {"baseline", "target", "net", NULL};

static void place_write(const struct reading *r)
{
    buf_printf(r->complaint, "%.*s:%u: ", VIEW_ARG(r->file), (unsigned)r->line);
}

static enum err complain(const struct reading *r, const char *sentence)
{
    place_write(r);
    buf_add(r->complaint, view_of(sentence));
    return ERR_SYNTAX;
}

static void key_complain(const char *key, const char *const *known, struct buf *out)
{
    const char *near = suggest(key, known);

    buf_printf(out, "unknown key '%.40s'; ", key);
    if (near != NULL) {
        buf_printf(out, "did you mean '%s'?", near);
        return;
    }
    for (size_t i = 0; known[i] != NULL; i++)
        buf_printf(out, "%s%s", i == 0 ? "there are " : ", ", known[i]);
}

/* A misspelt key would be a reason, or an end of a quarantine, that nobody reads. */
static enum err keys_check(const struct reading *r, const json_t *object, const char *const *known)
{
    const char *key;
    const json_t *value;

    json_object_foreach((json_t *)(uintptr_t)object, key, value)
    {
        size_t i = 0;
        while (known[i] != NULL && strcmp(known[i], key) != 0)
            i++;
        if (known[i] != NULL)
            continue;
        place_write(r);
        key_complain(key, known, r->complaint);
        return ERR_SYNTAX;
    }
    return ERR_OK;
}

static enum err text_take(const struct reading *r, const json_t *object, const char *key,
                          struct view *out)
{
    const json_t *value = json_object_get(object, key);
    char sentence[60];

    if (value == NULL)
        return ERR_OK;
    if (!json_is_string(value) || json_string_length(value) == 0) {
        snprintf(sentence, sizeof sentence, "'%s' wants a text between quotes", key);
        return complain(r, sentence);
    }
    *out = (struct view){json_string_value(value), json_string_length(value)};
    return ERR_OK;
}

static bool is_day(struct view text)
{
    uint64_t year = 0, month = 0, day = 0;

    return text.len == 10 && text.ptr[4] == '-' && text.ptr[7] == '-' &&
           view_to_uint(view_head(text, 4), 9999, &year) &&
           view_to_uint((struct view){text.ptr + 5, 2}, 12, &month) && month > 0 &&
           view_to_uint((struct view){text.ptr + 8, 2}, 31, &day) && day > 0;
}

static enum err day_take(const struct reading *r, const json_t *object, const char *key,
                         struct view *out)
{
    char sentence[60];
    enum err err = text_take(r, object, key, out);

    if (err != ERR_OK || out->ptr == NULL || is_day(*out))
        return err;
    snprintf(sentence, sizeof sentence, "'%s' wants a day, as in \"2026-12-31\"", key);
    return complain(r, sentence);
}

static enum err status_take(const struct reading *r, struct view word, enum entry_status *out)
{
    for (unsigned i = ENTRY_PASS; i <= ENTRY_QUARANTINED; i++)
        if (view_equal(word, view_of(entry_status_text((enum entry_status)i)))) {
            *out = (enum entry_status)i;
            return ERR_OK;
        }
    return complain(r, "'status' is one of pass, fail, skip and quarantined");
}

/* Who may be away for good without anybody's name on it is soon forgotten. */
static enum err quarantine_check(const struct reading *r, const struct entry *entry)
{
    if (entry->status != ENTRY_QUARANTINED ||
        (entry->owner.len > 0 && entry->reason.len > 0 && entry->expires.len > 0))
        return ERR_OK;
    return complain(r, "a quarantine wants owner, reason and expires (the day it ends)");
}

static enum err entry_take(const struct reading *r, const json_t *object)
{
    struct entry entry = {.file = r->file, .line = r->line};
    struct view status = {0};
    enum err err = keys_check(r, object, keys);
    const struct {
        const char *key;
        struct view *text;
    } texts[] = {
        {"id",     &entry.id    },
        {"status", &status      },
        {"reason", &entry.reason},
        {"issue",  &entry.issue },
        {"owner",  &entry.owner }
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts && err == ERR_OK; i++)
        err = text_take(r, object, texts[i].key, texts[i].text);
    if (err == ERR_OK)
        err = day_take(r, object, "since", &entry.since);
    if (err == ERR_OK)
        err = day_take(r, object, "expires", &entry.expires);
    if (err == ERR_OK && entry.id.ptr == NULL)
        err = complain(r, "an entry wants the id of a scenario: \"id\":\"calls.lua: hold\"");
    if (err == ERR_OK)
        err = status_take(r, status, &entry.status);
    if (err == ERR_OK)
        err = quarantine_check(r, &entry);
    return err != ERR_OK ? err : baseline_add(r->baseline, &entry);
}

static enum err head_take(const struct reading *r, const json_t *object)
{
    struct baseline *baseline = r->baseline;
    struct view target = {0}, net = {0};
    enum err err = keys_check(r, object, head_keys);

    if (err == ERR_OK && json_integer_value(json_object_get(object, "baseline")) != 1)
        err = complain(r, "a baseline of another version; make it anew with this sipwright");
    if (err == ERR_OK)
        err = text_take(r, object, "target", &target);
    if (err == ERR_OK)
        err = text_take(r, object, "net", &net);
    if (err != ERR_OK || baseline->head_file.ptr != NULL)
        return err;
    baseline->target = arena_copy(&baseline->arena, target);
    baseline->net = arena_copy(&baseline->arena, net);
    baseline->head_file = arena_copy(&baseline->arena, r->file);
    return baseline->target.ptr == NULL || baseline->net.ptr == NULL ||
                   baseline->head_file.ptr == NULL
               ? ERR_MEMORY
               : ERR_OK;
}

static enum err object_take(const struct reading *r, struct view line)
{
    json_error_t error;
    json_t *object = json_loadb(line.ptr, line.len, JSON_REJECT_DUPLICATES, &error);
    enum err err = ERR_OK;

    if (!json_is_object(object))
        err = complain(r, "no JSON object, as in {\"id\":\"calls.lua: hold\",\"status\":\"fail\"}");
    else if (json_object_get(object, "baseline") != NULL)
        err = head_take(r, object);
    else
        err = entry_take(r, object);
    json_decref(object);
    return err;
}

/* "hold.lua: resume   # ticket 17" */
static enum err plain_take(const struct reading *r, struct view line)
{
    size_t hash = view_find_char(line, '#');
    struct entry entry = {.id = view_trim(view_head(line, hash)),
                          .status = ENTRY_FAIL,
                          .file = r->file,
                          .line = r->line};
    struct view reason = view_trim(view_skip(line, hash + 1));

    if (view_find_char(line, '\0') < line.len)
        return complain(r, "this is no text: it has a NUL byte");
    if (reason.len > 0)
        entry.reason = reason;
    return entry.id.len == 0 ? ERR_OK : baseline_add(r->baseline, &entry);
}

enum err baseline_read(struct baseline *baseline, struct view text, struct view file,
                       struct buf *complaint)
{
    struct reading r = {.baseline = baseline, .file = file, .complaint = complaint};
    enum err err = ERR_OK;

    for (size_t len; text.len > 0 && err == ERR_OK; text = view_skip(text, len + 1)) {
        len = view_find_char(text, '\n');
        struct view line = view_trim(view_head(text, len));
        r.line++;
        if (line.len > 0)
            err = view_starts(line, V("{")) ? object_take(&r, line) : plain_take(&r, line);
    }
    return err;
}
