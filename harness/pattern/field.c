#include "harness/pattern/field_types.h"

/* Rows of a header that has no struct: its text is that of the first. */
static struct field rows_field(struct sip_msg *msg, struct view name)
{
    struct field rows = field_absent(msg, FIELD_TYPE_ROWS);
    const struct sip_line *first = msg == NULL ? NULL : sip_msg_find_name(msg, name, 0);
    if (first == NULL)
        return rows;
    rows.kind = FIELD_LIST;
    rows.ptr = first;
    rows.text = first->value;
    for (size_t cursor = 0; field_next(rows, &cursor).kind != FIELD_UNKNOWN;)
        rows.count++;
    return rows;
}

static struct field header_single(struct sip_msg *msg, enum sip_header_id id, unsigned type,
                                  size_t index)
{
    const void *ptr = msg == NULL ? NULL : sip_msg_get(msg, id, index);
    struct field field = field_of_value(msg, type, ptr);
    const struct sip_line *line = ptr == NULL ? NULL : sip_msg_find(msg, id, index);
    if (line != NULL && field.text.ptr == NULL)
        field.text = line->value;
    field.header = (uint16_t)id;
    return field;
}

static struct field header_list(struct sip_msg *msg, enum sip_header_id id, unsigned type)
{
    struct field list = field_absent(msg, type);
    const struct sip_line *line = msg == NULL ? NULL : sip_msg_find(msg, id, 0);
    list.header = (uint16_t)id;
    if (line == NULL)
        return list;
    list.kind = FIELD_LIST;
    list.text = line->value;
    list.count = sip_msg_count(msg, id);
    if (list.count == 0)
        list.kind = FIELD_ABSENT;
    return list;
}

static struct field header_field(struct sip_msg *msg, enum sip_header_id id)
{
    unsigned type = field_type_of_header(id);
    if (type == FIELD_TYPE_ROWS && !sip_header_is_list(id)) {
        const struct sip_line *line = msg == NULL ? NULL : sip_msg_find(msg, id, 0);
        return field_text(line == NULL ? (struct view){0} : line->value, false);
    }
    if (type == FIELD_TYPE_ROWS)
        return rows_field(msg, sip_header_name(id));
    if (sip_header_is_list(id))
        return header_list(msg, id, type);
    return header_single(msg, id, type, 0);
}

struct field field_header(struct sip_msg *msg, struct view name)
{
    enum sip_header_id id = sip_header_find(name);
    return id == SIP_HEADER_OTHER ? rows_field(msg, name) : header_field(msg, id);
}

/* What a message has beside its headers. */
#define OWN_LIST(X) X(method) X(status) X(reason) X(uri) X(version) X(body) X(sdp) X(raw) X(faults)

static struct field own_method(struct sip_msg *msg)
{
    bool request = msg != NULL && sip_msg_is_request(msg);
    return field_text(request ? sip_msg_method_name(msg) : (struct view){0}, false);
}

static struct field own_status(struct sip_msg *msg)
{
    if (msg == NULL || sip_msg_is_request(msg))
        return field_absent(msg, FIELD_TYPE_SCALAR);
    return field_of_count(sip_msg_status(msg));
}

/* The phrase of a response; a request has none, and its header of that name is meant. */
static struct field own_reason(struct sip_msg *msg)
{
    if (msg == NULL || sip_msg_is_request(msg))
        return header_field(msg, SIP_HEADER_REASON);
    struct field field = field_text(sip_msg_reason(msg), false);
    field.type = FIELD_TYPE_REASON;
    return field;
}

static struct field own_uri(struct sip_msg *msg)
{
    bool request = msg != NULL && sip_msg_is_request(msg);
    return field_of_value(msg, FIELD_TYPE_URI, request ? sip_msg_request_uri(msg) : NULL);
}

static struct field own_version(struct sip_msg *msg)
{
    return field_text(msg == NULL ? (struct view){0} : sip_msg_version(msg), true);
}

static struct field own_body(struct sip_msg *msg)
{
    struct view body = msg == NULL ? (struct view){0} : sip_msg_body(msg);
    return field_text(body.len == 0 ? (struct view){0} : body, false);
}

static struct field own_sdp(struct sip_msg *msg)
{
    const struct sip_sdp *sdp = msg == NULL ? NULL : sip_sdp_of(msg);
    struct field field = field_of_value(msg, FIELD_TYPE_SDP, sdp);
    if (sdp != NULL)
        field.text = sip_sdp_body(msg);
    return field;
}

static struct field own_raw(struct sip_msg *msg)
{
    return field_text(msg == NULL ? (struct view){0} : sip_msg_raw(msg), false);
}

