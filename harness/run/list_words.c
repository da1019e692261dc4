#include "harness/run/list_words.h"
#include "harness/host/pipe.h"
#include "harness/options/exit_code.h"
#include "harness/run/screen.h"
#include "harness/run/sort.h"

#include <unistd.h>

static bool word_before(const void *a, const void *b)
{
    return view_compare(*(const struct view *)a, *(const struct view *)b) < 0;
}

static enum err words_print(struct setup *setup, struct pointers *words)
{
    struct buf text = {0};
    struct view last = {0};
    enum err err = sort_pointers(words->items, words->count, word_before);

    for (size_t i = 0; i < words->count && err == ERR_OK; i++) {
        struct view word = *(const struct view *)words->items[i];
        if (view_equal(word, last))
            continue;
        screen_text(&text, word, false);
        buf_add_char(&text, '\n');
        last = word;
    }
    secrets_black_out(&setup->hidden, buf_view(&text));
    if (err == ERR_OK && text.failed == ERR_OK && !pipe_write(STDOUT_FILENO, buf_view(&text)))
        err = ERR_IO;
    if (err == ERR_OK)
        err = text.failed;
    buf_deinit(&text);
    return err;
}

int list_words_print(struct setup *setup, struct listing *listing)
{
    const struct options *options = setup->options;
    struct pointers tags = {0};
    enum err err = options->list_tags ? listing_tags(listing, &tags) : ERR_OK;

    if (err == ERR_OK)
        err = words_print(setup, options->list_tags ? &tags : &listing->targets);
    mem_free(tags.items);
    return err == ERR_OK ? EXIT_ALL_PASSED : EXIT_ENVIRONMENT;
}
