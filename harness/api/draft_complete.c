/* A draft becomes a message of its sender: Via, From and Contact are filled in. */
#include "harness/api/draft.h"
#include "harness/api/draft_rows.h"
#include "harness/api/kinds.h"

#include <stdio.h>

struct completing {
    lua_State *L;
    struct draft *draft;
    struct sip_msg *msg;
    const struct party *sender;
    struct view from_tag, branch; /* that the script gave; absent: new ones */
};

static void set_printed(struct completing *c, struct view name, struct buf *value)
{
    enum err err = value->failed;

    if (err == ERR_OK)
        sip_build_set(&c->draft->build, name, buf_view(value));
    buf_deinit(value);
    if (err != ERR_OK)
        luaL_error(c->L, "not enough memory");
}

/* RFC 3261 §8.1.1.7 */
static void via_add(struct completing *c)
{
    static const struct view transports[] = {
        [PROTO_UDP] = {"SIP/2.0/UDP", 11},
        [PROTO_TCP] = {"SIP/2.0/TCP", 11},
        [PROTO_TLS] = {"SIP/2.0/TLS", 11},
        [PROTO_WS] = {"SIP/2.0/WS",  10},
        [PROTO_WSS] = {"SIP/2.0/WSS", 11}
    };
    char room[ADDR_TEXT_MAX];
    struct view branch = c->branch;
    struct buf value = {0};

    if (branch.ptr == NULL)
        branch = draft_id(c->L, c->draft, "z9hG4bK", c->sender->name);
    buf_add(&value, transports[c->sender->proto]);
    buf_printf(&value, " %s;branch=", addr_text(&c->sender->local, room).ptr);
    buf_add(&value, branch);
    set_printed(c, V("Via"), &value);
}

static void from_add(struct completing *c)
{
    struct view tag = c->from_tag;
    struct buf value = {0};

    if (tag.ptr == NULL)
        tag = draft_id(c->L, c->draft, "", c->sender->name);
    buf_add_char(&value, '<');
    buf_add(&value, view_head(c->sender->uri, view_find(c->sender->uri, V(";transport="))));
    buf_add(&value, V(">;tag="));
    buf_add(&value, tag);
    set_printed(c, V("From"), &value);
}

static void contact_add(struct completing *c)
{
    char room[ADDR_TEXT_MAX];
    struct buf value = {0};

    if (!draft_wants_contact(sip_msg_method(c->msg), sip_msg_status(c->msg)))
        return;
    buf_add(&value, V("<sip:"));
    buf_add(&value, c->sender->name);
    buf_printf(&value, "@%s", addr_text(&c->sender->local, room).ptr);
    if (c->sender->proto != PROTO_UDP)
        buf_printf(&value, ";transport=%s", proto_text(c->sender->proto));
    buf_add_char(&value, '>');
    set_printed(c, V("Contact"), &value);
}

static void missing_add(struct completing *c, enum draft_row row)
{
    bool request = sip_msg_is_request(c->msg);

    if (row == DRAFT_VIA && request)
        via_add(c);
    else if (row == DRAFT_FROM && request)
        from_add(c);
    else if (row == DRAFT_CONTACT)
        contact_add(c);
}

static void rows_copy(struct completing *c, enum sip_header_id id)
{
    const struct sip_line *line;

    for (size_t i = 0; (line = sip_msg_find(c->msg, id, i)) != NULL; i++)
        sip_build_add(&c->draft->build, line->name, line->value);
}

static void others_copy(struct completing *c)
{
    for (size_t i = 0; i < sip_msg_line_count(c->msg); i++) {
        const struct sip_line *line = sip_msg_line(c->msg, i);
        bool done = false;
        for (int row = 0; row < DRAFT_ROWS; row++)
            done = done || draft_row_id((enum draft_row)row) == line->id;
        if (!done)
            sip_build_add(&c->draft->build, line->name, line->value);
    }
}

void draft_start_copy(struct draft *draft, const struct sip_msg *msg)
{
    if (sip_msg_is_request(msg))
        sip_build_request(&draft->build, sip_msg_method_name(msg), sip_msg_request_uri_text(msg));
    else
        sip_build_response(&draft->build, sip_msg_status(msg), sip_msg_reason(msg));
}

static struct view kept_text(lua_State *L, int index, const char *name)
{
    struct view text = {0};

    lua_getiuservalue(L, index, 1);
    if (lua_istable(L, -1)) {
        lua_getfield(L, -1, name);
        text.ptr = lua_tolstring(L, -1, &text.len); /* the table keeps it */
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return text;
}

struct blob *draft_complete(lua_State *L, int index, const struct party *sender)
{
    const struct message_info *info = message_check(L, index);
    struct blob *bytes = NULL;

    if (!info->draft)
        return blob_ref(info->bytes);
    struct completing c = {.L = L, .sender = sender};
    c.draft = draft_push(L);
    c.msg = message_msg(L, info);
    c.from_tag = kept_text(L, index, "from_tag");
    c.branch = kept_text(L, index, "branch");
    if (c.msg == NULL)
        return blob_ref(info->bytes);
    draft_start_copy(c.draft, c.msg);
    for (int row = 0; row < DRAFT_ROWS; row++) {
        if (sip_msg_find(c.msg, draft_row_id((enum draft_row)row), 0) != NULL)
            rows_copy(&c, draft_row_id((enum draft_row)row));
        else if ((info->omitted & 1u << row) == 0)
            missing_add(&c, (enum draft_row)row);
    }
    others_copy(&c);
    if (sip_msg_find(c.msg, SIP_HEADER_CONTENT_LENGTH, 0) == NULL)
        sip_build_omit_length(&c.draft->build);
    sip_build_body(&c.draft->build, sip_msg_body(c.msg));
    if (sip_build_finish(&c.draft->build, &bytes) != ERR_OK)
        luaL_error(L, "not enough memory");
    lua_pop(L, 1);
    return bytes;
}