static struct field own_faults(struct sip_msg *msg)
{
    struct field list = field_absent(msg, FIELD_TYPE_FAULT);
    if (msg == NULL)
        return list;
    sip_msg_check(msg);
    list.count = sip_msg_fault_count(msg);
    list.kind = list.count == 0 ? FIELD_ABSENT : FIELD_LIST;
    return list;
}

static const struct {
    const char *name;
    struct field (*get)(struct sip_msg *msg);
} owns[] = {
#define OWN_ROW(name) {#name, own_##name},
    OWN_LIST(OWN_ROW)
#undef OWN_ROW
};
enum { OWN_COUNT = sizeof owns / sizeof owns[0] };

static struct field message_member(struct sip_msg *msg, struct view name)
{
    for (size_t i = 0; i < OWN_COUNT; i++)
        if (field_name_equal(view_of(owns[i].name), name))
            return owns[i].get(msg);
    for (unsigned id = SIP_HEADER_OTHER + 1; id < SIP_HEADER_COUNT; id++)
        if (field_name_equal(sip_header_name((enum sip_header_id)id), name))
            return header_field(msg, (enum sip_header_id)id);
    return field_unknown();
}

struct field field_member(struct field object, struct view name)
{
    if (object.kind == FIELD_UNKNOWN)
        return object;
    if (object.type == FIELD_TYPE_MESSAGE)
        return message_member(object.msg, name);
    if (field_type_open(object.type))
        return field_open_member(object, name);
    const struct member *member = field_type_member(object.type, name);
    if (member == NULL)
        return field_unknown();
    if (object.kind == FIELD_LIST)
        object = field_index(object, 1);
    if (object.kind != FIELD_OBJECT)
        return field_absent(object.msg, member->type);
    return field_member_read(object, member);
}

static struct field list_element(struct field list, size_t index)
{
    if (list.type == FIELD_TYPE_ROWS) {
        const struct sip_line *first = list.ptr;
        const struct sip_line *line = sip_msg_find_name(list.msg, first->name, index);
        return field_text(line == NULL ? (struct view){0} : line->value, false);
    }
    if (list.type == FIELD_TYPE_FAULT)
        return field_of_value(list.msg, list.type, sip_msg_fault(list.msg, index));
    if (list.header != 0)
        return field_of_value(list.msg, list.type,
                              sip_msg_get(list.msg, (enum sip_header_id)list.header, index));
    return field_sdp_element(list, index);
}

struct field field_index(struct field list, size_t index)
{
    if (list.kind == FIELD_UNKNOWN || (list.kind == FIELD_ABSENT && list.type != FIELD_TYPE_SCALAR))
        return list;
    if (list.kind == FIELD_OBJECT && list.header != 0 && index > 0)
        return header_single(list.msg, (enum sip_header_id)list.header, list.type, index - 1);
    if (list.kind != FIELD_LIST)
        return field_unknown();
    if (index == 0 || index > list.count)
        return field_absent(list.msg, list.type);
    return list_element(list, index - 1);
}

static struct field rows_next(struct field rows, size_t *cursor)
{
    const struct sip_line *first = rows.ptr;
    while (*cursor < sip_msg_line_count(rows.msg)) {
        const struct sip_line *line = sip_msg_line(rows.msg, (*cursor)++);
        bool same = first->id != SIP_HEADER_OTHER ? line->id == first->id
                                                  : view_equal_nocase(line->name, first->name);
        if (same)
            return field_text(line->value, false);
    }
    return field_unknown();
}

struct field field_next(struct field list, size_t *cursor)
{
    if (list.kind != FIELD_LIST)
        return field_unknown();
    if (list.type == FIELD_TYPE_ROWS)
        return rows_next(list, cursor);
    if (*cursor >= list.count)
        return field_unknown();
    return list_element(list, (*cursor)++);
}

struct field field_of_message(struct sip_msg *msg)
{
    return (struct field){.kind = FIELD_OBJECT, .msg = msg, .type = FIELD_TYPE_MESSAGE};
}

struct field field_of_sdp(const struct sip_sdp *sdp)
{
    return field_of_value(NULL, FIELD_TYPE_SDP, sdp);
}

struct field field_of_uri(const struct sip_uri *uri)
{
    return field_of_value(NULL, FIELD_TYPE_URI, uri);
}

const char *const *field_names(struct field object)
{
    /* Filled on first use and never changed. */
    static const char *names[OWN_COUNT + SIP_HEADER_COUNT];
    if (object.type != FIELD_TYPE_MESSAGE)
        return field_type_get(object.type)->names;
    if (names[0] == NULL) {
        size_t count = 0;
        for (size_t i = 0; i < OWN_COUNT; i++)
            names[count++] = owns[i].name;
        for (unsigned id = SIP_HEADER_OTHER + 1; id < SIP_HEADER_COUNT; id++)
            names[count++] = sip_header_name((enum sip_header_id)id).ptr;
    }
    return names;
}
