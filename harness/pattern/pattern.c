#include "harness/pattern/pattern_private.h"

static bool item_status(const struct pattern_item *item, uint16_t status)
{
    return item->low != 0 && status >= item->low && status <= item->high;
}

static bool kind_matches(const struct pattern *pattern, struct sip_msg *msg)
{
    if (pattern->what == PATTERN_ANY)
        return true;
    if (sip_msg_is_request(msg) != (pattern->what == PATTERN_REQUEST))
        return false;
    for (size_t i = 0; i < pattern->item_count; i++) {
        const struct pattern_item *item = &pattern->items[i];
        if (pattern->what == PATTERN_REQUEST ? view_equal(item->method, sip_msg_method_name(msg))
                                             : item_status(item, sip_msg_status(msg)))
            return true;
    }
    return false;
}

static bool generated_matches(const struct pattern *pattern, enum net_error error)
{
    for (size_t i = 0; i < pattern->item_count; i++) {
        const struct pattern_item *item = &pattern->items[i];
        if (error == NET_TIMEOUT ? item->timeout : item->unreachable)
            return true;
    }
    return false;
}

static bool answers(const struct pattern *pattern, struct sip_msg *msg)
{
    return pattern->method.ptr == NULL || view_equal(pattern->method, sip_msg_method_name(msg));
}

bool pattern_match(const struct pattern *pattern, const struct pattern_subject *subject,
                   struct vars *vars, struct view *failed_check)
{
    struct sip_msg *msg = subject->msg;
    if (failed_check != NULL)
        *failed_check = (struct view){0};
    if (msg == NULL && (pattern->what != PATTERN_ANY || subject->generated))
        return false;
    if (subject->generated ? !generated_matches(pattern, subject->error)
                           : msg != NULL && !kind_matches(pattern, msg))
        return false;
    if (msg != NULL && !answers(pattern, msg))
        return false;
    if (pattern->checks.first == NULL)
        return true;
    if (msg == NULL)
        return false;
    size_t mark = vars_mark(vars);
    if (checks_hold(&pattern->checks, msg, vars, pattern->room, failed_check))
        return true;
    vars_reset(vars, mark);
    return false;
}

struct view pattern_text(const struct pattern *pattern)
{
    return pattern->text;
}

bool pattern_is_response(const struct pattern *pattern)
{
    return pattern->what == PATTERN_RESPONSE;
}

bool pattern_names_method(const struct pattern *pattern)
{
    return pattern->method.ptr != NULL;
}

bool pattern_wants_final(const struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->item_count; i++)
        if (pattern->items[i].low != 0 && pattern->items[i].low < 200)
            return false;
    return pattern->what == PATTERN_RESPONSE;
}
