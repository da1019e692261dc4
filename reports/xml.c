#include "reports/xml.h"

#include "reports/text.h"

static void point_add(struct buf *out, struct view bytes, uint32_t point, bool attribute)
{
    bool blank = point == '\n' || point == '\t';
    if (point == '&')
        buf_add(out, V("&amp;"));
    else if (point == '<')
        buf_add(out, V("&lt;"));
    else if (point == '>')
        buf_add(out, V("&gt;"));
    else if (point == '"')
        buf_add(out, V("&quot;"));
    else if (point == '\r' || (blank && attribute))
        buf_printf(out, "&#%u;", (unsigned)point); /* a parser would turn it into something else */
    else if (blank)
        buf_add(out, bytes);
    else
        text_add(out, bytes);
}

static void points_add(struct buf *out, struct view text, bool attribute)
{
    uint32_t point;
    while (text.len > 0) {
        size_t len = text_point(text, &point);
        point_add(out, view_head(text, len), point, attribute);
        text = view_skip(text, len);
    }
}

void xml_text(struct buf *out, struct view text)
{
    points_add(out, text, false);
}

void xml_attribute(struct buf *out, const char *name, struct view value)
{
    buf_printf(out, " %s=\"", name);
    points_add(out, value, true);
    buf_add_char(out, '"');
}

void xml_attribute_uint(struct buf *out, const char *name, uint64_t value)
{
    buf_printf(out, " %s=\"%llu\"", name, (unsigned long long)value);
}

void xml_attribute_seconds(struct buf *out, const char *name, uint64_t time_us)
{
    buf_printf(out, " %s=\"", name);
    text_add_seconds(out, time_us, 3);
    buf_add_char(out, '"');
}
