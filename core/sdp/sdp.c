#include "core/sdp/reader.h"

void sdp_fault(struct sdp_reader *r, const char *rule, const char *section, struct view at)
{
    if (r->faults == NULL)
        r->faults = sdp_array(r, SIP_SDP_FAULTS_MAX, sizeof *r->faults);
    if (r->faults == NULL || r->fault_count == SIP_SDP_FAULTS_MAX)
        return;
    uint32_t offset = at.ptr == NULL ? 0 : (uint32_t)(at.ptr - r->text.ptr);
    r->faults[r->fault_count++] = (struct sip_fault){rule, section, offset, false};
}

struct view sdp_word(struct view *rest)
{
    struct view text = *rest;
    while (text.len != 0 && text.ptr[0] == ' ')
        text = view_skip(text, 1);
    size_t end = view_find_char(text, ' ');
    *rest = view_skip(text, end < text.len ? end + 1 : end);
    return text.len == 0 ? (struct view){0} : view_head(text, end);
}

void *sdp_array(struct sdp_reader *r, size_t count, size_t size)
{
    void *array = r->failed != ERR_OK ? NULL : arena_zalloc(r->arena, count * size);
    if (array == NULL && r->failed == ERR_OK)
        r->failed = ERR_MEMORY;
    return array;
}

/* One record; RFC 8866 §5 asks parsers to take a single newline for CRLF. */
static struct view line_next(struct view *rest)
{
    size_t end = view_find_char(*rest, '\n');
    struct view line = view_head(*rest, end);
    *rest = view_skip(*rest, end < rest->len ? end + 1 : end);
    if (line.len != 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    return line;
}

static size_t line_count(struct view rest)
{
    size_t count = 0;
    for (; rest.len != 0; count++)
        (void)line_next(&rest);
    return count;
}

static void lines_split(struct sdp_reader *r)
{
    size_t count = line_count(r->text);
    if (count > SIP_SDP_LINES_MAX)
        r->failed = ERR_LIMIT;
    r->lines = sdp_array(r, count, sizeof *r->lines);
    if (r->lines == NULL)
        return;
    for (struct view rest = r->text; rest.len != 0;) {
        struct view line = line_next(&rest);
        if (line.len < 2 || line.ptr[1] != '=') {
            sdp_fault(r, "sdp-line", "RFC 8866 §5", line);
            continue;
        }
        struct view value = view_skip(line, 2);
        if (view_find_char(value, '\0') < value.len || view_find_char(value, '\r') < value.len)
            sdp_fault(r, "sdp-control-character", "RFC 8866 §5", line);
        r->lines[r->line_count++] = (struct sip_sdp_line){line.ptr[0], value};
    }
}

/* Where a line may stand: RFC 8866 §5, §9. Only t=, r= and z= may take turns. */
static void order_check(struct sdp_reader *r, const struct sip_sdp_line *lines, size_t count,
                        struct view order)
{
    size_t reached = 0;
    for (size_t i = 0; i < count; i++) {
        bool of_time = lines[i].type == 'r' || lines[i].type == 'z';
        char type = of_time ? 't' : lines[i].type;
        size_t place = view_find_char(order, type);
        if (place == order.len)
            sdp_fault(r, "sdp-type-unknown", "RFC 8866 §5", lines[i].value);
        else if (place < reached)
            sdp_fault(r, "sdp-order", "RFC 8866 §5", lines[i].value);
        else
            reached = place;
    }
}

static const struct sip_sdp_line *line_find(const struct sip_sdp_line *lines, size_t count,
                                            char type)
{
    for (size_t i = 0; i < count; i++)
        if (lines[i].type == type)
            return &lines[i];
    return NULL;
}

static struct sip_sdp_attribute *attributes_parse(struct sdp_reader *r,
                                                  const struct sip_sdp_line *lines, size_t count,
                                                  size_t *out_count)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        used += lines[i].type == 'a';
    struct sip_sdp_attribute *attributes = sdp_array(r, used, sizeof *attributes);
    if (attributes == NULL)
        return NULL;
    used = 0;
    for (size_t i = 0; i < count; i++) {
        struct view value = lines[i].value;
        size_t colon = view_find_char(value, ':');
        if (lines[i].type != 'a')
            continue;
        struct sip_sdp_attribute *a = &attributes[used++];
        a->name = view_head(value, colon);
        if (colon < value.len)
            a->value = view_skip(value, colon + 1);
    }
    *out_count = used;
    return attributes;
}

static enum sip_sdp_direction direction_of(const struct sip_sdp_attribute *attributes, size_t count,
                                           enum sip_sdp_direction otherwise)
{
    enum sip_sdp_direction direction;
    for (size_t i = 0; i < count; i++)
        if (attributes[i].value.ptr == NULL &&
            sip_sdp_direction_find(attributes[i].name, &direction))
            return direction;
    return otherwise;
}

/* RFC 8866 §5.2: o=<username> <sess-id> <sess-version> <nettype> <addrtype> <unicast-address> */
static void origin_parse(struct sdp_reader *r, struct view value, struct sip_sdp_origin *out)
{
    struct view rest = value;
    struct sip_sdp_origin o = {0};
    uint64_t number;
    o.user = sdp_word(&rest);
    o.session_id = sdp_word(&rest);
    o.session_version = sdp_word(&rest);
    o.net_type = sdp_word(&rest);
    o.addr_type = sdp_word(&rest);
    o.address = sdp_word(&rest);
    if (o.address.len == 0 || rest.len != 0) {
        sdp_fault(r, "sdp-origin", "RFC 8866 §5.2", value);
        return;
    }
    /* RFC 3264 §5: both must fit into 64 bits, signed. */
    if (!view_to_uint(o.session_id, INT64_MAX, &number) ||
        !view_to_uint(o.session_version, INT64_MAX, &number))
        sdp_fault(r, "sdp-origin-number", "RFC 3264 §5", value);
    *out = o;
}

