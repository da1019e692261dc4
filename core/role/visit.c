/* One REGISTER: RFC 3261 §10.3 with RFC 3327, 3608 and 5626. */
#include "core/message/kind.h"
#include "core/role/registrar_private.h"

enum { ROWS_FIRST = 16 };

static void row_add(struct visit *v, struct view name, struct view value)
{
    struct sip_row *rows = arena_room(&v->registrar->scratch, v->rows, sizeof *rows, v->row_count,
                                      &v->row_size, ROWS_FIRST);
    if (rows == NULL) {
        v->failed = ERR_MEMORY;
        return;
    }
    v->rows = rows;
    v->rows[v->row_count++] = (struct sip_row){.name = name, .value = value};
}

static void row_take(struct visit *v, struct view name, struct buf *buf)
{
    struct view value = buf->failed == ERR_OK ? arena_copy(&v->registrar->scratch, buf_view(buf))
                                              : (struct view){0};
    buf_deinit(buf);
    if (value.ptr == NULL)
        v->failed = ERR_MEMORY;
    else
        row_add(v, name, value);
}

/* RFC 8760 §2.6 item 6: what a proof was made for has to be one of ours; RFC 7616 §3.4.6: else 400.
 */
static uint16_t check_proof(struct visit *v, const struct sip_verified *who)
{
    struct registrar *r = v->registrar;
    const struct sip_uri *asked = sip_msg_request_uri(v->msg);
    struct sip_uri uri;
    if (sip_uri_parse(who->uri, &r->scratch, &uri) != ERR_OK)
        return 400;
    if (r->domain.ptr == NULL || view_equal_nocase(uri.host, r->domain))
        return 0;
    return asked != NULL && view_equal_nocase(uri.host, asked->host) ? 0 : 400;
}

/* Step 3. Who cannot prove who he is, is asked once more. */
static uint16_t authenticate(struct visit *v, struct sip_verified *who)
{
    struct registrar *r = v->registrar;
    struct sip_row rows[VERIFY_ALGORITHMS_MAX];
    size_t count = 0;
    if (r->verifier == NULL)
        return 0;
    switch (verifier_check(r->verifier, v->now_us, v->msg, SIP_HEADER_AUTHORIZATION, who)) {
    case VERIFY_GOOD:
        return check_proof(v, who);
    case VERIFY_BROKEN:
        return 500;
    case VERIFY_MISSING:
    case VERIFY_STALE:
    case VERIFY_WRONG:
        break;
    }
    if (verifier_challenge(r->verifier, v->now_us, who->result == VERIFY_STALE,
                           SIP_HEADER_WWW_AUTHENTICATE, &r->scratch, rows, &count) != ERR_OK)
        return 500;
    for (size_t i = 0; i < count; i++)
        row_add(v, rows[i].name, rows[i].value);
    return 401;
}

static bool known(const struct registrar *r, struct view user)
{
    for (size_t i = 0; i < r->user_count; i++)
        if (view_equal(r->users[i].name, user))
            return true;
    return r->verifier == NULL;
}

/* Steps 4 and 5: an address of this domain, and one's own. RFC 4475 §3.3.4: one of SIP (RFC 3261
 * §10.2). */
static uint16_t authorize(struct visit *v, const struct sip_verified *who)
{
    struct registrar *r = v->registrar;
    const struct sip_uri *address = &sip_msg_to(v->msg)->uri;
    struct view user = sip_unescape(address->user, &r->scratch);
    if (address->scheme == SIP_SCHEME_OTHER)
        return 400;
    if (r->domain.ptr != NULL && !view_equal_nocase(address->host, r->domain))
        return 404;
    if (r->verifier != NULL && known(r, user) && !view_equal(who->user, user))
        return 403;
    return known(r, user) ? 0 : 404;
}

/* RFC 3327 §5.3: who has not said that it knows of Path must not get one unawares. */
static uint16_t read_path(struct visit *v)
{
    struct arena *arena = &v->registrar->scratch;
    size_t count = sip_msg_count(v->msg, SIP_HEADER_PATH);
    struct view *path = arena_alloc(arena, count * sizeof *path);
    if (path == NULL)
        return 500;
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *value = sip_msg_get(v->msg, SIP_HEADER_PATH, i);
        if (value == NULL)
            return 400;
        path[i] = value->text;
    }
    if (count > 0 && !sip_msg_lists(v->msg, SIP_HEADER_SUPPORTED, V("path"))) {
        row_add(v, V("Unsupported"), V("path"));
        return 420;
    }
    v->update.path = path;
    v->update.path_count = count;
    return 0;
}

