/* 422: the session interval that we asked for is too small, RFC 4028 §7.3. */
#include "core/stack/reason/reasons.h"

static uint64_t seconds_of(struct sip_msg *msg, enum sip_header_id id)
{
    const struct sip_number *number = msg == NULL ? NULL : sip_msg_get(msg, id, 0);
    return number == NULL ? 0 : number->value;
}

/* "600;refresher=uac": the number is another one, its parameters stay. */
static struct view interval_text(struct again *again, struct view interval)
{
    const struct sip_line *line = sip_msg_find(again->request, SIP_HEADER_SESSION_EXPIRES, 0);
    struct view params = {0};
    if (line != NULL)
        params = view_skip(line->value, view_find_char(line->value, ';'));
    char *text = arena_alloc(&again->stack->scratch, interval.len + params.len);
    if (text == NULL)
        return (struct view){0};
    struct buf buf = {
        .ptr = text, .size = interval.len + params.len, .limit = interval.len + params.len};
    buf_add(&buf, interval);
    buf_add(&buf, params);
    return buf_view(&buf);
}

/* §7.4: Min-SE is the largest of all that were asked for, and the interval is not below it. What is
 * no more than we had asked for is no reason to ask again. */
bool interval_again(struct again *again)
{
    uint64_t least_s = seconds_of(again->response, SIP_HEADER_MIN_SE);
    uint64_t interval_s = seconds_of(again->request, SIP_HEADER_SESSION_EXPIRES);
    if (again->status != 422 || (again->tx->again & SIP_AGAIN_RETRY) == 0 ||
        least_s <= again->tries->min_se_s || least_s <= interval_s)
        return false;
    again->tries->min_se_s = least_s;
    struct view number = arena_uint(&again->stack->scratch, least_s);
    struct view interval = interval_text(again, number);
    again_row(again, V("Session-Expires"), interval);
    again_row(again, V("Min-SE"), number);
    return true;
}
