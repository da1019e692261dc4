#include "harness/gate/words.h"

bool word_take(struct view *rest, struct view *out)
{
    *rest = view_trim(*rest);
    *out = view_head(*rest, view_find_char(*rest, ' '));
    *rest = view_skip(*rest, out->len);
    return out->len > 0;
}