/* "expires" of the value, else the header, else our own; what cannot be read is none (RFC 3261
 * §20.19). Longer ones are cut. */
static uint32_t expires_of(const struct visit *v, const struct sip_name_addr *contact)
{
    const struct registrar *r = v->registrar;
    const struct sip_number *header = sip_msg_get(v->msg, SIP_HEADER_EXPIRES, 0);
    uint64_t expires_s = header != NULL ? header->value : r->expires_s;
    struct view text;
    if (sip_param_find(&contact->params, V("expires"), &text) &&
        !view_to_uint(text, UINT64_MAX, &expires_s))
        expires_s = r->expires_s;
    return expires_s > r->max_expires_s ? r->max_expires_s : (uint32_t)expires_s;
}

/* Step 7. Less than an hour and less than our minimum may be too brief. */
static uint16_t check_expires(struct visit *v, uint32_t expires_s)
{
    const struct registrar *r = v->registrar;
    struct buf buf = {0};
    if (expires_s == 0 || expires_s >= HOUR_S || expires_s >= r->min_expires_s)
        return 0;
    buf_add_uint(&buf, r->min_expires_s);
    row_take(v, V("Min-Expires"), &buf);
    return 423;
}

static uint16_t read_wildcard(struct visit *v, size_t count)
{
    const struct sip_number *expires = sip_msg_get(v->msg, SIP_HEADER_EXPIRES, 0);
    v->update.all = true;
    return count == 1 && expires != NULL && expires->value == 0 ? 0 : 400;
}

/* RFC 5627 §5.1: an instance that is reached at its own address would be a loop. */
static bool is_itself(const struct visit *v, const struct sip_name_addr *contact)
{
    const struct sip_uri *address = &sip_msg_to(v->msg)->uri;
    const struct sip_binding *binding;
    if (!sip_param_has(&contact->params, V("+sip.instance")))
        return false;
    if (contact->uri.scheme == SIP_SCHEME_OTHER || contact->uri.scheme == SIP_SCHEME_TEL ||
        sip_uri_equal(&contact->uri, address))
        return true;
    return gruu_is(&contact->uri) && view_equal_nocase(contact->uri.host, address->host) &&
           location_find_gruu(v->registrar->location, v->now_us, &contact->uri, &binding) == ERR_OK;
}

static bool is_sips(const struct sip_uri *uri)
{
    return uri != NULL && uri->scheme == SIP_SCHEME_SIPS;
}

/* RFC 5630 §5.2: a SIPS address is bound where all that lead to it are: what is to be secure shall
 * not be reached by what is not. */
static bool is_half_secure(const struct visit *v)
{
    bool all = is_sips(sip_msg_request_uri(v->msg)), binds = false;
    for (size_t i = 0; i < v->update.contact_count; i++) {
        const struct location_contact *contact = &v->update.contacts[i];
        bool secure = is_sips(&contact->value->uri);
        all = all && secure;
        binds = binds || (secure && contact->expires_s > 0);
    }
    for (size_t i = 0; i < sip_msg_count(v->msg, SIP_HEADER_PATH); i++) {
        const struct sip_name_addr *path = sip_msg_get(v->msg, SIP_HEADER_PATH, i);
        all = all && path != NULL && is_sips(&path->uri);
    }
    return binds && !all;
}

static uint16_t read_contacts(struct visit *v)
{
    size_t count = sip_msg_count(v->msg, SIP_HEADER_CONTACT);
    struct location_contact *contacts =
        arena_alloc(&v->registrar->scratch, count * sizeof *contacts);
    if (contacts == NULL)
        return 500;
    for (size_t i = 0; i < count; i++) {
        const struct sip_name_addr *value = sip_msg_contact(v->msg, i);
        if (value == NULL)
            return 400;
        if (value->wildcard)
            return read_wildcard(v, count);
        contacts[i] = (struct location_contact){value, expires_of(v, value)};
        uint16_t status = check_expires(v, contacts[i].expires_s);
        if (status == 0 && contacts[i].expires_s > 0 && is_itself(v, value))
            status = 403;
        if (status != 0)
            return status;
    }
    v->update.contacts = contacts;
    v->update.contact_count = count;
    return is_half_secure(v) ? 400 : 0;
}

