#include "harness/captured/case_book.h"

/* What is absent stays so. */
static bool text_keep(struct arena *arena, struct view *text)
{
    if (text->ptr == NULL)
        return true;
    *text = arena_copy(arena, *text);
    return text->ptr != NULL;
}

static bool texts_keep(struct arena *arena, struct report_case *one)
{
    struct view *const texts[] = {&one->id,    &one->file, &one->name, &one->reason, &one->detail,
                                  &one->rerun, &one->pcap, &one->net,  &one->tags,   &one->covers};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!text_keep(arena, texts[i]))
            return false;
    return true;
}

static bool rooms_grow(struct case_book *book)
{
    struct report_case *items = mem_room(book->items, sizeof *items, book->count, &book->size, 64);
    if (items == NULL)
        return false;
    book->items = items;
    uint64_t *from = mem_room(book->from, sizeof *from, book->count, &book->from_size, 64);
    if (from == NULL)
        return false;
    book->from = from;
    return true;
}

enum err case_book_add(struct case_book *book, const struct report_case *one)
{
    struct report_case kept = *one;
    uint64_t from = book->spool.len;
    if (!rooms_grow(book) || !texts_keep(&book->arena, &kept))
        return ERR_MEMORY;
    enum err err = spool_add(&book->spool, one->events);
    if (err != ERR_OK)
        return err;
    kept.events = (struct view){0};
    book->from[book->count] = from;
    book->items[book->count++] = kept;
    return ERR_OK;
}

enum err case_book_settle(struct case_book *book, struct report_run *run)
{
    enum err err = spool_settle(&book->spool);
    for (uint32_t i = 0; err == ERR_OK && i < book->count; i++) {
        uint64_t end = i + 1 < book->count ? book->from[i + 1] : book->spool.len;
        book->items[i].events = spool_view(&book->spool, book->from[i], end - book->from[i]);
        if (book->items[i].events.ptr == NULL && end > book->from[i])
            err = ERR_IO;
    }
    run->cases = book->items;
    run->case_count = book->count;
    return err;
}

void case_book_deinit(struct case_book *book)
{
    spool_deinit(&book->spool);
    arena_deinit(&book->arena);
    mem_free(book->items);
    mem_free(book->from);
    *book = (struct case_book){0};
}
