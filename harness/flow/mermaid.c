#include "harness/flow/reader.h"

struct node *reader_node(struct reader *r, struct node *parent, enum node_kind kind)
{
    struct node *node = lex_alloc(&r->lex, 1, sizeof *node);
    if (node == NULL)
        return NULL;
    if (r->flow->node_count == FLOW_NODES_MAX)
        lex_fail(&r->lex, 0, "at most %d messages and blocks", FLOW_NODES_MAX);
    node->kind = kind;
    node->line = r->line;
    node->id = ++r->flow->node_count;
    node->parent = parent;
    node->prev = parent->last;
    if (parent->last == NULL)
        parent->first = node;
    else
        parent->last->next = node;
    parent->last = node;
    return node;
}

static uint16_t participant_find(struct reader *r, struct view name)
{
    struct flow *flow = r->flow;
    for (size_t i = 0; i < flow->participant_count; i++)
        if (view_equal(flow->participants[i], name))
            return (uint16_t)i;
    if (flow->participant_count == FLOW_PARTICIPANTS_MAX) {
        lex_fail(&r->lex, 0, "at most %d participants", FLOW_PARTICIPANTS_MAX);
        return 0;
    }
    flow->participants[flow->participant_count] = name;
    return (uint16_t)flow->participant_count++;
}

bool reader_word(struct lex *lex, struct view word)
{
    struct lex ahead = *lex;
    if (!view_equal_nocase(lex_word(&ahead), word))
        return false;
    lex_blanks(&ahead);
    *lex = ahead;
    return true;
}

static struct view name_take(struct reader *r)
{
    struct lex *lex = &r->lex;
    size_t begin = lex->at;
    struct view name = lex_word(lex);
    bool letter = name.len != 0 && ((name.ptr[0] | 0x20) >= 'a' && (name.ptr[0] | 0x20) <= 'z');
    if (!letter || view_find_char(name, '-') != name.len)
        lex_fail(lex, begin, "a name is missing here: letters, digits and _, a letter first");
    lex_blanks(lex);
    return name;
}

void reader_end(struct reader *r)
{
    if (!lex_end(&r->lex))
        lex_fail(&r->lex, r->lex.at, "'%.*s' is one too many here",
                 VIEW_ARG(view_head(lex_rest(&r->lex), 40)));
}

/* "participant dut as desk phone" */
static void participant_read(struct reader *r)
{
    struct view name = name_take(r);
    if (reader_word(&r->lex, V("as"))) {
        if (lex_end(&r->lex))
            lex_fail(&r->lex, r->lex.at, "after `as` comes the text to show");
        r->lex.at = r->lex.text.len;
    }
    reader_end(r);
    if (r->lex.failed == ERR_OK)
        (void)participant_find(r, name);
}

/* "Note over a,b: text" */
static void note_read(struct reader *r)
{
    if (!reader_word(&r->lex, V("over"))) {
        lex_fail(&r->lex, r->lex.at, "a note stands over one or two: Note over alice,bob: text");
        return;
    }
    size_t count = 0;
    do {
        lex_blanks(&r->lex);
        struct view name = name_take(r);
        if (r->lex.failed == ERR_OK)
            (void)participant_find(r, name);
        count++;
    } while (lex_take(&r->lex, ','));
    if (count > 2)
        lex_fail(&r->lex, r->lex.at, "a note stands over two at most");
    if (!lex_take(&r->lex, ':'))
        lex_fail(&r->lex, r->lex.at, "a note's text follows a colon: Note over alice,bob: text");
}

static struct view line_text(struct reader *r, const struct line_head *head, struct view pattern)
{
    size_t len = head->from.len + head->arrow.len + head->to.len + 2 + pattern.len;
    char *text = lex_alloc(&r->lex, len + 1, 1);
    if (text == NULL)
        return (struct view){0};
    int written = snprintf(text, len + 1, "%.*s%.*s%.*s: %.*s", VIEW_ARG(head->from),
                           VIEW_ARG(head->arrow), VIEW_ARG(head->to), VIEW_ARG(pattern));
    return (struct view){text, (size_t)written};
}

static enum line_arrow arrow_of(struct view arrow)
{
    char end = arrow.ptr[arrow.len - 1];
    return end == 'x' ? ARROW_LOST : end == ')' ? ARROW_EITHER : ARROW_ARRIVES;
}

static void message_read(struct reader *r)
{
    struct line_head head = {0};
    struct flow_line *line = lex_alloc(&r->lex, 1, sizeof *line);
    if (line == NULL)
        return;
    if (r->flow->line_count == FLOW_LINES_MAX)
        lex_fail(&r->lex, 0, "at most %d messages", FLOW_LINES_MAX);
    line_head_parse(&r->lex, false, &head);
    flow_message_parse(&r->lex, line);
    if (r->lex.failed != ERR_OK)
        return;
    line->line = r->line;
    line->from = participant_find(r, head.from);
    line->to = participant_find(r, head.to);
    line->arrow = arrow_of(head.arrow);
    line->text = line_text(r, &head, line->pattern->text);
    struct node *node = reader_node(r, r->open, NODE_LINE);
    if (node == NULL)
        return;
    node->message = line;
    line->node = node;
    r->flow->line_count++;
    r->flow->last_line = r->line;
    r->flow->has_times |= line->time_count != 0;
}

