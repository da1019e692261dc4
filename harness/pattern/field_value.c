#include "harness/pattern/field_types.h"

struct field field_absent(struct sip_msg *msg, unsigned type)
{
    return (struct field){.kind = FIELD_ABSENT, .msg = msg, .type = (uint16_t)type};
}

struct field field_unknown(void)
{
    return (struct field){.kind = FIELD_UNKNOWN};
}

struct field field_text(struct view text, bool any_case)
{
    if (text.ptr == NULL)
        return field_absent(NULL, FIELD_TYPE_SCALAR);
    return (struct field){.kind = FIELD_TEXT, .text = text, .any_case = any_case};
}

struct field field_of_count(uint64_t number)
{
    int64_t bounded = number > INT64_MAX ? INT64_MAX : (int64_t)number;
    return (struct field){.kind = FIELD_NUMBER, .number = bounded};
}

static struct field flag_field(bool value)
{
    return (struct field){
        .kind = FIELD_BOOL, .number = value, .text = value ? V("true") : V("false")};
}

/* From the first byte of one part to the last of another: both stand in the same line. */
static struct view spanned(struct view first, struct view last)
{
    if (first.ptr == NULL || last.ptr == NULL)
        return (struct view){0};
    return (struct view){first.ptr, (size_t)(last.ptr + last.len - first.ptr)};
}

static struct view object_text(unsigned type, const void *ptr)
{
    uint16_t offset = field_type_get(type)->text;
    if (type == FIELD_TYPE_CONNECTION) {
        const struct sip_sdp_connection *c = ptr;
        return spanned(c->net_type, c->address);
    }
    if (type == FIELD_TYPE_ORIGIN) {
        const struct sip_sdp_origin *o = ptr;
        return spanned(o->user, o->address);
    }
    if (offset == FIELD_NO_TEXT)
        return (struct view){0};
    return *(const struct view *)(const void *)((const char *)ptr + offset);
}

static int64_t object_number(unsigned type, const void *ptr)
{
    if (type == FIELD_TYPE_CSEQ)
        return ((const struct sip_cseq *)ptr)->number;
    if (type == FIELD_TYPE_SECONDS)
        return field_of_count(((const struct sip_number *)ptr)->value).number;
    if (type == FIELD_TYPE_RETRY_AFTER)
        return field_of_count(((const struct sip_retry_after *)ptr)->seconds).number;
    return 0;
}

/* A parsed value as what it is: some structs hold no more than a text or a number. */
struct field field_of_value(struct sip_msg *msg, unsigned type, const void *ptr)
{
    if (ptr == NULL)
        return field_absent(msg, type);
    if (type == FIELD_TYPE_TEXT || type == FIELD_TYPE_WORD)
        return field_text(((const struct sip_text *)ptr)->text, type == FIELD_TYPE_WORD);
    if (type == FIELD_TYPE_NUMBER)
        return field_of_count(((const struct sip_number *)ptr)->value);
    return (struct field){.kind = FIELD_OBJECT,
                          .text = object_text(type, ptr),
                          .msg = msg,
                          .number = object_number(type, ptr),
                          .ptr = ptr,
                          .type = (uint16_t)type};
}

static struct field param_field(const struct sip_params *params, struct view name, unsigned how)
{
    for (size_t i = 0; i < params->count; i++) {
        struct view value = sip_unquoted(params->items[i].value);
        uint64_t number;
        if (!field_name_equal(params->items[i].name, name))
            continue;
        if (params->items[i].value.ptr == NULL)
            return flag_field(true);
        struct field field = field_text(value, how == MEMBER_PARAM_WORD);
        if (how == MEMBER_PARAM_NUMBER && view_to_uint(value, INT64_MAX, &number)) {
            field.kind = FIELD_NUMBER;
            field.number = (int64_t)number;
        }
        return field;
    }
    return field_absent(NULL, FIELD_TYPE_SCALAR);
}

static struct field attribute_field(const struct sip_sdp_attribute *items, size_t count,
                                    struct view name)
{
    for (size_t i = 0; i < count; i++)
        if (field_name_equal(items[i].name, name))
            return items[i].value.ptr == NULL ? flag_field(true)
                                              : field_text(items[i].value, false);
    return field_absent(NULL, FIELD_TYPE_SCALAR);
}

/* The attributes of a description's part, whose type says which. */
static size_t attributes_get(struct field field, const struct sip_sdp_attribute **out)
{
    if (field.type == FIELD_TYPE_SDP_ATTRIBUTES) {
        const struct sip_sdp *sdp = field.ptr;
        *out = sdp->attributes;
        return sdp->attribute_count;
    }
    const struct sip_sdp_media *media = field.ptr;
    *out = media->attributes;
    return media->attribute_count;
}

