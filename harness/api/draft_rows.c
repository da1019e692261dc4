#include "harness/api/draft_rows.h"

#include "harness/api/header_rows.h"
#include "harness/api/kinds.h"

#include <stdio.h>

enum sip_header_id draft_row_id(enum draft_row row)
{
    static const enum sip_header_id ids[DRAFT_ROWS] = {
        [DRAFT_VIA] = SIP_HEADER_VIA,         [DRAFT_MAX_FORWARDS] = SIP_HEADER_MAX_FORWARDS,
        [DRAFT_FROM] = SIP_HEADER_FROM,       [DRAFT_TO] = SIP_HEADER_TO,
        [DRAFT_CALL_ID] = SIP_HEADER_CALL_ID, [DRAFT_CSEQ] = SIP_HEADER_CSEQ,
        [DRAFT_CONTACT] = SIP_HEADER_CONTACT};

    return ids[row];
}

bool draft_wants_contact(enum sip_method method, uint16_t status)
{
    if (method != SIP_INVITE && method != SIP_SUBSCRIBE && method != SIP_REFER &&
        method != SIP_UPDATE)
        return false;
    return status == 0 || (status > 100 && status < 300);
}

static bool is_default_row(enum sip_header_id id)
{
    for (int row = 0; row < DRAFT_ROWS; row++)
        if (draft_row_id((enum draft_row)row) == id)
            return true;
    return false;
}

/* True: the script says something about this row. */
static bool named_add(struct draft *draft, const struct header_rows *rows, enum draft_row row)
{
    bool named = false;

    for (size_t i = 0; i < rows->count; i++) {
        if (rows->items[i].id != draft_row_id(row))
            continue;
        named = true;
        if (rows->items[i].value.ptr == NULL)
            draft->omitted |= 1u << row;
        else
            sip_build_add(&draft->build, rows->items[i].name, rows->items[i].value);
    }
    return named;
}

static void to_add(lua_State *L, struct draft *draft, struct view tag)
{
    luaL_Buffer text;

    luaL_buffinit(L, &text);
    luaL_addchar(&text, '<');
    luaL_addlstring(&text, draft->uri.ptr, draft->uri.len);
    luaL_addchar(&text, '>');
    if (tag.ptr != NULL) {
        luaL_addstring(&text, ";tag=");
        luaL_addlstring(&text, tag.ptr, tag.len);
    }
    luaL_pushresult(&text);
    struct view value;
    value.ptr = lua_tolstring(L, -1, &value.len);
    sip_build_set(&draft->build, V("To"), value);
    lua_pop(L, 1);
}

static void cseq_add(struct draft *draft, const struct draft_values *values)
{
    char text[96];

    if (values->cseq_text.ptr != NULL) {
        sip_build_set(&draft->build, V("CSeq"), values->cseq_text);
        return;
    }
    int len = snprintf(text, sizeof text, "%u %.*s", values->has_cseq ? values->cseq : 1u,
                       VIEW_ARG(draft->method));
    sip_build_set(&draft->build, V("CSeq"),
                  (struct view){text, len < (int)sizeof text ? (size_t)len : sizeof text - 1});
}

/* Of a request; the sender's rows wait for the sender. */
static void default_add(lua_State *L, struct draft *draft, enum draft_row row,
                        const struct draft_values *values, struct view maker)
{
    switch (row) {
    case DRAFT_MAX_FORWARDS:
        sip_build_set(&draft->build, V("Max-Forwards"), V("70"));
        break;
    case DRAFT_TO:
        to_add(L, draft, values->to_tag);
        break;
    case DRAFT_CALL_ID:
        sip_build_set(&draft->build, V("Call-ID"), draft_id(L, draft, "", maker));
        break;
    case DRAFT_CSEQ:
        cseq_add(draft, values);
        break;
    default:
        break;
    }
}

static void others_add(struct draft *draft, const struct header_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct sip_row *row = &rows->items[i];
        if (is_default_row(row->id))
            continue;
        if (row->value.ptr != NULL)
            sip_build_add(&draft->build, row->name, row->value);
        else if (row->id == SIP_HEADER_CONTENT_LENGTH)
            draft->no_length = true;
    }
}

void draft_rows_add(lua_State *L, struct draft *draft, const struct header_rows *rows,
                    const struct draft_values *values, struct view maker)
{
    for (int row = 0; row < DRAFT_ROWS; row++)
        if (!named_add(draft, rows, (enum draft_row)row) && draft->method.ptr != NULL)
            default_add(L, draft, (enum draft_row)row, values, maker);
    others_add(draft, rows);
}

void draft_rows_replace(struct draft *draft, const struct header_rows *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        const struct sip_row *row = &rows->items[i];
        bool first = i == 0 || !view_equal(rows->items[i - 1].name, row->name);
        if (row->value.ptr == NULL && row->id == SIP_HEADER_CONTENT_LENGTH)
            draft->no_length = true;
        else if (row->value.ptr == NULL)
            sip_build_remove(&draft->build, row->name);
        else if (first)
            sip_build_set(&draft->build, row->name, row->value);
        else
            sip_build_add(&draft->build, row->name, row->value);
        for (int r = 0; r < DRAFT_ROWS; r++)
            if (row->value.ptr == NULL && draft_row_id((enum draft_row)r) == row->id)
                draft->omitted |= 1u << r;
    }
}
