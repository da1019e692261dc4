#include "harness/listing/listed.h"

static void pack_words(struct buf *buf, const struct view_list *list)
{
    size_t len = list->count == 0 ? 0 : list->count - 1;

    for (size_t i = 0; i < list->count; i++)
        len += list->items[i].len;
    pack_uint(buf, len);
    for (size_t i = 0; i < list->count; i++) {
        if (i > 0)
            buf_add_char(buf, ' ');
        buf_add(buf, list->items[i]);
    }
}

static bool line_is_shared(const struct suite *suite, uint32_t index)
{
    uint32_t line = suite_scenario(suite, index)->line;

    for (size_t i = 0; i < suite_count(suite); i++)
        if (i != index && suite_scenario(suite, i)->line == line)
            return true;
    return false;
}

void listed_pack(struct buf *buf, const struct listed_by *by)
{
    const struct scenario_info *info = suite_scenario(by->suite, by->index);
    size_t start = frame_begin(buf, FRAME_SCENARIO);

    pack_uint(buf, by->file);
    pack_uint(buf, by->index);
    pack_view(buf, info->id);
    pack_view(buf, info->name);
    pack_words(buf, &info->tags);
    pack_words(buf, &info->covers);
    pack_words(buf, &info->needs);
    pack_view(buf, by->skip);
    pack_view(buf, info->xfail);
    pack_uint(buf, info->line);
    pack_uint(buf, info->retries);
    pack_uint(buf, line_is_shared(by->suite, by->index));
    pack_uint(buf, (uint64_t)info->net);
    pack_uint(buf, info->timeout_us);
    pack_uint(buf, info->has_seed);
    pack_uint(buf, info->seed);
    frame_end(buf, start);
}

static struct view text_take(struct unpack *unpack, struct arena *arena)
{
    struct view text = arena_copy(arena, unpack_view(unpack));

    if (text.ptr == NULL)
        unpack->failed = true;
    return text;
}

enum err listed_unpack(struct view body, struct arena *arena, struct listed *out)
{
    struct unpack unpack = {.rest = body};
    struct listed listed = {0};

    listed.file = (uint32_t)unpack_uint(&unpack);
    listed.index = (uint32_t)unpack_uint(&unpack);
    listed.id = text_take(&unpack, arena);
    listed.name = text_take(&unpack, arena);
    listed.tags = text_take(&unpack, arena);
    listed.covers = text_take(&unpack, arena);
    listed.needs = text_take(&unpack, arena);
    listed.skip = text_take(&unpack, arena);
    listed.xfail = text_take(&unpack, arena);
    listed.line = (uint32_t)unpack_uint(&unpack);
    listed.retries = (uint32_t)unpack_uint(&unpack);
    listed.line_shared = unpack_uint(&unpack) != 0;
    listed.net = (enum scenario_net)unpack_uint(&unpack);
    listed.timeout_us = unpack_uint(&unpack);
    listed.has_seed = unpack_uint(&unpack) != 0;
    listed.seed = unpack_uint(&unpack);
    if (unpack.failed)
        return ERR_SYNTAX;
    *out = listed;
    return ERR_OK;
}
