#include "harness/coverage/citation.h"

bool citation_is_for(const struct citation *citation, const struct requirement *one)
{
    struct view rest = one->section;

    if (!view_equal(citation->rfc, one->rfc))
        return false;
    for (struct view own; section_take(&rest, &own);)
        if (section_is_inside(citation->section, own))
            return true;
    return false;
}