static struct view value_needed(struct sdp_reader *r, const struct sip_sdp *sdp, char type,
                                const char *rule, const char *section)
{
    const struct sip_sdp_line *line = line_find(sdp->lines, sdp->line_count, type);
    if (line != NULL)
        return line->value;
    sdp_fault(r, rule, section, r->text);
    return (struct view){0};
}

static void session_parse(struct sdp_reader *r, struct sip_sdp *sdp)
{
    order_check(r, sdp->lines, sdp->line_count, V("vosiuepcbtzka"));
    sdp->version = value_needed(r, sdp, 'v', "sdp-version", "RFC 8866 §5.1");
    if (sdp->version.ptr != NULL && !view_equal(sdp->version, V("0")))
        sdp_fault(r, "sdp-version", "RFC 8866 §5.1", sdp->version);
    struct view origin = value_needed(r, sdp, 'o', "sdp-origin", "RFC 8866 §5.2");
    if (origin.ptr != NULL)
        origin_parse(r, origin, &sdp->origin);
    sdp->name = value_needed(r, sdp, 's', "sdp-name", "RFC 8866 §5.3");
    sdp->time = value_needed(r, sdp, 't', "sdp-time", "RFC 8866 §5.9");
    const struct sip_sdp_line *c = line_find(sdp->lines, sdp->line_count, 'c');
    if (c != NULL)
        sdp->connection = sdp_connection_parse(r, c->value);
    sdp->attributes = attributes_parse(r, sdp->lines, sdp->line_count, &sdp->attribute_count);
    sdp->direction = direction_of(sdp->attributes, sdp->attribute_count, SIP_SDP_SENDRECV);
}

static void stream_parse(struct sdp_reader *r, const struct sip_sdp *sdp,
                         const struct sip_sdp_line *first, size_t count, struct sip_sdp_media *m)
{
    sdp_media_parse(r, first->value, m);
    m->lines = first + 1;
    m->line_count = count - 1;
    order_check(r, m->lines, m->line_count, V("icbka"));
    const struct sip_sdp_line *c = line_find(m->lines, m->line_count, 'c');
    m->connection = c != NULL ? sdp_connection_parse(r, c->value) : sdp->connection;
    /* RFC 8866 §5.7: in the session's part, or in every media description. */
    if (c == NULL && line_find(sdp->lines, sdp->line_count, 'c') == NULL)
        sdp_fault(r, "sdp-connection-missing", "RFC 8866 §5.7", m->text);
    m->attributes = attributes_parse(r, m->lines, m->line_count, &m->attribute_count);
    m->direction = direction_of(m->attributes, m->attribute_count, sdp->direction);
    sdp_codecs_parse(r, m);
}

static size_t section_len(const struct sdp_reader *r, size_t from)
{
    size_t end = from;
    while (end < r->line_count && r->lines[end].type != 'm')
        end++;
    return end - from;
}

static void media_parse(struct sdp_reader *r, struct sip_sdp *sdp)
{
    size_t count = 0;
    for (size_t i = 0; i < r->line_count; i++)
        count += r->lines[i].type == 'm';
    struct sip_sdp_media *media = sdp_array(r, count, sizeof *media);
    if (media == NULL)
        return;
    size_t at = sdp->line_count;
    for (size_t i = 0; i < count; i++) {
        size_t len = 1 + section_len(r, at + 1);
        stream_parse(r, sdp, &r->lines[at], len, &media[i]);
        at += len;
    }
    sdp->media = media;
    sdp->media_count = count;
}

static void faults_sort(struct sip_fault *faults, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct sip_fault fault = faults[i];
        size_t j = i;
        for (; j > 0 && faults[j - 1].offset > fault.offset; j--)
            faults[j] = faults[j - 1];
        faults[j] = fault;
    }
}

enum err sip_sdp_parse(struct view text, struct arena *arena, struct sip_sdp *out)
{
    struct sdp_reader r = {.text = text, .arena = arena};
    struct sip_sdp sdp = {0};
    lines_split(&r);
    if (r.failed != ERR_OK)
        return r.failed;
    if (r.line_count == 0)
        return ERR_SYNTAX;
    sdp.lines = r.lines;
    sdp.line_count = section_len(&r, 0);
    session_parse(&r, &sdp);
    media_parse(&r, &sdp);
    if (r.failed != ERR_OK)
        return r.failed;
    faults_sort(r.faults, r.fault_count);
    sdp.faults = r.faults;
    sdp.fault_count = r.fault_count;
    *out = sdp;
    return ERR_OK;
}

bool sip_sdp_attribute_find(const struct sip_sdp *sdp, const struct sip_sdp_media *media,
                            struct view name, struct view *out_value)
{
    for (size_t i = 0; media != NULL && i < media->attribute_count; i++) {
        if (view_equal(media->attributes[i].name, name)) {
            *out_value = media->attributes[i].value;
            return true;
        }
    }
    for (size_t i = 0; i < sdp->attribute_count; i++) {
        if (view_equal(sdp->attributes[i].name, name)) {
            *out_value = sdp->attributes[i].value;
            return true;
        }
    }
    return false;
}
