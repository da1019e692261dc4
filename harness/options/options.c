#include "harness/options/options.h"
#include "harness/options/option_table.h"
#include "harness/options/value.h"
#include "harness/scene/duration.h"

enum err strings_add(struct strings *strings, const char *item)
{
    const char **items = mem_room(strings->items, sizeof *items, strings->count, &strings->size, 8);
    if (items == NULL)
        return ERR_MEMORY;
    strings->items = items;
    strings->items[strings->count++] = item;
    return ERR_OK;
}

void strings_deinit(struct strings *strings)
{
    mem_free(strings->items);
    *strings = (struct strings){0};
}

static enum err number_set(const struct option_row *row, struct number *number, const char *value,
                           struct buf *complaint)
{
    uint64_t least = row->kind == OPTION_COUNT ? 1 : 0;
    uint64_t parsed = 0;

    if (!view_to_uint(view_of(value), UINT64_MAX, &parsed) || parsed < least) {
        buf_printf(complaint, "'--%s %s': give a whole number from %u on", row->name, value,
                   (unsigned)least);
        return ERR_SYNTAX;
    }
    *number = (struct number){.given = true, .value = parsed};
    return ERR_OK;
}

static enum err pair_add(const struct option_row *row, struct strings *pairs, const char *value,
                         struct buf *complaint)
{
    const char *equals = strchr(value, '=');

    if (equals == NULL || equals == value) {
        buf_printf(complaint, "'--%s': give %s, as in '--%s NAME=7'", row->name, row->argument,
                   row->name);
        return ERR_SYNTAX;
    }
    return strings_add(pairs, value);
}

static enum err one_of_set(const struct option_row *row, uint32_t *place, const char *value,
                           struct buf *complaint)
{
    uint32_t index = value_one_of(view_of(row->argument), view_of(value));

    if (index == 0) {
        buf_printf(complaint, "'--%s %s': give one of %s", row->name, value, row->argument);
        return ERR_SYNTAX;
    }
    *place = index;
    return ERR_OK;
}

static enum err shard_set(struct options *options, const char *value, struct buf *complaint)
{
    options->shard_auto = strcmp(value, "auto") == 0;
    if (options->shard_auto ||
        value_shard(view_of(value), &options->shard_index, &options->shard_count))
        return ERR_OK;
    buf_printf(complaint, "'--shard %s': give I/N with I from 1 to N, as in '--shard 2/5', or auto",
               value);
    return ERR_SYNTAX;
}

static enum err duration_set(const struct option_row *row, uint64_t *place, const char *value,
                             struct buf *complaint)
{
    uint64_t us = 0;

    if (!duration_parse_bare(view_of(value), &us) || us == 0) {
        buf_printf(complaint, "'--%s %s': give a duration, as in '20ms', '1.5s' or '2m'", row->name,
                   value);
        return ERR_SYNTAX;
    }
    *place = us;
    return ERR_OK;
}

static enum err row_set(const struct option_row *row, struct options *options, const char *value,
                        struct buf *complaint)
{
    void *place = (char *)options + row->place;

    switch (row->kind) {
    case OPTION_SWITCH:
        *(bool *)place = true;
        return ERR_OK;
    case OPTION_TEXT:
        *(const char **)place = value;
        return ERR_OK;
    case OPTION_ONE_OF:
        return one_of_set(row, place, value, complaint);
    case OPTION_NUMBER:
    case OPTION_COUNT:
        return number_set(row, place, value, complaint);
    case OPTION_LIST:
        return strings_add(place, value);
    case OPTION_PAIRS:
        return pair_add(row, place, value, complaint);
    case OPTION_SHARD:
        return shard_set(options, value, complaint);
    case OPTION_DURATION:
        return duration_set(row, place, value, complaint);
    }
    return ERR_STATE;
}

/* What is left of the command line. */
struct words {
    char **next;
    int left;
};

static const char *word_take(struct words *words)
{
    if (words->left == 0)
        return NULL;
    words->left--;
    return *words->next++;
}

/* `inside` is the value that stands in the same word ("--seed=7", "-j4"), NULL: none does. */
static enum err option_take(const struct option_row *row, const char *inside, struct words *words,
                            struct options *options, struct buf *complaint)
{
    const char *value = inside;

    if (row == NULL)
        return ERR_SYNTAX;
    if (row->argument == NULL && inside != NULL) {
        buf_printf(complaint, "'--%s' takes no value", row->name);
        return ERR_SYNTAX;
    }
    if (row->argument != NULL && value == NULL)
        value = word_take(words);
    if (row->argument != NULL && (value == NULL || *value == '\0')) {
        buf_printf(complaint, "'--%s' needs a value: --%s %s", row->name, row->name, row->argument);
        return ERR_SYNTAX;
    }
    return row_set(row, options, value, complaint);
}