/* RFC 5626 §6: flows are for who is the first hop, or whose first hop said "ob" in its Path. */
static uint16_t read_flows(struct visit *v)
{
    const struct sip_name_addr *edge = sip_msg_get(v->msg, SIP_HEADER_PATH, 0);
    bool direct = sip_msg_count(v->msg, SIP_HEADER_VIA) == 1;
    bool able = direct || (edge != NULL && sip_param_has(&edge->uri.params, V("ob")));
    size_t flows = 0, kept = 0;
    for (size_t i = 0; i < v->update.contact_count; i++) {
        const struct location_contact *contact = &v->update.contacts[i];
        kept += contact->expires_s != 0;
        flows += sip_param_has(&contact->value->params, V("reg-id")) &&
                 sip_param_has(&contact->value->params, V("+sip.instance"));
    }
    if (flows == 0 || !sip_msg_lists(v->msg, SIP_HEADER_SUPPORTED, V("outbound")))
        return 0;
    if (kept > 1)
        return 400;
    v->outbound = v->update.flows = able;
    return able ? 0 : 439;
}

/* RFC 5627 §5.2: for who says that it knows of them. */
static void add_gruus(struct visit *v, const struct sip_binding *b, struct buf *buf)
{
    const struct sip_uri *address = &sip_msg_to(v->msg)->uri;
    if (b->instance.len == 0 || !sip_msg_lists(v->msg, SIP_HEADER_SUPPORTED, V("gruu")))
        return;
    buf_add(buf, V(";pub-gruu=\""));
    gruu_write_public(buf, address, b);
    buf_add(buf, V("\";temp-gruu=\""));
    if (gruu_write_temporary(v->registrar->location, buf, address, b) != ERR_OK)
        v->failed = ERR_MEMORY;
    buf_add_char(buf, '"');
}

/* Step 8: all bindings, each with the time that it has left. */
static void list_bindings(struct visit *v)
{
    const struct sip_binding *b =
        location_find(v->registrar->location, v->now_us, &sip_msg_to(v->msg)->uri);
    for (; b != NULL; b = b->next) {
        struct buf buf = {0};
        buf_printf(&buf, "<%.*s>%.*s;expires=", VIEW_ARG(b->contact), VIEW_ARG(b->params));
        buf_add_uint(&buf, (b->expires_us - v->now_us + US_PER_S - 1) / US_PER_S);
        add_gruus(v, b, &buf);
        row_take(v, V("Contact"), &buf);
    }
}

static void add_date(struct visit *v)
{
    int64_t epoch_s = v->registrar->epoch_s;
    if (epoch_s <= 0)
        return;
    struct sip_date date = sip_date_of((uint64_t)epoch_s + v->now_us / US_PER_S);
    struct buf buf = {0};
    sip_date_kind.write(&buf, &date);
    row_take(v, V("Date"), &buf);
}

static void list_others(struct visit *v)
{
    const struct registrar *r = v->registrar;
    add_date(v);
    for (size_t i = 0; i < v->update.path_count; i++)
        row_add(v, V("Path"), v->update.path[i]);
    for (size_t i = 0; i < r->service_route_count; i++)
        row_add(v, V("Service-Route"), r->service_routes[i]);
    if (!v->outbound)
        return;
    row_add(v, V("Require"), V("outbound"));
    if (r->flow_timer_s == 0)
        return;
    struct buf buf = {0};
    buf_add_uint(&buf, r->flow_timer_s);
    row_take(v, V("Flow-Timer"), &buf);
}

static uint16_t update(struct visit *v)
{
    const struct sip_cseq *cseq = sip_msg_cseq(v->msg);
    v->update.address = &sip_msg_to(v->msg)->uri;
    v->update.call_id = sip_msg_call_id(v->msg);
    v->update.cseq = cseq->number;
    v->update.source = v->origin.remote;
    v->update.link = v->origin.link;
    v->update.holder = v->stack;
    v->update.proto = v->origin.proto;
    if (v->update.contact_count == 0 && !v->update.all)
        return 0;
    return location_update(v->registrar->location, v->now_us, &v->update) == ERR_OK ? 0 : 500;
}

/* RFC 3261 §10.3, step by step; 0: all is well. */
static uint16_t process(struct visit *v)
{
    struct sip_verified who = {0};
    uint16_t status = authenticate(v, &who);
    if (status == 0)
        status = authorize(v, &who);
    if (status == 0)
        status = read_path(v);
    if (status == 0)
        status = read_contacts(v);
    if (status == 0)
        status = read_flows(v);
    if (status == 0)
        status = update(v);
    return status;
}

uint16_t visit_process(struct visit *v)
{
    uint16_t status = process(v);
    if (status == 0) {
        list_bindings(v);
        list_others(v);
        status = 200;
    }
    if (v->failed == ERR_OK)
        return status;
    v->row_count = 0;
    return 500;
}
