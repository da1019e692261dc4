/* 3xx: the Contacts in it are where to ask next, RFC 3261 §8.1.3.4. */
#include "core/message/uri.h"
#include "core/stack/reason/reasons.h"

enum { TARGETS_MAX = 64, PARAMS_MAX = 32, Q_ONE = 1000 };

struct target {
    struct target *next;
    struct view text;   /* the URI, without headers and method: what a Request-URI may be */
    struct sip_uri uri; /* of it */
    struct view headers;
    uint32_t q; /* in thousandths */
    bool tried;
};

static bool is_known(const struct tries *tries, const struct sip_uri *uri)
{
    size_t count = 0;
    for (const struct target *t = tries->targets; t != NULL; t = t->next, count++)
        if (sip_uri_equal(&t->uri, uri))
            return true;
    return count >= TARGETS_MAX;
}

/* The URI from its parts, without what a Request-URI must not have (§19.1.1, Table 1). */
static struct view text_of(struct tries *tries, const struct sip_uri *uri)
{
    struct buf buf = {0};
    struct sip_uri plain = *uri;
    struct sip_param params[PARAMS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < uri->params.count && count < PARAMS_MAX; i++)
        if (!view_equal_nocase(uri->params.items[i].name, V("method")))
            params[count++] = uri->params.items[i];
    plain.headers = (struct view){0};
    plain.params = (struct sip_params){params, count};
    sip_uri_write(&buf, &plain);
    struct view text = {0};
    if (buf.failed == ERR_OK)
        text = arena_copy(&tries->texts, buf_view(&buf));
    buf_deinit(&buf);
    return text;
}

/* Behind those that are as good, so that equals keep their order. */
static void list(struct tries *tries, struct target *target)
{
    struct target **at = &tries->targets;
    while (*at != NULL && ((*at)->tried || (*at)->q >= target->q))
        at = &(*at)->next;
    target->next = *at;
    *at = target;
}

static enum err target_make(struct tries *tries, const struct sip_uri *uri, struct target **out)
{
    struct target *target = arena_zalloc(&tries->texts, sizeof *target);
    if (target == NULL)
        return ERR_MEMORY;
    target->text = text_of(tries, uri);
    target->headers = arena_copy(&tries->texts, uri->headers.ptr == NULL ? V("") : uri->headers);
    if (target->text.ptr == NULL || target->headers.ptr == NULL)
        return ERR_MEMORY;
    *out = target;
    return sip_uri_parse(target->text, &tries->texts, &target->uri);
}

static void add(struct again *again, const struct sip_uri *uri, uint32_t q, bool tried)
{
    struct target *target;
    if (is_known(again->tries, uri))
        return;
    enum err err = target_make(again->tries, uri, &target);
    if (err == ERR_MEMORY)
        again->failed = err;
    if (err != ERR_OK)
        return;
    target->q = q;
    target->tried = tried;
    list(again->tries, target);
}

/* §8.1.3.4: the set begins with the Request-URI; none comes into it twice, so that two who send us
 * to each other end it. From sips nobody leads us to where everybody can listen. */
static void learn(struct again *again)
{
    const struct sip_uri *first = sip_msg_request_uri(again->request);
    bool secure = first != NULL && first->scheme == SIP_SCHEME_SIPS;
    if (again->tries->targets == NULL && first != NULL)
        add(again, first, Q_ONE, true);
    for (size_t i = 0; i < TARGETS_MAX; i++) {
        const struct sip_name_addr *contact = sip_msg_contact(again->response, i);
        if (contact == NULL && i >= sip_msg_count(again->response, SIP_HEADER_CONTACT))
            return;
        if (contact == NULL || contact->wildcard ||
            (contact->uri.scheme != SIP_SCHEME_SIP && contact->uri.scheme != SIP_SCHEME_SIPS) ||
            (secure && contact->uri.scheme != SIP_SCHEME_SIPS))
            continue;
        add(again, &contact->uri, sip_params_q(&contact->params), false);
    }
}

