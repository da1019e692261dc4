#include "harness/pattern/field_types.h"

/* clang-format off */
#define URI(X)                                                                                     \
    X("scheme", WORD, sip_uri, scheme_text, SCALAR) X("user", TEXT, sip_uri, user, SCALAR)         \
    X("password", TEXT, sip_uri, password, SCALAR) X("host", WORD, sip_uri, host, SCALAR)          \
    X("port", PORT, sip_uri, port, SCALAR) X("params", OBJECT, sip_uri, params, PARAMS)            \
    X("headers", TEXT, sip_uri, headers, SCALAR) X("text", TEXT, sip_uri, text, SCALAR)            \
    X("transport", PARAM_WORD, sip_uri, params, SCALAR) X("lr", PARAM, sip_uri, params, SCALAR)    \
    X("maddr", PARAM_WORD, sip_uri, params, SCALAR)                                                \
    X("ttl", PARAM_NUMBER, sip_uri, params, SCALAR) X("method", PARAM, sip_uri, params, SCALAR)    \
    X("ob", PARAM, sip_uri, params, SCALAR) X("gr", PARAM, sip_uri, params, SCALAR)                \
    X("comp", PARAM_WORD, sip_uri, params, SCALAR) X("cause", PARAM, sip_uri, params, SCALAR)

#define NAME_ADDR(X)                                                                               \
    X("uri", OBJECT, sip_name_addr, uri, URI) X("tag", TEXT, sip_name_addr, tag, SCALAR)           \
    X("display", TEXT, sip_name_addr, display, SCALAR)                                             \
    X("params", OBJECT, sip_name_addr, params, PARAMS)                                             \
    X("wildcard", BOOL, sip_name_addr, wildcard, SCALAR)                                           \
    X("text", TEXT, sip_name_addr, text, SCALAR)                                                   \
    X("expires", PARAM_NUMBER, sip_name_addr, params, SCALAR)                                      \
    X("q", PARAM, sip_name_addr, params, SCALAR)                                                   \
    X("reg_id", PARAM_NUMBER, sip_name_addr, params, SCALAR)                                       \
    X("pub_gruu", PARAM, sip_name_addr, params, SCALAR)                                            \
    X("temp_gruu", PARAM, sip_name_addr, params, SCALAR)                                           \
    X("privacy", PARAM_WORD, sip_name_addr, params, SCALAR)                                        \
    X("reason", PARAM_WORD, sip_name_addr, params, SCALAR)

#define VIA(X)                                                                                     \
    X("branch", TEXT, sip_via, branch, SCALAR) X("transport", WORD, sip_via, transport, SCALAR)    \
    X("host", WORD, sip_via, host, SCALAR) X("port", PORT, sip_via, port, SCALAR)                  \
    X("received", TEXT, sip_via, received, SCALAR)                                                 \
    X("rport", PARAM_NUMBER, sip_via, params, SCALAR)                                              \
    X("protocol", WORD, sip_via, protocol, SCALAR) X("version", WORD, sip_via, version, SCALAR)    \
    X("params", OBJECT, sip_via, params, PARAMS) X("maddr", PARAM_WORD, sip_via, params, SCALAR)   \
    X("ttl", PARAM_NUMBER, sip_via, params, SCALAR) X("alias", PARAM, sip_via, params, SCALAR)     \
    X("keep", PARAM, sip_via, params, SCALAR) X("ob", PARAM, sip_via, params, SCALAR)              \
    X("text", TEXT, sip_via, text, SCALAR)

#define CSEQ(X)                                                                                    \
    X("number", U32, sip_cseq, number, SCALAR) X("method", TEXT, sip_cseq, method_name, SCALAR)

#define TOKEN(X)                                                                                   \
    X("token", WORD, sip_token_params, token, SCALAR)                                              \
    X("params", OBJECT, sip_token_params, params, PARAMS)                                          \
    X("text", TEXT, sip_token_params, text, SCALAR)                                                \
    X("q", PARAM, sip_token_params, params, SCALAR)                                                \
    X("handling", PARAM_WORD, sip_token_params, params, SCALAR)

#define EVENT(X)                                                                                   \
    X("package", WORD, sip_token_params, token, SCALAR)                                            \
    X("id", PARAM, sip_token_params, params, SCALAR)                                               \
    X("params", OBJECT, sip_token_params, params, PARAMS)                                          \
    X("text", TEXT, sip_token_params, text, SCALAR)

