#include "harness/pattern/checks.h"
#include "harness/pattern/field.h"
#include "harness/pattern/regex.h"
#include "harness/pattern/vars.h"

/* "Max-Forwards = 69 (it is 70)" */
struct verdict_text {
    char *room;
    struct view *out;
};

static void explain(struct verdict_text *t, const struct check *check, struct view it_is)
{
    if (t->out == NULL)
        return;
    struct view text = view_head(check->text, 90);
    int len = snprintf(t->room, CHECK_ROOM, "%.*s (%.*s)", VIEW_ARG(text),
                       VIEW_ARG(view_head(it_is, 80)));
    *t->out = (struct view){t->room, len < CHECK_ROOM ? (size_t)len : CHECK_ROOM - 1};
}

static struct view first_line(struct view text)
{
    text = view_head(text, 72);
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ')
            return view_head(text, i);
    return text;
}

static void explain_field(struct verdict_text *t, const struct check *check, struct field field)
{
    char it_is[96];
    int64_t number;
    struct view text = first_line(field.text);
    if (field.kind == FIELD_ABSENT || field.kind == FIELD_UNKNOWN)
        snprintf(it_is, sizeof it_is, "there is none");
    else if (text.len != 0)
        snprintf(it_is, sizeof it_is, "it is %.*s", VIEW_ARG(text));
    else if (field_number(field, &number))
        snprintf(it_is, sizeof it_is, "it is %lld", (long long)number);
    else
        snprintf(it_is, sizeof it_is, "it is empty");
    explain(t, check, view_of(it_is));
}

/* What a variable takes for its value: the first element of a list. */
static struct view bound_text(struct field field, char *room, size_t room_len)
{
    if (field.kind == FIELD_LIST)
        field = field_index(field, 1);
    if (field.kind == FIELD_ABSENT || field.kind == FIELD_UNKNOWN)
        return (struct view){0};
    if (field.kind != FIELD_NUMBER)
        return field.text;
    int len = snprintf(room, room_len, "%lld", (long long)field.number);
    return (struct view){room, (size_t)len};
}

/* The value to compare with. A variable that is not bound yet takes the field's, where it may. */
static bool value_get(const struct check *check, struct field field, struct vars *vars,
                      struct verdict_text *t, struct view *out)
{
    char room[32];
    *out = check->value;
    if (!check->is_variable)
        return true;
    const struct view *bound = vars_find(vars, check->value);
    if (bound == NULL && check->op == CHECK_IS) {
        struct view text = bound_text(field, room, sizeof room);
        if (text.ptr == NULL || vars_bind(vars, check->value, text) != ERR_OK) {
            explain_field(t, check, field);
            return false;
        }
        bound = vars_find(vars, check->value);
    }
    if (bound == NULL) {
        explain(t, check, V("it is bound to nothing yet"));
        return false;
    }
    *out = *bound;
    return true;
}

/* 1, 0, or -1 where the expression was given up: nothing is known then. */
static int element_matches(struct field field, struct view expression, struct pattern_error *error)
{
    char room[32];
    struct view text = bound_text(field, room, sizeof room);
    return text.ptr == NULL ? 0 : regex_match(expression, text, error);
}

static bool matches(const struct check *check, struct field field, struct verdict_text *t)
{
    struct pattern_error error = {0};
    size_t cursor = 0;
    int found = 0;
    if (field.kind != FIELD_LIST) {
        found = element_matches(field, check->value, &error);
    } else {
        struct field element = field_next(field, &cursor);
        for (; found == 0 && element.kind != FIELD_UNKNOWN; element = field_next(field, &cursor))
            found = element_matches(element, check->value, &error);
    }
    if (found < 0)
        explain(t, check, view_of(error.sentence));
    else if (found == 0)
        explain_field(t, check, field);
    return found > 0;
}

static bool compares(const struct check *check, struct field field, struct view value,
                     struct verdict_text *t)
{
    int64_t have, limit;
    struct field bound = {.kind = FIELD_TEXT, .text = value};
    if (field.kind == FIELD_LIST)
        field = field_index(field, 1);
    bool held = field_number(field, &have) && field_number(bound, &limit) &&
                (check->op == CHECK_LESS ? have < limit : have > limit);
    if (!held)
        explain_field(t, check, field);
    return held;
}

static bool is_present(struct field field)
{
    return field.kind != FIELD_ABSENT && field.kind != FIELD_UNKNOWN;
}

static bool check_holds(const struct check *check, struct sip_msg *msg, struct vars *vars,
                        struct verdict_text *t)
{
    struct field field = field_path(msg, check->path);
    struct view value;
    bool held;
    if (check->op == CHECK_PRESENT || check->op == CHECK_ABSENT) {
        held = is_present(field) == (check->op == CHECK_PRESENT);
    } else if (check->op == CHECK_MATCHES) {
        return matches(check, field, t);
    } else {
        if (!value_get(check, field, vars, t, &value))
            return false;
        if (check->op == CHECK_LESS || check->op == CHECK_MORE)
            return compares(check, field, value, t);
        held = field_equals(field, value) == (check->op == CHECK_IS);
    }
    if (!held)
        explain_field(t, check, field);
    return held;
}

bool checks_hold(const struct checks *checks, struct sip_msg *msg, struct vars *vars, char *room,
                 struct view *out_failed)
{
    struct verdict_text text = {room, out_failed};
    for (const struct check *check = checks->first; check != NULL; check = check->next)
        if (!check_holds(check, msg, vars, &text))
            return false;
    return true;
}
