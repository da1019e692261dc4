#include "reports/html/link.h"

static bool unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
           c == '-' || c == '.' || c == '_' || c == '~';
}

/* Letters that mean nothing to a browser; all others as %41, so that no scheme and no mark-up can
 * come of a file's name. */
static void path_add(struct buf *out, struct view path)
{
    for (size_t i = 0; i < path.len; i++)
        if (unreserved(path.ptr[i]))
            buf_add_char(out, path.ptr[i]);
        else
            buf_printf(out, "%%%02x", (unsigned)(unsigned char)path.ptr[i]);
}

/* What both begin with, up to and with its last slash. */
static size_t common_folders(struct view a, struct view b)
{
    size_t common = 0;
    for (size_t i = 0; i < a.len && i < b.len && a.ptr[i] == b.ptr[i]; i++)
        if (a.ptr[i] == '/')
            common = i + 1;
    return common;
}

void html_link_add(struct buf *out, struct view page, struct view file)
{
    if (view_starts(file, V("./")))
        file = view_skip(file, 2);
    if (view_starts(page, V("./")))
        page = view_skip(page, 2);
    if (view_starts(file, V("/")) != view_starts(page, V("/"))) {
        buf_add(out, view_starts(file, V("/")) ? V("") : V("./"));
        path_add(out, file);
        return;
    }
    size_t common = common_folders(page, file);
    struct view up = view_skip(page, common);
    buf_add(out, V("./"));
    for (size_t i = 0; i < up.len; i++)
        if (up.ptr[i] == '/')
            buf_add(out, V("../"));
    path_add(out, view_skip(file, common));
}