#define SUBSCRIPTION_STATE(X)                                                                      \
    X("state", WORD, sip_token_params, token, SCALAR)                                              \
    X("expires", PARAM_NUMBER, sip_token_params, params, SCALAR)                                   \
    X("reason", PARAM_WORD, sip_token_params, params, SCALAR)                                      \
    X("retry_after", PARAM_NUMBER, sip_token_params, params, SCALAR)                               \
    X("params", OBJECT, sip_token_params, params, PARAMS)                                          \
    X("text", TEXT, sip_token_params, text, SCALAR)

#define REASON(X)                                                                                  \
    X("protocol", WORD, sip_token_params, token, SCALAR)                                           \
    X("cause", PARAM_NUMBER, sip_token_params, params, SCALAR)                                     \
    X("text", PARAM, sip_token_params, params, SCALAR)                                             \
    X("params", OBJECT, sip_token_params, params, PARAMS)

#define MEDIA_TYPE(X)                                                                              \
    X("type", WORD, sip_media_type, type, SCALAR) X("subtype", WORD, sip_media_type, subtype, SCALAR) \
    X("params", OBJECT, sip_media_type, params, PARAMS)                                            \
    X("boundary", PARAM, sip_media_type, params, SCALAR)                                           \
    X("charset", PARAM_WORD, sip_media_type, params, SCALAR)                                       \
    X("q", PARAM, sip_media_type, params, SCALAR)

#define SECONDS(X)                                                                                 \
    X("seconds", U64, sip_number, value, SCALAR)                                                   \
    X("refresher", PARAM_WORD, sip_number, params, SCALAR)                                         \
    X("params", OBJECT, sip_number, params, PARAMS)

#define RACK(X)                                                                                    \
    X("rseq", U32, sip_rack, rseq, SCALAR) X("cseq", U32, sip_rack, cseq, SCALAR)                  \
    X("method", TEXT, sip_rack, method_name, SCALAR)

#define AUTH(X)                                                                                    \
    X("scheme", WORD, sip_auth, scheme, SCALAR) X("realm", PARAM, sip_auth, params, SCALAR)        \
    X("nonce", PARAM, sip_auth, params, SCALAR) X("username", PARAM, sip_auth, params, SCALAR)     \
    X("uri", PARAM, sip_auth, params, SCALAR) X("response", PARAM, sip_auth, params, SCALAR)       \
    X("algorithm", PARAM_WORD, sip_auth, params, SCALAR) X("qop", PARAM, sip_auth, params, SCALAR) \
    X("nc", PARAM, sip_auth, params, SCALAR) X("cnonce", PARAM, sip_auth, params, SCALAR)          \
    X("opaque", PARAM, sip_auth, params, SCALAR) X("stale", PARAM_WORD, sip_auth, params, SCALAR)  \
    X("domain", PARAM, sip_auth, params, SCALAR) X("nextnonce", PARAM, sip_auth, params, SCALAR)   \
    X("rspauth", PARAM, sip_auth, params, SCALAR) X("auts", PARAM, sip_auth, params, SCALAR)       \
    X("userhash", PARAM_WORD, sip_auth, params, SCALAR)                                            \
    X("params", OBJECT, sip_auth, params, PARAMS)

#define DIALOG_ID(X)                                                                               \
    X("call_id", TEXT, sip_dialog_id, call_id, SCALAR)                                             \
    X("to_tag", TEXT, sip_dialog_id, to_tag, SCALAR)                                               \
    X("from_tag", TEXT, sip_dialog_id, from_tag, SCALAR)                                           \
    X("early_only", PARAM, sip_dialog_id, params, SCALAR)                                          \
    X("params", OBJECT, sip_dialog_id, params, PARAMS)

#define RETRY_AFTER(X)                                                                             \
    X("seconds", U64, sip_retry_after, seconds, SCALAR)                                            \
    X("comment", TEXT, sip_retry_after, comment, SCALAR)                                           \
    X("duration", PARAM_NUMBER, sip_retry_after, params, SCALAR)                                   \
    X("params", OBJECT, sip_retry_after, params, PARAMS)

#define WARNING(X)                                                                                 \
    X("code", U16, sip_warning, code, SCALAR) X("agent", TEXT, sip_warning, agent, SCALAR)         \
    X("text", TEXT, sip_warning, text, SCALAR)

#define DATE(X)                                                                                    \
    X("year", U16, sip_date, year, SCALAR) X("month", U8, sip_date, month, SCALAR)                 \
    X("day", U8, sip_date, day, SCALAR) X("weekday", U8, sip_date, weekday, SCALAR)                \
    X("hour", U8, sip_date, hour, SCALAR) X("minute", U8, sip_date, minute, SCALAR)                \
    X("second", U8, sip_date, second, SCALAR)

