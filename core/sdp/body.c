#include "core/message/multipart.h"
#include "core/sdp/sdp.h"

enum { PARTS_MAX = 100 };

static bool is_sdp(struct view type, struct view subtype)
{
    return view_equal_nocase(type, V("application")) && view_equal_nocase(subtype, V("sdp"));
}

/* "application/sdp;charset=x": only the type and the subtype matter here. */
static bool part_is_sdp(struct view content_type)
{
    struct view type = view_trim(view_head(content_type, view_find_char(content_type, ';')));
    size_t slash = view_find_char(type, '/');
    return slash < type.len && is_sdp(view_head(type, slash), view_skip(type, slash + 1));
}

static struct view part_find(struct view body, struct view boundary)
{
    struct sip_part part;
    for (size_t i = 0; i < PARTS_MAX && sip_part_next(&body, boundary, &part) == ERR_OK; i++)
        if (part_is_sdp(part.content_type))
            return part.body;
    return (struct view){0};
}

struct view sip_sdp_body(struct sip_msg *msg)
{
    const struct sip_media_type *type = sip_msg_get(msg, SIP_HEADER_CONTENT_TYPE, 0);
    struct view boundary;
    if (type == NULL || sip_msg_body(msg).len == 0)
        return (struct view){0};
    if (is_sdp(type->type, type->subtype))
        return sip_msg_body(msg);
    if (view_equal_nocase(type->type, V("multipart")) &&
        sip_boundary_find(type, &boundary) == ERR_OK)
        return part_find(sip_msg_body(msg), boundary);
    return (struct view){0};
}

/* In the place of a description that cannot be read, so that it is not tried again. */
static const struct sip_sdp unreadable;

const struct sip_sdp *sip_sdp_of(struct sip_msg *msg)
{
    const void **slot = sip_msg_body_slot(msg);
    if (*slot != NULL)
        return *slot == &unreadable ? NULL : *slot;
    struct view text = sip_sdp_body(msg);
    struct sip_sdp *sdp = arena_zalloc(sip_msg_arena(msg), sizeof *sdp);
    enum err err = sdp == NULL ? ERR_MEMORY : ERR_SYNTAX;
    if (text.ptr != NULL && sdp != NULL)
        err = sip_sdp_parse(text, sip_msg_arena(msg), sdp);
    if (err != ERR_OK) {
        *slot = &unreadable;
        if (err == ERR_MEMORY)
            sip_msg_lose(msg); /* what cannot be read may be well */
        return NULL;
    }
    *slot = sdp;
    return sdp;
}