/* §19.1.5: "obviously dangerous", and what says who we are and what we can. */
static bool is_ours(enum sip_header_id id)
{
    static const enum sip_header_id ids[] = {SIP_HEADER_FROM,
                                             SIP_HEADER_CALL_ID,
                                             SIP_HEADER_CSEQ,
                                             SIP_HEADER_VIA,
                                             SIP_HEADER_RECORD_ROUTE,
                                             SIP_HEADER_ROUTE,
                                             SIP_HEADER_TO,
                                             SIP_HEADER_CONTACT,
                                             SIP_HEADER_CONTENT_LENGTH,
                                             SIP_HEADER_CONTENT_TYPE,
                                             SIP_HEADER_MAX_FORWARDS,
                                             SIP_HEADER_AUTHORIZATION,
                                             SIP_HEADER_ACCEPT,
                                             SIP_HEADER_ACCEPT_ENCODING,
                                             SIP_HEADER_ACCEPT_LANGUAGE,
                                             SIP_HEADER_ALLOW,
                                             SIP_HEADER_ORGANIZATION,
                                             SIP_HEADER_SUPPORTED,
                                             SIP_HEADER_USER_AGENT,
                                             SIP_HEADER_PROXY_AUTHORIZATION,
                                             SIP_HEADER_CONTENT_ENCODING};
    for (size_t i = 0; i < sizeof ids / sizeof ids[0]; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Control characters could make rows of their own, other ones a name of a value. */
static bool is_plain(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < 0x20 || text.ptr[i] == 0x7f)
            return false;
    return text.len > 0;
}

static bool is_name(struct view text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (c < '0' || c > '9') && c != '-' && c != '.' && c != '_')
            return false;
    }
    return text.len > 0;
}

/* "name=value": takes the place of a header with one value, comes beside those of a list. */
static void header_row(struct again *again, struct view pair)
{
    struct arena *arena = &again->stack->scratch;
    size_t at = view_find_char(pair, '=');
    struct view name = sip_unescape(view_head(pair, at), arena);
    struct view value = sip_unescape(view_skip(pair, at + 1), arena);
    if (name.ptr == NULL || value.ptr == NULL) {
        again->failed = ERR_MEMORY;
        return;
    }
    enum sip_header_id id = sip_header_find(name);
    if (is_ours(id) || view_equal_nocase(name, V("body")) || !is_name(name) || !is_plain(value))
        return;
    const struct sip_line *line;
    if (id != SIP_HEADER_OTHER && sip_header_is_list(id))
        for (size_t i = 0; (line = sip_msg_find(again->request, id, i)) != NULL; i++)
            again_row(again, line->name, line->value);
    again_row(again, name, value);
}

static void header_rows(struct again *again, struct view headers)
{
    while (headers.len > 0) {
        size_t end = view_find_char(headers, '&');
        header_row(again, view_head(headers, end));
        headers = view_skip(headers, end + 1);
    }
}

static bool aim(struct again *again, const struct target *target)
{
    const struct sip_tx *tx = again->tx;
    enum proto proto = layer_bound(&again->stack->layer, &tx->hop)->proto;
    bool routed = sip_msg_count(again->request, SIP_HEADER_ROUTE) > 0;
    enum err err =
        routed ? ERR_OK : hop_find(again->stack, proto, target->text, &again->hop, &again->lookup);
    if (err == ERR_MEMORY)
        again->failed = err;
    if (err != ERR_OK)
        return false;
    again->uri = target->text;
    header_rows(again, target->headers);
    return true;
}

/* A failure of 6xx is one everywhere, §21.6; 380 has its alternatives in the body, §21.3.5. */
bool redirect_again(struct again *again)
{
    const struct sip_name_addr *to = sip_msg_to(again->request);
    bool redirected = again->response != NULL && again->status >= 300 && again->status <= 302;
    if ((again->tx->again & SIP_AGAIN_FOLLOW) == 0 || again->status >= 600 || to == NULL ||
        to->tag.ptr != NULL)
        return false;
    if (redirected)
        learn(again);
    else if (again->status < 400)
        return false;
    for (struct target *t = again->tries->targets; t != NULL; t = t->next) {
        if (t->tried)
            continue;
        t->tried = true;
        if (aim(again, t))
            return true;
    }
    return false;
}
