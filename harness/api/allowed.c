#include "harness/api/allowed.h"

#include "harness/agent/agents.h"
#include "harness/api/pattern_line.h"
#include "harness/scene/run.h"

static bool is_line(struct view text)
{
    return view_find(text, V("->>")) < text.len;
}

void allowed_read(struct allowed *allowed, const struct scene *scene)
{
    struct pattern_error error;

    *allowed = (struct allowed){0};
    if (scene->info == NULL)
        return;
    for (size_t i = 0; i < scene->info->allow.count && allowed->count < ALLOWED_MAX; i++) {
        struct view text = scene->info->allow.items[i];
        if (is_line(text) && pattern_line_parse(text, &allowed->arena,
                                                &allowed->lines[allowed->count], &error) == ERR_OK)
            allowed->count++;
    }
}

bool allowed_has(const struct allowed *allowed, struct scene *scene, uint32_t from, uint32_t to,
                 struct sip_msg *msg)
{
    for (size_t i = 0; i < allowed->count; i++) {
        const struct pattern_line *line = &allowed->lines[i];
        if (msg != NULL && line_fits(scene, line, from, to, msg))
            return true;
        if (msg == NULL && view_equal(pattern_text(line->pattern), V("*")) &&
            view_equal(line->from, agents_name(scene->agents, from)))
            return true;
    }
    return false;
}

void allowed_deinit(struct allowed *allowed)
{
    arena_deinit(&allowed->arena);
}