#define TIMESTAMP(X)                                                                               \
    X("value", TEXT, sip_timestamp, value, SCALAR) X("delay", TEXT, sip_timestamp, delay, SCALAR)

#define URI_PARAMS(X)                                                                              \
    X("uri", TEXT, sip_uri_params, uri, SCALAR)                                                    \
    X("purpose", PARAM_WORD, sip_uri_params, params, SCALAR)                                       \
    X("params", OBJECT, sip_uri_params, params, PARAMS)

#define FAULT(X)                                                                                   \
    X("rule", CSTRING, sip_fault, rule, SCALAR) X("section", CSTRING, sip_fault, section, SCALAR)  \
    X("offset", U32, sip_fault, offset, SCALAR) X("fatal", BOOL, sip_fault, fatal, SCALAR)

#define SDP(X)                                                                                     \
    X("version", TEXT, sip_sdp, version, SCALAR) X("name", TEXT, sip_sdp, name, SCALAR)            \
    X("time", TEXT, sip_sdp, time, SCALAR) X("origin", OBJECT, sip_sdp, origin, ORIGIN)            \
    X("connection", OBJECT, sip_sdp, connection, CONNECTION)                                       \
    X("direction", DIRECTION, sip_sdp, direction, SCALAR)                                          \
    X("media", LIST, sip_sdp, media, MEDIA)                                                        \
    X("attributes", SELF, sip_sdp, attributes, SDP_ATTRIBUTES)

#define ORIGIN(X)                                                                                  \
    X("user", TEXT, sip_sdp_origin, user, SCALAR)                                                  \
    X("session_id", TEXT, sip_sdp_origin, session_id, SCALAR)                                      \
    X("session_version", TEXT, sip_sdp_origin, session_version, SCALAR)                            \
    X("net_type", TEXT, sip_sdp_origin, net_type, SCALAR)                                          \
    X("addr_type", TEXT, sip_sdp_origin, addr_type, SCALAR)                                        \
    X("address", TEXT, sip_sdp_origin, address, SCALAR)

#define CONNECTION(X)                                                                              \
    X("address", TEXT, sip_sdp_connection, address, SCALAR)                                        \
    X("net_type", TEXT, sip_sdp_connection, net_type, SCALAR)                                      \
    X("addr_type", TEXT, sip_sdp_connection, addr_type, SCALAR)

#define MEDIA(X)                                                                                   \
    X("kind", TEXT, sip_sdp_media, kind, SCALAR) X("port", U16, sip_sdp_media, port, SCALAR)       \
    X("port_count", U32, sip_sdp_media, port_count, SCALAR)                                        \
    X("protocol", WORD, sip_sdp_media, protocol, SCALAR)                                           \
    X("formats", LIST, sip_sdp_media, formats, FORMAT)                                             \
    X("codecs", LIST, sip_sdp_media, codecs, CODEC)                                                \
    X("direction", DIRECTION, sip_sdp_media, direction, SCALAR)                                    \
    X("connection", OBJECT, sip_sdp_media, connection, CONNECTION)                                 \
    X("attributes", SELF, sip_sdp_media, attributes, MEDIA_ATTRIBUTES)                             \
    X("text", TEXT, sip_sdp_media, text, SCALAR)

#define TYPES(X)                                                                                   \
    X(URI, offsetof(struct sip_uri, text)) X(NAME_ADDR, offsetof(struct sip_name_addr, text))      \
    X(VIA, offsetof(struct sip_via, text)) X(CSEQ, FIELD_NO_TEXT)                                  \
    X(TOKEN, offsetof(struct sip_token_params, text))                                              \
    X(EVENT, offsetof(struct sip_token_params, text))                                              \
    X(SUBSCRIPTION_STATE, offsetof(struct sip_token_params, text))                                 \
    X(REASON, offsetof(struct sip_token_params, text))                                             \
    X(MEDIA_TYPE, FIELD_NO_TEXT) X(SECONDS, FIELD_NO_TEXT) X(RACK, FIELD_NO_TEXT)                  \
    X(AUTH, FIELD_NO_TEXT) X(DIALOG_ID, FIELD_NO_TEXT) X(RETRY_AFTER, FIELD_NO_TEXT)               \
    X(WARNING, offsetof(struct sip_warning, text)) X(DATE, FIELD_NO_TEXT)                          \
    X(TIMESTAMP, FIELD_NO_TEXT) X(URI_PARAMS, offsetof(struct sip_uri_params, uri))                \
    X(FAULT, FIELD_NO_TEXT) X(SDP, FIELD_NO_TEXT)                                                  \
    X(ORIGIN, FIELD_NO_TEXT) X(CONNECTION, FIELD_NO_TEXT)                                          \
    X(MEDIA, offsetof(struct sip_sdp_media, text))

