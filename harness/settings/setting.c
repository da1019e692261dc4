#include "harness/settings/setting.h"
#include "harness/options/word_kind.h"
#include "harness/run/screen.h"

void setting_write(struct buf *out, const struct setting *setting, bool explain)
{
    struct view value = setting->value.len == 0 ? V("-") : setting->value;
    size_t from = out->len;

    buf_printf(out, "%-22.*s ", VIEW_ARG(setting->name));
    screen_text(out, value, false);
    if (explain) {
        while (out->len < from + 55 && out->failed == ERR_OK)
            buf_add_char(out, ' ');
        buf_add(out, V("  "));
        screen_text(out, setting->from, false);
    }
    buf_add_char(out, '\n');
}

void setting_duration_write(struct buf *out, uint64_t us)
{
    buf_printf(out, "%.15gs", (double)us / (double)US_PER_S);
}

static bool list_write(struct buf *out, const struct strings *list, bool names)
{
    for (uint32_t i = 0; i < list->count; i++) {
        struct view item = view_of(list->items[i]);
        buf_add(out, i == 0 ? V("") : V(", "));
        buf_add(out, names ? view_head(item, view_find_char(item, '=')) : item);
    }
    return list->count > 0;
}

/* The n-th of "sim|real", from 1 on. */
static void word_write(struct buf *out, const char *words, uint32_t n)
{
    struct view rest = view_of(words), word = {0};

    for (; n > 0 && word_choice_next(&rest, &word); n--)
        ;
    buf_add(out, word);
}

static bool shard_write(struct buf *out, const struct options *options)
{
    if (options->shard_count > 0)
        buf_printf(out, "%u/%u", options->shard_index, options->shard_count);
    return options->shard_count > 0;
}

bool option_value_write(struct buf *out, const struct option_row *row,
                        const struct options *options)
{
    const void *place = (const char *)options + row->place;
    const struct number *number = place;
    uint64_t duration_us;

    switch (row->kind) {
    case OPTION_SWITCH:
        buf_add(out, V("yes"));
        return *(const bool *)place;
    case OPTION_TEXT:
        buf_add(out, view_of(*(const char *const *)place));
        return *(const char *const *)place != NULL;
    case OPTION_ONE_OF:
        if (*(const uint32_t *)place != 0)
            word_write(out, row->argument, *(const uint32_t *)place);
        return *(const uint32_t *)place != 0;
    case OPTION_NUMBER:
    case OPTION_COUNT:
        buf_add_uint(out, number->value);
        return number->given;
    case OPTION_LIST:
        return list_write(out, place, false);
    case OPTION_PAIRS:
        return list_write(out, place, strcmp(row->name, "secret") == 0);
    case OPTION_SHARD:
        return shard_write(out, options);
    case OPTION_DURATION:
        memcpy(&duration_us, place, sizeof duration_us);
        setting_duration_write(out, duration_us);
        return duration_us != 0;
    }
    return false;
}

struct view option_default(const struct option_row *row)
{
    struct view help = view_of(row->help);
    struct view rest = view_skip(help, view_find(help, V("(default: ")));

    if (rest.len == 0)
        return (struct view){0};
    rest = view_skip(rest, V("(default: ").len);
    return view_head(rest, view_find_char(rest, ')'));
}