static struct field attributes_field(struct field field)
{
    const struct sip_sdp_attribute *items;
    field.count = attributes_get(field, &items);
    field.kind = field.count == 0 ? FIELD_ABSENT : FIELD_LIST;
    return field;
}

static struct field list_field(struct field field)
{
    const struct sip_sdp_media *media = field.ptr;
    const struct sip_sdp *sdp = field.ptr;
    field.count = field.type == FIELD_TYPE_MEDIA ? sdp->media_count : media->format_count;
    field.kind = field.count == 0 ? FIELD_ABSENT : FIELD_LIST;
    return field;
}

/* The direction of a whole description is that of its first stream. */
static enum sip_sdp_direction direction_of(unsigned owner, const void *ptr)
{
    const struct sip_sdp *sdp = ptr;
    if (owner == FIELD_TYPE_SDP)
        return sdp->media_count > 0 ? sdp->media[0].direction : sdp->direction;
    return ((const struct sip_sdp_media *)ptr)->direction;
}

static struct field object_field(struct sip_msg *msg, unsigned type, const void *at)
{
    struct field field = field_of_value(msg, type, at);
    bool is_sdp = type == FIELD_TYPE_CONNECTION || type == FIELD_TYPE_ORIGIN;
    return is_sdp && field.text.ptr == NULL ? field_absent(msg, type) : field;
}

struct field field_member_read(struct field object, const struct member *member)
{
    const char *at = (const char *)object.ptr + member->offset;
    const void *place = at;
    switch ((enum member_how)member->how) {
    case MEMBER_TEXT:
    case MEMBER_WORD:
        return field_text(*(const struct view *)place, member->how == MEMBER_WORD);
    case MEMBER_CSTRING:
        return field_text(view_of(*(const char *const *)place), false);
    case MEMBER_U8:
        return field_of_count(*(const uint8_t *)place);
    case MEMBER_U16:
        return field_of_count(*(const uint16_t *)place);
    case MEMBER_PORT:
        return *(const uint16_t *)place == 0 ? field_absent(NULL, FIELD_TYPE_SCALAR)
                                             : field_of_count(*(const uint16_t *)place);
    case MEMBER_U32:
        return field_of_count(*(const uint32_t *)place);
    case MEMBER_U64:
        return field_of_count(*(const uint64_t *)place);
    case MEMBER_BOOL:
        return flag_field(*(const bool *)place);
    case MEMBER_DIRECTION:
        return field_text(view_of(sip_sdp_direction_text(direction_of(object.type, object.ptr))),
                          false);
    case MEMBER_OBJECT:
        return object_field(object.msg, member->type, place);
    case MEMBER_SELF:
        object.type = member->type;
        return attributes_field(object);
    case MEMBER_LIST:
        object.type = member->type;
        return list_field(object);
    default:
        return param_field(place, view_of(member->name), member->how);
    }
}

bool field_type_open(unsigned type)
{
    return type == FIELD_TYPE_PARAMS || type == FIELD_TYPE_SDP_ATTRIBUTES ||
           type == FIELD_TYPE_MEDIA_ATTRIBUTES;
}

/* Any name is a member of these. */
struct field field_open_member(struct field object, struct view name)
{
    const struct sip_sdp_attribute *items;
    if (object.kind == FIELD_ABSENT)
        return field_absent(object.msg, FIELD_TYPE_SCALAR);
    if (object.type == FIELD_TYPE_PARAMS)
        return param_field(object.ptr, name, MEMBER_PARAM);
    size_t count = attributes_get(object, &items);
    return attribute_field(items, count, name);
}

struct field field_sdp_element(struct field list, size_t index)
{
    const struct sip_sdp *sdp = list.ptr;
    const struct sip_sdp_media *media = list.ptr;
    const struct sip_sdp_attribute *items;
    switch (list.type) {
    case FIELD_TYPE_MEDIA:
        return field_of_value(list.msg, list.type, &sdp->media[index]);
    case FIELD_TYPE_FORMAT:
        return field_text(media->formats[index], false);
    case FIELD_TYPE_CODEC:
        return field_text(media->codecs[index].name.ptr != NULL ? media->codecs[index].name
                                                                : media->codecs[index].format,
                          true);
    default:
        (void)attributes_get(list, &items);
        return field_text(spanned(items[index].name, items[index].value.ptr != NULL
                                                         ? items[index].value
                                                         : items[index].name),
                          false);
    }
}
