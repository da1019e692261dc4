#include "harness/kit/bundled.h"

struct view bundled_find(struct view name)
{
    const struct bundled *file = bundled_files;

    while (file->name != NULL && !view_equal(view_of(file->name), name))
        file++;
    ASSERT(file->name != NULL);
    return file->bytes;
}
