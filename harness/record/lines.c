/* The flow: a line for each message, with names for the tags that it has. */
#include "harness/record/inside.h"

struct tags { /* of the call so far, with the name that each has in the flow */
    struct view tag[32], name[32];
    size_t count;
};

/* The variable of a tag: its maker's name, "$alice", "$alice2". Absent: there are too many. */
static struct view tag_name(struct outline *outline, struct tags *tags, struct view tag,
                            struct view owner)
{
    unsigned n = 1;

    for (size_t i = 0; i < tags->count; i++)
        if (view_equal(tags->tag[i], tag))
            return tags->name[i];
    if (tags->count == sizeof tags->tag / sizeof *tags->tag)
        return (struct view){0};
    struct view name = owner;
    for (size_t i = 0; i < tags->count;)
        if (view_equal(tags->name[i], name)) {
            name = words_print(&outline->words, "%.*s%u", VIEW_ARG(owner), ++n);
            i = 0;
        } else {
            i++;
        }
    tags->tag[tags->count] = tag;
    tags->name[tags->count++] = name;
    return name;
}

/* A request shows who asks, and in a dialog whom; a response shows the To tag that it brings. */
static struct view line_checks(struct outline *outline, struct tags *tags,
                               const struct call_message *message)
{
    const struct sip_name_addr *from = sip_msg_from(message->msg), *to = sip_msg_to(message->msg);
    bool request = sip_msg_is_request(message->msg);
    struct view owner = actor_name(outline, message->from);
    struct view from_name = {0}, to_name = {0};

    if (from != NULL && from->tag.len > 0)
        from_name =
            tag_name(outline, tags, from->tag, request ? owner : actor_name(outline, message->to));
    if (to != NULL && to->tag.len > 0)
        to_name =
            tag_name(outline, tags, to->tag, request ? actor_name(outline, message->to) : owner);
    if (request && from_name.len > 0 && to_name.len > 0)
        return words_print(&outline->words, "From.tag = $%.*s, To.tag = $%.*s", VIEW_ARG(from_name),
                           VIEW_ARG(to_name));
    if (request && from_name.len > 0)
        return words_print(&outline->words, "From.tag = $%.*s", VIEW_ARG(from_name));
    if (!request && to_name.len > 0)
        return words_print(&outline->words, "To.tag = $%.*s", VIEW_ARG(to_name));
    return V("");
}

void lines_make(struct outline *outline, bool by_wires)
{
    const struct call *call = outline->call;
    struct tags tags = {0};

    for (uint32_t i = 0; i < call->message_count; i++) {
        const struct call_message *message = &call->messages[i];
        outline->lines[i] = (struct line){.from = message->from,
                                          .to = message->to,
                                          .label = message_pattern(outline, message->msg),
                                          .after_ms = gap_ms(call, i)};
        if (by_wires)
            outline->lines[i].checks = line_checks(outline, &tags, message);
    }
}