#define AS_MEMBER(name, how, kind, place, type)                                                    \
    {name, offsetof(struct kind, place), MEMBER_##how, FIELD_TYPE_##type},
#define AS_NAME(name, how, kind, place, type) name,
#define AS_TABLES(id, text)                                                                        \
    static const struct member members_##id[] = {id(AS_MEMBER)};                                   \
    static const char *const names_##id[] = {id(AS_NAME) NULL};
TYPES(AS_TABLES)

#define AS_TYPE(id, text_offset)                                                                   \
    [FIELD_TYPE_##id] = {members_##id, names_##id,                                                 \
                         sizeof members_##id / sizeof members_##id[0], text_offset},
static const struct field_type types[FIELD_TYPE_COUNT] = {TYPES(AS_TYPE)};
/* clang-format on */

static const char *const no_names[] = {NULL};
static const struct field_type no_members = {NULL, no_names, 0, FIELD_NO_TEXT};

const struct field_type *field_type_get(unsigned id)
{
    ASSERT(id < FIELD_TYPE_COUNT);
    return types[id].names == NULL ? &no_members : &types[id];
}

static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '-' ? '_' : c;
}

bool field_name_equal(struct view a, struct view b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (folded(a.ptr[i]) != folded(b.ptr[i]))
            return false;
    return true;
}

const struct member *field_type_member(unsigned id, struct view name)
{
    const struct field_type *type = field_type_get(id);
    for (size_t i = 0; i < type->count; i++)
        if (field_name_equal(view_of(type->members[i].name), name))
            return &type->members[i];
    return NULL;
}

static const uint8_t shapes[] = {
    [SIP_SHAPE_NONE] = FIELD_TYPE_ROWS,
    [SIP_SHAPE_TEXT] = FIELD_TYPE_TEXT,
    [SIP_SHAPE_TOKEN] = FIELD_TYPE_WORD,
    [SIP_SHAPE_VIA] = FIELD_TYPE_VIA,
    [SIP_SHAPE_NAME_ADDR] = FIELD_TYPE_NAME_ADDR,
    [SIP_SHAPE_CSEQ] = FIELD_TYPE_CSEQ,
    [SIP_SHAPE_TOKEN_PARAMS] = FIELD_TYPE_TOKEN,
    [SIP_SHAPE_MEDIA_TYPE] = FIELD_TYPE_MEDIA_TYPE,
    [SIP_SHAPE_NUMBER] = FIELD_TYPE_NUMBER,
    [SIP_SHAPE_RACK] = FIELD_TYPE_RACK,
    [SIP_SHAPE_AUTH] = FIELD_TYPE_AUTH,
    [SIP_SHAPE_DIALOG_ID] = FIELD_TYPE_DIALOG_ID,
    [SIP_SHAPE_RETRY_AFTER] = FIELD_TYPE_RETRY_AFTER,
    [SIP_SHAPE_WARNING] = FIELD_TYPE_WARNING,
    [SIP_SHAPE_DATE] = FIELD_TYPE_DATE,
    [SIP_SHAPE_TIMESTAMP] = FIELD_TYPE_TIMESTAMP,
    [SIP_SHAPE_URI_PARAMS] = FIELD_TYPE_URI_PARAMS,
};

/* Headers whose members have names of their own, though they share a struct. */
static const struct {
    enum sip_header_id id;
    uint8_t shape, type;
} named[] = {
    {SIP_HEADER_EVENT,              SIP_SHAPE_TOKEN_PARAMS, FIELD_TYPE_EVENT             },
    {SIP_HEADER_SUBSCRIPTION_STATE, SIP_SHAPE_TOKEN_PARAMS, FIELD_TYPE_SUBSCRIPTION_STATE},
    {SIP_HEADER_REASON,             SIP_SHAPE_TOKEN_PARAMS, FIELD_TYPE_REASON            },
    {SIP_HEADER_SESSION_EXPIRES,    SIP_SHAPE_NUMBER,       FIELD_TYPE_SECONDS           },
    {SIP_HEADER_MIN_SE,             SIP_SHAPE_NUMBER,       FIELD_TYPE_SECONDS           },
};

unsigned field_type_of_header(enum sip_header_id id)
{
    enum sip_shape shape = sip_header_shape(id);
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (named[i].id == id && named[i].shape == shape)
            return named[i].type;
    return shapes[shape];
}
