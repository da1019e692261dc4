#include "harness/run/hide.h"

void hide_text(struct secrets *secrets, struct arena *arena, struct view *text)
{
    struct buf own = {0};

    if (text->len == 0)
        return;
    buf_add(&own, *text);
    secrets_black_out(secrets, buf_view(&own));
    if (own.failed != ERR_OK)
        *text = (struct view){0};
    else if (!view_equal(buf_view(&own), *text))
        *text = arena_copy(arena, buf_view(&own));
    buf_deinit(&own);
}

void hide_case(struct secrets *secrets, struct arena *arena, struct report_case *one)
{
    struct view *const texts[] = {&one->id,   &one->name,   &one->reason, &one->detail, &one->rerun,
                                  &one->tags, &one->covers, &one->known,  &one->tried};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        hide_text(secrets, arena, texts[i]);
}
