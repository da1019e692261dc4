#include "reports/attachment.h"

#include "reports/event.h"

enum { NAME_MOST = 60, NUMBER_MOST = 999 };

bool attachment_take(struct view *rest, struct attachment *attachment)
{
    for (struct trace_event event; event_take(rest, NULL, &event);)
        if (event.kind == TRACE_ATTACH) {
            attachment->name = event.u.note.name;
            attachment->mime = event.u.note.mime;
            attachment->bytes = event.u.note.text;
            attachment->number++;
            return true;
        }
    return false;
}

/* What a script calls it, as a file may be called on any system: no folders, nothing hidden. */
static void name_add(struct buf *out, struct view name)
{
    size_t skipped = name.len > NAME_MOST ? name.len - NAME_MOST : 0; /* the ending tells more */
    name = view_skip(name, skipped);
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        bool inner = i > 0 && (c == '.' || c == '_');
        buf_add_char(out, letter || inner ? c : '-');
    }
}

void attachment_path_add(struct buf *out, const struct report_case *one,
                         const struct attachment *attachment)
{
    struct view capture = one->pcap;
    if (capture.len == 0)
        return;
    if (view_ends(capture, V(".pcap")))
        capture.len -= sizeof ".pcap" - 1;
    buf_add(out, capture);
    buf_printf(out, ".%u-", (unsigned)attachment->number);
    name_add(out, attachment->name.len > 0 ? attachment->name : V("attachment"));
}

static enum err one_write(const struct report_case *one, const struct attachment *attachment)
{
    struct buf path = {0};
    attachment_path_add(&path, one, attachment);
    buf_add_char(&path, '\0');
    enum err err = path.failed;
    if (err == ERR_OK)
        err = report_file_write(path.ptr, attachment->bytes);
    buf_deinit(&path);
    return err;
}

enum err report_attachments_write(const struct report_case *one)
{
    struct attachment attachment = {0};
    enum err err = ERR_OK;
    for (struct view rest = one->events;
         err == ERR_OK && one->pcap.len > 0 && attachment_take(&rest, &attachment);)
        err = attachment.number > NUMBER_MOST ? ERR_LIMIT : one_write(one, &attachment);
    return err;
}
