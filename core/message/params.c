#include "core/message/params.h"

#include "core/message/kind.h"

#include <string.h>

void param_list_grow(struct param_list *list, struct scan *s)
{
    size_t size = list->size * 2;
    struct sip_param *items = arena_reserve(s->arena, size * sizeof *items);
    if (size == 0 || items == NULL) {
        scan_fail(s, SIP_RULE_MEMORY);
        return;
    }
    if (items != list->items)
        memcpy(items, list->items, list->count * sizeof *items);
    list->items = items;
    list->size = size;
}

/* RFC 3261 §25.1: gen-value = token / host / quoted-string. Other visible bytes, which many send,
 * are noted and taken. */
struct view scan_param_value(struct scan *s)
{
    const char *begin = s->at;
    if (scan_at(s, '"')) {
        scan_quoted(s);
        return (struct view){begin, (size_t)(s->at - begin)};
    }
    scan_run(s, CHAR_VALUE);
    if (s->at < s->end && scan_is(s->at, CHAR_LOOSE)) {
        scan_note(s, s->at, SIP_RULE_PARAM_VALUE);
        scan_run(s, CHAR_LOOSE);
    }
    if (s->at == begin)
        scan_note(s, begin, SIP_RULE_PARAM_VALUE); /* ";tag=" */
    return (struct view){begin, (size_t)(s->at - begin)};
}

/* Behind a name and its LWS. */
static struct view given_value(struct scan *s)
{
    struct view value = {0};
    if (scan_take(s, '=')) {
        scan_lws(s);
        value = scan_param_value(s);
        scan_lws(s);
    }
    return value;
}

/* RFC 3261 §25.1: generic-param = token [ EQUAL gen-value ] */
static void param_scan(struct scan *s, struct param_list *list)
{
    struct view name = scan_run(s, CHAR_TOKEN);
    if (name.len == 0) { /* ";;": RFC 4475 §3.1.2.1 */
        if (scan_done(s) || *s->at == ';' || *s->at == ',')
            scan_note(s, s->at, SIP_RULE_PARAM_EMPTY);
        else
            scan_fail(s, SIP_RULE_PARAM);
        return;
    }
    scan_lws(s);
    param_list_add(list, s, name, given_value(s));
}

/* name=value without blanks, quotes and anything odd, as nearly all are; false: nothing was read.
 */
static bool plain_param_scan(struct scan *s, struct param_list *list)
{
    const char *name = s->at, *end = s->end;
    const char *equal = scan_run_end(name, end, CHAR_TOKEN);
    if (equal == name || equal == end || *equal != '=')
        return false;
    const char *stop = scan_run_end(equal + 1, end, CHAR_VALUE);
    if (stop == equal + 1 || (stop < end && *stop != ';' && *stop != ','))
        return false;
    s->at = stop;
    param_list_add(list, s, (struct view){name, (size_t)(equal - name)},
                   (struct view){equal + 1, (size_t)(stop - equal - 1)});
    return true;
}

void sip_params_scan(struct scan *s, struct sip_params *out)
{
    struct param_list list;
    scan_lws(s);
    if (!scan_at(s, ';'))
        return;
    param_list_begin(&list, s);
    while (scan_take(s, ';')) {
        if (plain_param_scan(s, &list))
            continue;
        scan_lws(s);
        param_scan(s, &list);
    }
    param_list_end(&list, s, out);
}

void sip_params_write(struct buf *buf, const struct sip_params *params)
{
    for (size_t i = 0; i < params->count; i++) {
        buf_add_char(buf, ';');
        buf_add(buf, params->items[i].name);
        if (params->items[i].value.ptr == NULL)
            continue;
        buf_add_char(buf, '=');
        buf_add(buf, params->items[i].value);
    }
}

struct view sip_unquoted(struct view text)
{
    bool quoted = text.len >= 2 && text.ptr[0] == '"' && text.ptr[text.len - 1] == '"';
    return quoted ? view_skip(view_head(text, text.len - 1), 1) : text;
}

bool sip_param_find(const struct sip_params *params, struct view name, struct view *out_value)
{
    for (size_t i = 0; i < params->count; i++) {
        if (!view_equal_nocase(params->items[i].name, name))
            continue;
        *out_value = params->items[i].value;
        return true;
    }
    return false;
}

bool sip_param_has(const struct sip_params *params, struct view name)
{
    struct view value;
    return sip_param_find(params, name, &value);
}

uint32_t sip_params_q(const struct sip_params *params)
{
    enum { ONE = 1000 };
    struct view text;
    uint64_t whole, part = 0;
    uint32_t scale = ONE;
    if (!sip_param_find(params, V("q"), &text))
        return ONE;
    size_t point = view_find_char(text, '.');
    if (!view_to_uint(view_head(text, point), 1, &whole))
        return ONE;
    struct view digits = view_head(view_skip(text, point + 1), 3);
    for (size_t i = 0; i < digits.len; i++)
        scale /= 10;
    if (digits.len > 0 && !view_to_uint(digits, ONE - 1, &part))
        return ONE;
    return (uint32_t)(whole != 0 ? ONE : part * scale);
}
