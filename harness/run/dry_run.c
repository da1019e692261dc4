#include "harness/run/dry_run.h"
#include "harness/run/list.h"
#include "harness/run/screen.h"

struct count {
    unsigned run, skipped;
};

static struct count count_of(const struct listing *listing, uint32_t file)
{
    struct count count = {0};

    for (size_t i = 0; i < listing->scenarios.count; i++) {
        const struct listed *listed = listing->scenarios.items[i];
        if (listed->elsewhere || listed->file != file)
            continue;
        count.run += listed->skip.len == 0;
        count.skipped += listed->skip.len > 0;
    }
    return count;
}

static void count_add(struct buf *out, struct count count)
{
    buf_printf(out, "%u scenario%s", count.run, count.run == 1 ? "" : "s");
    if (count.skipped > 0)
        buf_printf(out, ", %u skipped", count.skipped);
}

static void reasons_add(struct buf *out, const struct listing *listing, uint32_t file)
{
    for (size_t i = 0; i < listing->scenarios.count; i++) {
        const struct listed *listed = listing->scenarios.items[i];
        if (listed->elsewhere || listed->file != file || listed->skip.len == 0)
            continue;
        buf_add(out, V("    - "));
        screen_text(out, listed->name, false);
        buf_add(out, V(": "));
        screen_text(out, listed->skip, false);
        buf_add_char(out, '\n');
    }
}

int dry_run_print(struct setup *setup, const struct listing *listing)
{
    struct count all = {0};
    struct buf text = {0};

    for (uint32_t file = 0; file < setup->discovery.file_count; file++) {
        struct count count = count_of(listing, file);
        if (count.run + count.skipped == 0)
            continue;
        buf_add(&text, V("  "));
        screen_text(&text, setup->discovery.files[file]->shown, false);
        buf_add(&text, V(": "));
        count_add(&text, count);
        buf_add_char(&text, '\n');
        reasons_add(&text, listing, file);
        all.run += count.run;
        all.skipped += count.skipped;
    }
    buf_add(&text, V("dry run: "));
    count_add(&text, all);
    buf_printf(&text, ", %u file%s that do%s not load; nothing was sent\n",
               (unsigned)listing->failures.count, listing->failures.count == 1 ? "" : "s",
               listing->failures.count == 1 ? "es" : "");
    return listing_tell(setup, listing, &text);
}
