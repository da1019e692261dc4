#include "harness/pattern/pattern_private.h"

static const char *const method_names[] = {
#define METHOD_NAME(name) #name,
    SIP_METHOD_LIST(METHOD_NAME)
#undef METHOD_NAME
        NULL};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A method: a registered one, or any in quotes. */
static struct view method_parse(struct lex *lex)
{
    char mend[80];
    size_t begin = lex->at;
    if (lex_peek(lex) == '"') {
        struct view quoted = lex_quoted(lex);
        if (quoted.len == 0)
            lex_fail(lex, begin, "an empty method");
        return quoted;
    }
    struct view word = lex_word(lex);
    struct view shown = view_head(word, 40);
    if (sip_method_find(word) == SIP_METHOD_OTHER)
        lex_fail(lex, begin,
                 "unknown method '%.*s'%s (one that is not registered stands in quotes)",
                 VIEW_ARG(shown), lex_mend(mend, sizeof mend, word, method_names));
    return word;
}

/* "180", "2xx" */
static bool status_parse(struct lex *lex, struct view word, struct pattern_item *item)
{
    uint64_t status;
    if (word.len != 3 || !is_digit(word.ptr[0]))
        return false;
    if (view_equal_nocase(view_skip(word, 1), V("xx"))) {
        item->low = (uint16_t)((word.ptr[0] - '0') * 100);
        item->high = (uint16_t)(item->low + 99);
    } else if (view_to_uint(word, 999, &status)) {
        item->low = item->high = (uint16_t)status;
    }
    if (item->low < 100 || item->high > 699)
        lex_fail(lex, lex->at,
                 "'%.*s' is no status: they go from 100 to 699, classes from 1xx to 6xx",
                 VIEW_ARG(word));
    return true;
}

static enum pattern_what item_parse(struct lex *lex, struct pattern_item *item)
{
    struct lex ahead = *lex;
    struct view word = lex_word(&ahead);
    item->timeout = view_equal(word, V("timeout"));
    item->unreachable = view_equal(word, V("unreachable"));
    if (item->timeout || item->unreachable || status_parse(lex, word, item)) {
        if (lex->failed == ERR_OK)
            *lex = ahead;
        return PATTERN_RESPONSE;
    }
    if (word.len != 0 && is_digit(word.ptr[0]))
        lex_fail(lex, lex->at, "'%.*s' is no status: write 180, 2xx or 180|183",
                 VIEW_ARG(view_head(word, 40)));
    item->method = method_parse(lex);
    return PATTERN_REQUEST;
}

static void alternatives_parse(struct lex *lex, struct pattern *pattern)
{
    do {
        lex_blanks(lex);
        size_t begin = lex->at;
        if (pattern->item_count == PATTERN_ITEMS_MAX) {
            lex_fail(lex, begin, "at most %d alternatives", PATTERN_ITEMS_MAX);
            return;
        }
        enum pattern_what what = item_parse(lex, &pattern->items[pattern->item_count]);
        if (pattern->item_count++ > 0 && what != pattern->what)
            lex_fail(lex, begin, "requests and responses cannot stand for each other");
        pattern->what = what;
        struct lex ahead = *lex;
        lex_blanks(&ahead);
        if (lex_peek(&ahead) == '|')
            *lex = ahead;
    } while (lex_take(lex, '|'));
}

/* What may stand behind the statuses: a method, but neither "x7" nor a mark of a diagram's line. */
static bool method_follows(const struct lex *lex)
{
    struct lex ahead = *lex;
    char c = lex_peek(&ahead);
    struct view word = lex_word(&ahead);
    uint64_t count;
    bool copies = view_starts(word, V("x")) && view_to_uint(view_skip(word, 1), UINT32_MAX, &count);
    return c == '"' || (word.len != 0 && !copies);
}

struct pattern *pattern_head_parse(struct lex *lex)
{
    struct pattern *pattern = lex_alloc(lex, 1, sizeof *pattern);
    char *room = lex_alloc(lex, 1, CHECK_ROOM);
    lex_blanks(lex);
    if (pattern == NULL || room == NULL)
        return NULL;
    pattern->room = room;
    if (lex_end(lex))
        lex_fail(lex, lex->at, "nothing is named: write a method, a status or *");
    if (lex_take(lex, '*'))
        return pattern;
    alternatives_parse(lex, pattern);
    struct lex ahead = *lex;
    lex_blanks(&ahead);
    if (pattern->what == PATTERN_RESPONSE && method_follows(&ahead)) {
        *lex = ahead;
        pattern->method = method_parse(lex);
    }
    return lex->failed == ERR_OK ? pattern : NULL;
}

static struct pattern *whole_parse(struct lex *lex)
{
    lex_blanks(lex);
    struct view text = view_trim(lex_rest(lex));
    struct pattern *pattern = pattern_head_parse(lex);
    lex_blanks(lex);
    if (pattern != NULL && lex_take(lex, '['))
        checks_parse(lex, &pattern->checks);
    lex_blanks(lex);
    if (!lex_end(lex))
        lex_fail(lex, lex->at, "'%.*s' is not understood here: checks stand in [ ]",
                 VIEW_ARG(view_head(lex_rest(lex), 40)));
    if (pattern != NULL)
        pattern->text = text;
    return pattern;
}

static struct lex lex_begin(struct view text, struct arena *arena, struct pattern_error *error)
{
    *error = (struct pattern_error){0};
    struct view copy = arena_copy(arena, text);
    struct lex lex = {.text = copy, .arena = arena, .error = error};
    if (copy.ptr == NULL)
        lex_memory(&lex);
    return lex;
}

enum err pattern_parse(struct view text, struct arena *arena, struct pattern **out,
                       struct pattern_error *error)
{
    struct lex lex = lex_begin(text, arena, error);
    struct pattern *pattern = whole_parse(&lex);
    if (lex.failed == ERR_OK)
        *out = pattern;
    return lex.failed;
}

enum err pattern_line_parse(struct view text, struct arena *arena, struct pattern_line *out,
                            struct pattern_error *error)
{
    struct lex lex = lex_begin(text, arena, error);
    struct line_head head = {0};
    line_head_parse(&lex, true, &head);
    if (!view_equal(head.arrow, V("->>")) && !view_equal(head.arrow, V("-->>")))
        lex_fail(&lex, head.from.len, "the arrow here is ->>");
    struct pattern *pattern = whole_parse(&lex);
    if (lex.failed == ERR_OK)
        *out = (struct pattern_line){head.from, head.to, pattern};
    return lex.failed;
}