static enum err long_take(const char *word, struct words *words, struct options *options,
                          struct buf *complaint)
{
    struct view text = view_of(word + 2);
    size_t equals = view_find_char(text, '=');
    const char *inside = equals < text.len ? word + 2 + equals + 1 : NULL;

    return option_take(option_find(options->command, view_head(text, equals), complaint), inside,
                       words, options, complaint);
}

static enum err short_take(const char *word, struct words *words, struct options *options,
                           struct buf *complaint)
{
    const char *inside = word[2] != '\0' ? word + 2 : NULL;

    return option_take(option_find_letter(options->command, word[1], complaint), inside, words,
                       options, complaint);
}

static enum err words_parse(struct words *words, struct options *options, struct buf *complaint)
{
    enum err err = ERR_OK;
    bool only_paths = false;

    for (const char *word; err == ERR_OK && (word = word_take(words)) != NULL;) {
        if (!only_paths && strcmp(word, "--") == 0)
            only_paths = true;
        else if (!only_paths && strncmp(word, "--", 2) == 0)
            err = long_take(word, words, options, complaint);
        else if (!only_paths && word[0] == '-' && word[1] != '\0')
            err = short_take(word, words, options, complaint);
        else
            err = strings_add(&options->paths, word);
    }
    return err;
}

/* Options that say what cannot be together. */
static enum err options_check(const struct options *options, struct buf *complaint)
{
    if (options->target != NULL && options->net == NET_SIM)
        buf_printf(complaint, "'--net sim' and '--target' cannot be together: a device is on the "
                              "real network");
    else if (options->dialect != DIALECT_NONE && options->junit == NULL)
        buf_printf(complaint, "'--junit-dialect' needs '--junit FILE'");
    else if (options->repeat.given && (options->until_fail || options->for_us != 0))
        buf_printf(complaint,
                   "'--repeat' cannot be with '%s': at most N times until one fails is "
                   "'--repeat N --fail-fast'",
                   options->until_fail ? "--until-fail" : "--for");
    else if (options->fail_fast && options->max_failures.given)
        buf_printf(complaint, "'--fail-fast' and '--max-failures' cannot be together: the former "
                              "is the latter with 1");
    return complaint->len == 0 ? ERR_OK : ERR_SYNTAX;
}

static enum err help_topic(struct words *words, struct options *options, struct buf *complaint)
{
    const char *topic = word_take(words);

    if (topic == NULL)
        return ERR_OK;
    if (strcmp(topic, "language") == 0) {
        const char *name = word_take(words);
        options->language = name != NULL ? name : "";
        return ERR_OK;
    }
    options->topic = command_find(topic, complaint);
    return options->topic == COMMAND_NONE ? ERR_SYNTAX : ERR_OK;
}

/* "--help" and "--version" in place of a command. */
static enum command command_dashed(const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return COMMAND_HELP;
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0)
        return COMMAND_VERSION;
    return COMMAND_NONE;
}

enum err options_parse(int argc, char **argv, struct options *options, struct buf *complaint)
{
    struct words words = {.next = argv + 1, .left = argc > 0 ? argc - 1 : 0};
    const char *name = word_take(&words);

    options->argc = argc;
    options->argv = argv;
    if (name == NULL) {
        buf_printf(complaint, "give a command; 'sipwright help' lists them");
        return ERR_SYNTAX;
    }
    options->command = command_dashed(name);
    if (options->command == COMMAND_NONE && name[0] == '-')
        buf_printf(complaint, "give the command before its options: sipwright run %s", name);
    else if (options->command == COMMAND_NONE)
        options->command = command_find(name, complaint);
    if (options->command == COMMAND_NONE)
        return ERR_SYNTAX;
    if (options->command == COMMAND_HELP)
        return help_topic(&words, options, complaint);
    enum err err = words_parse(&words, options, complaint);
    if (err == ERR_OK && options->help) {
        options->topic = options->command;
        options->command = COMMAND_HELP;
    }
    return err != ERR_OK ? err : options_check(options, complaint);
}

bool options_real(const struct options *options)
{
    return options->net == NET_REAL || options->target != NULL;
}

void options_deinit(struct options *options)
{
    strings_deinit(&options->paths);
    strings_deinit(&options->tags);
    strings_deinit(&options->rfcs);
    strings_deinit(&options->sets);
    strings_deinit(&options->secrets);
    strings_deinit(&options->choices);
    strings_deinit(&options->ignored);
    strings_deinit(&options->calls);
    strings_deinit(&options->agents);
    strings_deinit(&options->baselines);
    strings_deinit(&options->results);
}
