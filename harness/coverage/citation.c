#include "harness/coverage/citation.h"

static bool is_inside(struct view section, struct view outer)
{
    return view_starts(section, outer) &&
           (section.len == outer.len || section.ptr[outer.len] == '.');
}

bool citation_is_for(const struct citation *citation, const struct requirement *one)
{
    struct view sections = one->section;

    if (!view_equal(citation->rfc, one->rfc))
        return false;
    while (sections.len > 0) {
        size_t len = view_find_char(sections, ',');
        if (is_inside(citation->section, view_trim(view_head(sections, len))))
            return true;
        sections = view_skip(sections, len + 1);
    }
    return false;
}
