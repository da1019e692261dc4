#include "harness/catalogue/requirement.h"
#include "harness/lua/handle.h"

const struct requirement *requirement_find(struct view id)
{
    size_t low = 0, high = requirement_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = view_compare(requirements[middle].id, id);
        if (order == 0)
            return &requirements[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const struct requirement *requirement_of_rule(struct view id)
{
    const struct requirement *one = requirement_find(id);
    bool lettered = id.len > 0 && id.ptr[id.len - 1] >= 'a' && id.ptr[id.len - 1] <= 'z';

    return one == NULL && lettered ? requirement_find(view_head(id, id.len - 1)) : one;
}

enum requirement_level requirement_level(const struct requirement *one)
{
    static const char *const levels[] = {"INFO", "MAY", "SHOULD", "NORM", "MUST"};

    for (unsigned i = 0; i < sizeof levels / sizeof *levels; i++)
        if (view_equal(one->level, view_of(levels[i])))
            return (enum requirement_level)i;
    return LEVEL_MUST; /* what cannot be read is not let off */
}

const char *requirement_near(const char *id)
{
    const char **names = mem_zalloc((requirement_count + 1) * sizeof *names);
    const char *near = NULL;

    if (names == NULL)
        return NULL;
    for (size_t i = 0; i < requirement_count; i++)
        names[i] = requirements[i].id.ptr;
    near = suggest(id, names);
    mem_free(names);
    return near;
}

bool section_is_inside(struct view section, struct view outer)
{
    return view_starts(section, outer) &&
           (section.len == outer.len || section.ptr[outer.len] == '.');
}

bool section_take(struct view *sections, struct view *out)
{
    size_t len = view_find_char(*sections, ',');

    if (sections->len == 0)
        return false;
    *out = view_trim(view_head(*sections, len));
    *sections = view_skip(*sections, len + 1);
    return true;
}

bool requirement_in_section(const struct requirement *one, struct view section)
{
    struct view rest = one->section;

    for (struct view own; section_take(&rest, &own);)
        if (section_is_inside(own, section))
            return true;
    return false;
}
