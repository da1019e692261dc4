#include "harness/record/lua.h"
#include "harness/record/pieces.h"

static void char_escape(struct buf *buf, char c)
{
    switch (c) {
    case '\n':
        buf_add(buf, V("\\n"));
        break;
    case '\r':
        buf_add(buf, V("\\r"));
        break;
    case '\t':
        buf_add(buf, V("\\t"));
        break;
    case '"':
    case '\\':
        buf_add_char(buf, '\\');
        buf_add_char(buf, c);
        break;
    default:
        if (c >= ' ' && c <= '~')
            buf_add_char(buf, c);
        else
            buf_printf(buf, "\\%03u", (unsigned)(unsigned char)c);
    }
}

static void text_escape(struct buf *buf, struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        char_escape(buf, text.ptr[i]);
}

void lua_text(struct buf *buf, struct view text)
{
    buf_add_char(buf, '"');
    text_escape(buf, text);
    buf_add_char(buf, '"');
}

void lua_comment(struct buf *buf, struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        buf_add_char(buf, text.ptr[i] >= ' ' && text.ptr[i] <= '~' ? text.ptr[i] : '?');
}

void lua_duration(struct buf *buf, uint32_t ms)
{
    if (ms < 1000) {
        buf_printf(buf, "%ums", (unsigned)ms);
        return;
    }
    buf_printf(buf, "%u", (unsigned)(ms / 1000));
    if (ms % 1000 != 0)
        buf_printf(buf,
                   ms % 100 == 0  ? ".%01u"
                   : ms % 10 == 0 ? ".%02u"
                                  : ".%03u",
                   (unsigned)(ms % 100 == 0  ? ms % 1000 / 100
                              : ms % 10 == 0 ? ms % 1000 / 10
                                             : ms % 1000));
    buf_add_char(buf, 's');
}

/* Words of Lua are no keys without brackets. */
bool lua_is_name(struct view text)
{
    static const char *const words[] = {"and",   "break", "do",       "else", "elseif", "end",
                                        "false", "for",   "function", "goto", "if",     "in",
                                        "local", "nil",   "not",      "or",   "repeat", "return",
                                        "then",  "true",  "until",    "while"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (view_equal(view_of(words[i]), text))
            return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = char_lower(text.ptr[i]);
        if (!((c >= 'a' && c <= 'z') || c == '_' || (i > 0 && c >= '0' && c <= '9')))
            return false;
    }
    return text.len > 0;
}

/* As many "=" between the brackets as the text does not have. */
static unsigned bracket_level(struct view text)
{
    char close[16] = "]]";

    for (unsigned level = 0; level < 12; level++) {
        if (view_find(text, view_of(close)) == text.len && !view_ends(text, V("]")))
            return level;
        memset(close + 1, '=', level + 1);
        close[level + 2] = ']';
        close[level + 3] = '\0';
    }
    return UINT32_MAX;
}

static void bracket(struct buf *buf, char c, unsigned level)
{
    buf_add_char(buf, c);
    for (unsigned i = 0; i < level; i++)
        buf_add_char(buf, '=');
    buf_add_char(buf, c);
}

/* Its lines as they are; fill() makes CRLF of their ends again. */
static void message_lines(struct buf *buf, const struct pieces *pieces, unsigned level)
{
    buf_add(buf, V("fill(lines "));
    bracket(buf, '[', level);
    buf_add_char(buf, '\n');
    for (uint32_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];
        if (piece->named)
            buf_printf(buf, "{%.*s}", VIEW_ARG(piece->text));
        for (size_t k = 0; !piece->named && k < piece->text.len; k++)
            if (piece->text.ptr[k] != '\r')
                buf_add_char(buf, piece->text.ptr[k]);
    }
    bracket(buf, ']', level);
    buf_add(buf, V(", v)"));
}

