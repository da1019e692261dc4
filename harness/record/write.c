/* An outline as a scenario. */
#include "harness/record/inside.h"
#include "harness/record/lua.h"

enum { COLUMNS = 100 };

/* In lines of their own, as many words as go into each. */
static void comment_write(struct buf *buf, const char *indent, struct view text)
{
    while (text.len > 0) {
        size_t room = COLUMNS - strlen(indent) - 3, len = text.len;
        if (len > room)
            for (len = room; len > 0 && text.ptr[len] != ' ';)
                len--;
        if (len == 0)
            len = text.len < room ? text.len : room;
        buf_printf(buf, "%s-- ", indent);
        lua_comment(buf, view_head(text, len));
        buf_add_char(buf, '\n');
        text = view_trim(view_skip(text, len));
    }
}

void outline_write_helpers(struct buf *buf)
{
    buf_add(buf, V("-- Lines end with CRLF, as SIP wants them.\n"
                   "local function lines(text)\n"
                   "  return (text:gsub(\"\\n\", \"\\r\\n\"))\n"
                   "end\n\n"
                   "-- {name} stands for a value, {length} for that of the body.\n"
                   "local function fill(text, values)\n"
                   "  text = text:gsub(\"{([%w_]+)}\", values)\n"
                   "  local _, head = text:find(\"\\r\\n\\r\\n\", 1, true)\n"
                   "  return (text:gsub(\"{length}\", tostring(#text - (head or #text)), 1))\n"
                   "end\n\n"
                   "local function host(party)\n"
                   "  return (party.address:match(\"^%[?(.-)%]?:%d+$\"))\n"
                   "end\n\n"));
}

static const char *constructor(enum actor_kind kind)
{
    static const char *const texts[] = {[ACTOR_AGENT] = "t:agent",
                                        [ACTOR_WIRE] = "t:wire",
                                        [ACTOR_PROXY] = "t:proxy",
                                        [ACTOR_REGISTRAR] = "t:registrar",
                                        [ACTOR_DEVICE] = "t.dut"};
    return texts[kind];
}

static void actor_write(struct buf *buf, const struct actor *actor)
{
    buf_printf(buf, "  local %.*s = ", VIEW_ARG(actor->name));
    buf_add(buf, view_of(constructor(actor->kind)));
    if (actor->kind != ACTOR_DEVICE) {
        buf_printf(buf, "(\"%.*s\"", VIEW_ARG(actor->name));
        if (actor->options != NULL && actor->options->fields != NULL) {
            buf_add(buf, V(", "));
            lua_word(buf, actor->options);
        }
        buf_add_char(buf, ')');
    }
    buf_add_char(buf, '\n');
}

static void actors_write(struct buf *buf, const struct outline *outline)
{
    for (uint32_t order = 0; order < outline->call->party_count; order++)
        for (uint16_t i = 0; i < outline->call->party_count; i++)
            if (outline->actors[i].order == order)
                actor_write(buf, &outline->actors[i]);
}

static void values_write(struct buf *buf, const struct outline *outline)
{
    if (!outline->by_wires)
        return;
    buf_add(buf, V("  local v = {\n"));
    for (uint32_t i = 0; i < outline->value_count; i++)
        buf_printf(buf, "    %.*s = %.*s,\n", VIEW_ARG(outline->values[i].name),
                   VIEW_ARG(outline->values[i].made));
    buf_add(buf, V("  }\n"));
}

static void line_write(struct buf *buf, const struct outline *outline, const struct line *line)
{
    buf_printf(buf, "    %.*s->>%.*s: %.*s", VIEW_ARG(outline->actors[line->from].name),
               VIEW_ARG(outline->actors[line->to].name), VIEW_ARG(line->label));
    if (line->checks.len > 0)
        buf_printf(buf, " [%.*s]", VIEW_ARG(line->checks));
    if (line->after_ms > 0) {
        buf_add(buf, V(" @ "));
        lua_duration(buf, line->after_ms);
        buf_add(buf, V(" \xc2\xb1 50ms"));
    }
    buf_add_char(buf, '\n');
}

static void flow_write(struct buf *buf, const struct outline *outline)
{
    buf_add(buf, V("\n  t:flow [[\n"));
    for (uint32_t i = 0; i < outline->call->message_count; i++)
        line_write(buf, outline, &outline->lines[i]);
    buf_add(buf, V("  ]]\n"));
}

static void head_write(struct buf *buf, const struct outline *outline)
{
    buf_printf(buf, "-- %u messages", (unsigned)outline->call->message_count);
    buf_printf(buf, " between %u parties.\n", (unsigned)outline->call->party_count);
    if (outline->by_wires && outline->why.len > 0) {
        struct buf text = {0};
        buf_printf(&text, "By wires: %.*s.", VIEW_ARG(outline->why));
        comment_write(buf, "", buf_view(&text));
        buf_deinit(&text);
    }
}

/* The default is ten minutes of its clock. */
static uint64_t minutes_needed(const struct outline *outline)
{
    uint64_t ms = 0;

    for (uint32_t i = 0; i < outline->call->message_count; i++)
        ms += outline->lines[i].after_ms;
    return ms < 9 * 60000 ? 0 : ms / 60000 + 10;
}

/* What is asked of a device: of one that cannot do it the scenario wants nothing. */
static void needs_write(struct buf *buf, const struct outline *outline)
{
    struct view said[8];
    size_t count = 0;

    for (const struct step *step = outline->first; step != NULL; step = step->next) {
        if (step->said == NULL || !view_equal(step->said->verb, V("trigger")))
            continue;
        struct view action = step->said->first->text;
        bool known = count == sizeof said / sizeof *said;
        for (size_t i = 0; i < count && !known; i++)
            known = view_equal(said[i], action);
        if (known)
            continue;
        buf_printf(buf, "%s\"trigger:%.*s\"", count == 0 ? "needs = { " : ", ", VIEW_ARG(action));
        said[count++] = action;
    }
    if (count > 0)
        buf_add(buf, V(" }"));
}

static void options_write(struct buf *buf, const struct outline *outline)
{
    uint64_t minutes = minutes_needed(outline);
    struct buf needs = {0};

    needs_write(&needs, outline);
    if (minutes > 0 || outline->leaves || needs.len > 0)
        buf_add(buf, V(", { "));
    buf_add(buf, buf_view(&needs));
    if (minutes > 0)
        buf_printf(buf, "%stimeout = \"%um\"", needs.len > 0 ? ", " : "", (unsigned)minutes);
    if (outline->leaves)
        buf_printf(buf, "%stidy = false", needs.len > 0 || minutes > 0 ? ", " : "");
    if (minutes > 0 || outline->leaves || needs.len > 0)
        buf_add(buf, V(" }"));
    if (needs.failed != ERR_OK && buf->failed == ERR_OK)
        buf->failed = needs.failed;
    buf_deinit(&needs);
}

void outline_write(struct buf *buf, const struct outline *outline)
{
    head_write(buf, outline);
    buf_add(buf, V("scenario("));
    lua_text(buf, outline->title);
    options_write(buf, outline);
    buf_add(buf, V(", function(t)\n"));
    actors_write(buf, outline);
    values_write(buf, outline);
    buf_add_char(buf, '\n');
    for (const struct step *step = outline->first; step != NULL; step = step->next)
        lua_step(buf, step, 2);
    flow_write(buf, outline);
    buf_add(buf, V("end)\n"));
}
