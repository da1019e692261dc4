/* 423: the time that we asked for is too brief, RFC 3261 §10.2.8, RFC 6665 §4.1.2.2. */
#include "core/message/uri.h"
#include "core/stack/reason/reasons.h"

static bool is_brief(const struct sip_name_addr *contact, uint64_t least_s)
{
    struct view text;
    uint64_t value;
    return sip_param_find(&contact->params, V("expires"), &text) &&
           view_to_uint(text, UINT64_MAX, &value) && value > 0 && value < least_s;
}

/* The value with "expires" as it has to be; its other parameters stay. */
static struct view longer(struct again *again, const struct sip_name_addr *contact,
                          uint64_t least_s)
{
    struct sip_name_addr changed = *contact;
    struct arena *arena = &again->stack->scratch;
    struct sip_param *items = arena_alloc(arena, contact->params.count * sizeof *items);
    struct buf buf = {0};
    if (items == NULL)
        return (struct view){0};
    for (size_t i = 0; i < contact->params.count; i++) {
        items[i] = contact->params.items[i];
        if (view_equal_nocase(items[i].name, V("expires")))
            items[i].value = arena_uint(arena, least_s);
    }
    changed.params.items = items;
    sip_name_addr_write(&buf, &changed);
    struct view text = buf.failed == ERR_OK ? arena_copy(arena, buf_view(&buf)) : (struct view){0};
    buf_deinit(&buf);
    return text;
}

static void lengthen_contacts(struct again *again, uint64_t least_s)
{
    size_t count = sip_msg_count(again->request, SIP_HEADER_CONTACT);
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *contact = sip_msg_contact(again->request, i);
        if (contact != NULL)
            again_row(again, V("Contact"),
                      is_brief(contact, least_s) ? longer(again, contact, least_s) : contact->text);
    }
}

/* What is no more than we had asked for is no reason to ask again. */
bool brief_again(struct again *again)
{
    size_t contacts = sip_msg_count(again->request, SIP_HEADER_CONTACT);
    const struct sip_number *least =
        again->response == NULL ? NULL : sip_msg_get(again->response, SIP_HEADER_MIN_EXPIRES, 0);
    const struct sip_number *asked = sip_msg_get(again->request, SIP_HEADER_EXPIRES, 0);
    if (again->status != 423 || least == NULL || (again->tx->again & SIP_AGAIN_EXPIRES) == 0 ||
        least->value > UINT32_MAX || least->value <= again->tries->min_expires_s)
        return false;
    if (contacts >= AGAIN_ROWS_MAX) /* none of them may be lost */
        return false;
    again->tries->min_expires_s = least->value;
    if (again->tx->method == SIP_REGISTER)
        lengthen_contacts(again, least->value);
    if (asked != NULL && asked->value > 0 && asked->value < least->value)
        again_row(again, V("Expires"), arena_uint(&again->stack->scratch, least->value));
    return again->row_count > 0;
}