/* A string for each line. */
static void message_bytes(struct buf *buf, const struct pieces *pieces)
{
    buf_add(buf, V("fill(\""));
    for (uint32_t i = 0; i < pieces->count; i++) {
        const struct piece *piece = &pieces->items[i];
        if (piece->named)
            buf_printf(buf, "{%.*s}", VIEW_ARG(piece->text));
        for (size_t k = 0; !piece->named && k < piece->text.len; k++) {
            bool last = k + 1 == piece->text.len && i + 1 == pieces->count;
            char_escape(buf, piece->text.ptr[k]);
            if (piece->text.ptr[k] == '\n' && !last)
                buf_add(buf, V("\" ..\n    \""));
        }
    }
    buf_add(buf, V("\", v)"));
}

static void message_write(struct buf *buf, const struct pieces *pieces)
{
    unsigned level = pieces == NULL ? 0 : bracket_level(pieces->text);

    if (pieces == NULL)
        return;
    if (pieces->lines && level != UINT32_MAX)
        message_lines(buf, pieces, level);
    else
        message_bytes(buf, pieces);
}

static void fields_write(struct buf *buf, const struct field *fields)
{
    buf_add(buf, V("{ "));
    for (const struct field *field = fields; field != NULL; field = field->next) {
        if (field->key.ptr != NULL && lua_is_name(field->key)) {
            buf_add(buf, field->key);
            buf_add(buf, V(" = "));
        } else if (field->key.ptr != NULL) {
            buf_add_char(buf, '[');
            lua_text(buf, field->key);
            buf_add(buf, V("] = "));
        }
        lua_word(buf, field->value);
        if (field->next != NULL)
            buf_add(buf, V(", "));
    }
    buf_add(buf, V(" }"));
}

static void call_write(struct buf *buf, const struct word *word)
{
    const struct field *only = word->fields;

    buf_add(buf, word->text);
    if (only != NULL && only->next == NULL && only->key.ptr == NULL) {
        buf_add_char(buf, '(');
        lua_word(buf, only->value);
        buf_add_char(buf, ')');
        return;
    }
    buf_add_char(buf, ' ');
    fields_write(buf, word->fields);
}

void lua_word(struct buf *buf, const struct word *word)
{
    switch (word->kind) {
    case WORD_NAME:
        buf_add(buf, word->text);
        break;
    case WORD_TEXT:
        lua_text(buf, word->text);
        break;
    case WORD_MESSAGE:
        message_write(buf, word->message);
        break;
    case WORD_CALL:
        call_write(buf, word);
        break;
    case WORD_TABLE:
        if (word->fields == NULL)
            buf_add(buf, V("{}"));
        else
            fields_write(buf, word->fields);
        break;
    }
}

/* A table alone needs no brackets around it. */
static void said_write(struct buf *buf, const struct said *said)
{
    bool bare = said->first != NULL && said->first->next == NULL && said->first->kind == WORD_TABLE;

    buf_add_char(buf, ':');
    buf_add(buf, said->verb);
    buf_add(buf, bare ? V(" ") : V("("));
    for (const struct word *word = said->first; word != NULL; word = word->next) {
        lua_word(buf, word);
        if (word->next != NULL)
            buf_add(buf, V(", "));
    }
    if (!bare)
        buf_add_char(buf, ')');
}

static void indent_write(struct buf *buf, unsigned indent)
{
    for (unsigned i = 0; i < indent; i++)
        buf_add_char(buf, ' ');
}

void lua_step(struct buf *buf, const struct step *step, unsigned indent)
{
    if (step->sleep_ms > 0) {
        indent_write(buf, indent);
        buf_add(buf, V("t:sleep(\""));
        lua_duration(buf, step->sleep_ms);
        buf_add(buf, V("\")\n"));
    }
    if (step->said == NULL)
        return;
    indent_write(buf, indent);
    if (step->bind.len > 0) {
        buf_add(buf, V("local "));
        buf_add(buf, step->bind);
        buf_add(buf, V(" = "));
    }
    buf_add(buf, step->on);
    for (const struct said *said = step->said; said != NULL; said = said->next)
        said_write(buf, said);
    buf_add_char(buf, '\n');
}