static bool head_read(struct reader *r)
{
    bool head = reader_word(&r->lex, V("sequenceDiagram")) || reader_word(&r->lex, V("autonumber"));
    if (head)
        reader_end(r);
    else if (reader_word(&r->lex, V("participant")))
        participant_read(r);
    else
        return false;
    if (r->begun)
        lex_fail(&r->lex, 0, "this line may stand at the head only, before the first message");
    return true;
}

/* Mermaid itself ends a line at ";" and takes "#" for the begin of an entity. */
static struct view entities_undone(struct reader *r, struct view text)
{
    char *copy = lex_alloc(&r->lex, text.len, 1);
    size_t len = 0;
    for (size_t i = 0; copy != NULL && i < text.len; i++) {
        struct view rest = view_skip(text, i);
        bool semicolon = view_starts(rest, V("#59;")), hash = view_starts(rest, V("#35;"));
        if (semicolon || hash)
            i += 3;
        else if (text.ptr[i] == ';' || text.ptr[i] == '#')
            lex_fail(&r->lex, i, "Mermaid ends the line at '%c': write %s", text.ptr[i],
                     text.ptr[i] == ';' ? "#59;" : "#35;");
        copy[len++] = semicolon ? ';' : hash ? '#' : text.ptr[i];
    }
    return (struct view){copy, len};
}

static void line_refuse(struct reader *r)
{
    static const char *const words[] = {"sequenceDiagram",
                                        "participant",
                                        "autonumber",
                                        "Note",
                                        "opt",
                                        "alt",
                                        "else",
                                        "par",
                                        "and",
                                        "loop",
                                        "end",
                                        NULL};
    char mend[80];
    struct lex ahead = r->lex;
    lex_mend(mend, sizeof mend, lex_word(&ahead), words);
    lex_fail(&r->lex, 0, "'%.*s' is no line of a flow%s%s", VIEW_ARG(view_head(r->lex.text, 30)),
             mend, mend[0] != '\0' ? "" : ": write alice->>bob: INVITE, a Note over, or a block");
}

static void line_read(struct reader *r, struct view text)
{
    r->lex = (struct lex){.arena = r->arena, .error = &r->sentence};
    if (text.len == 0 || view_starts(text, V("%%")))
        return;
    r->lex.text = entities_undone(r, text);
    if (head_read(r))
        return;
    r->begun = true;
    if (reader_word(&r->lex, V("note")))
        note_read(r);
    else if (reader_block(r) || r->lex.failed != ERR_OK)
        return;
    else if (view_find_char(r->lex.text, '-') < r->lex.text.len)
        message_read(r);
    else
        line_refuse(r);
}

static enum err reader_failed(struct reader *r, uint32_t line, const char *sentence, enum err err)
{
    r->error->line = line;
    snprintf(r->error->sentence, sizeof r->error->sentence, "%s", sentence);
    return err;
}

static enum err lines_read(struct reader *r, struct view text)
{
    for (struct view rest = text; rest.len != 0;) {
        size_t end = view_find_char(rest, '\n');
        r->line++;
        line_read(r, view_trim(view_head(rest, end)));
        if (r->lex.failed != ERR_OK)
            return reader_failed(r, r->line, r->sentence.sentence, r->lex.failed);
        rest = view_skip(rest, end < rest.len ? end + 1 : end);
    }
    if (r->open != &r->flow->root)
        return reader_failed(r, r->open->line, "this block is never closed: add an `end`",
                             ERR_SYNTAX);
    return ERR_OK;
}

enum err flow_parse(struct view text, struct arena *arena, struct flow **out,
                    struct flow_error *error)
{
    struct flow *flow = arena_zalloc(arena, sizeof *flow);
    struct view copy = arena_copy(arena, text);
    struct reader r = {.flow = flow, .arena = arena, .error = error};
    *error = (struct flow_error){0};
    if (flow == NULL || copy.ptr == NULL)
        return reader_failed(&r, 0, "out of memory", ERR_MEMORY);
    flow->root.kind = NODE_SEQUENCE;
    r.open = &flow->root;
    enum err err = lines_read(&r, copy);
    if (err != ERR_OK)
        return err;
    if (flow->participant_count == 0)
        return reader_failed(&r, 1, "the flow is empty: write a line such as alice->>bob: INVITE",
                             ERR_SYNTAX);
    if (flow_answers_resolve(flow) != ERR_OK)
        return reader_failed(&r, 0, "out of memory", ERR_MEMORY);
    *out = flow;
    return ERR_OK;
}

size_t flow_participant_count(const struct flow *flow)
{
    return flow->participant_count;
}

struct view flow_participant(const struct flow *flow, size_t index)
{
    ASSERT(index < flow->participant_count);
    return flow->participants[index];
}
