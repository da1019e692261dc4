/* What a REGISTER does to the bindings of one address: RFC 3261 §10.3 steps 6 and 7. */
#include "core/role/location_private.h"

void binding_free(struct location *l, struct sip_binding *b)
{
    flow_leave(l, b);
    mem_free(b);
}

void bindings_free(struct location *l, struct sip_binding *first)
{
    while (first != NULL) {
        struct sip_binding *next = first->next;
        binding_free(l, first);
        first = next;
    }
}

/* What the registrar itself says of a binding: RFC 3261 §10.3, RFC 5627 §5.1. */
static bool is_the_registrars(const struct sip_param *param)
{
    return view_equal_nocase(param->name, V("expires")) ||
           view_equal_nocase(param->name, V("pub-gruu")) ||
           view_equal_nocase(param->name, V("temp-gruu"));
}

struct flow_id {
    struct view instance; /* absent: none */
    uint32_t reg_id;      /* 0: none */
};

/* RFC 5626 §6: without an instance the number of a flow means nothing. */
static struct flow_id flow_of(const struct location_update *update, const struct sip_params *params)
{
    struct flow_id flow = {0};
    struct view text;
    uint64_t number;
    if (!sip_param_find(params, V("+sip.instance"), &text))
        return flow;
    flow.instance = sip_unquoted(text);
    if (update->flows && sip_param_find(params, V("reg-id"), &text) &&
        view_to_uint(text, INT32_MAX, &number))
        flow.reg_id = (uint32_t)number;
    return flow;
}

static size_t params_len(const struct sip_params *params)
{
    size_t len = 0;
    for (size_t i = 0; i < params->count; i++)
        if (!is_the_registrars(&params->items[i]))
            len += 2 + params->items[i].name.len + params->items[i].value.len;
    return len;
}

static struct view put_params(char **at, const struct sip_params *params)
{
    struct view all = {*at, 0};
    for (size_t i = 0; i < params->count; i++) {
        const struct sip_param *param = &params->items[i];
        if (is_the_registrars(param))
            continue;
        view_put(at, V(";"));
        view_put(at, param->name);
        if (param->value.ptr == NULL)
            continue;
        view_put(at, V("="));
        view_put(at, param->value);
    }
    all.len = (size_t)(*at - all.ptr);
    return all;
}

/* RFC 5626 §5.3, §7, RFC 7118 §5.1: nobody can open a connection to a browser, or to who says "ob";
 * datagrams go to where the REGISTER came from. */
static bool goes_by_its_flow(const struct sip_binding *b, const struct sip_uri *uri)
{
    if (b->path_count > 0 || (proto_reliable(b->proto) && handle_none(b->link)))
        return false;
    return b->proto == PROTO_WS || b->proto == PROTO_WSS || b->reg_id != 0 ||
           sip_param_has(&uri->params, V("ob"));
}

static struct sip_binding *binding_make(const struct location_update *update,
                                        const struct location_contact *contact, uint64_t now_us)
{
    const struct sip_name_addr *value = contact->value;
    struct flow_id flow = flow_of(update, &value->params);
    size_t views = update->path_count * sizeof(struct view);
    size_t len =
        value->uri.text.len + params_len(&value->params) + flow.instance.len + update->call_id.len;
    for (size_t i = 0; i < update->path_count; i++)
        len += update->path[i].len;
    struct sip_binding *b = mem_zalloc(sizeof *b + views + len);
    if (b == NULL)
        return NULL;
    b->path = (struct view *)(b + 1);
    char *at = (char *)b->path + views; /* its texts stand behind it */
    b->contact = view_put(&at, value->uri.text);
    b->params = put_params(&at, &value->params);
    b->instance = view_put(&at, flow.instance);
    b->call_id = view_put(&at, update->call_id);
    for (; b->path_count < update->path_count; b->path_count++)
        b->path[b->path_count] = view_put(&at, update->path[b->path_count]);
    b->cseq = update->cseq;
    b->reg_id = flow.reg_id;
    b->q_permille = sip_params_q(&value->params);
    b->since_us = now_us;
    b->expires_us = time_after(now_us, contact->expires_s * US_PER_S);
    b->source = update->source;
    b->link = update->link;
    b->holder = update->holder;
    b->proto = update->proto;
    return b;
}

/* The same binding: by its flow, RFC 5626 §6; else by its URI, RFC 3261 §19.1.4. */
static bool same(struct location *l, const struct sip_binding *b,
                 const struct location_update *update, size_t index)
{
    const struct sip_name_addr *value = update->contacts[index].value;
    struct flow_id flow = flow_of(update, &value->params);
    struct sip_uri uri;
    if (flow.reg_id != 0 && b->reg_id != 0)
        return flow.reg_id == b->reg_id && view_equal(flow.instance, b->instance);
    return sip_uri_parse(b->contact, &l->scratch, &uri) == ERR_OK &&
           sip_uri_equal(&uri, &value->uri);
}

static struct sip_binding **place_of(struct location *l, struct sip_binding **first,
                                     const struct location_update *update, size_t index)
{
    while (*first != NULL && !same(l, *first, update, index))
        first = &(*first)->next;
    return first;
}

static bool newer(const struct sip_binding *b, const struct location_update *update)
{
    return !view_equal(b->call_id, update->call_id) || update->cseq > b->cseq;
}

/* Is nothing known that is newer than this REGISTER? */
static bool in_order(struct location *l, struct sip_binding **first,
                     const struct location_update *update)
{
    for (struct sip_binding *b = *first; update->all && b != NULL; b = b->next)
        if (!newer(b, update))
            return false;
    for (size_t i = 0; i < update->contact_count; i++) {
        struct sip_binding *b = *place_of(l, first, update, i);
        if (b != NULL && !newer(b, update))
            return false;
    }
    return true;
}

static void insert(struct sip_binding **first, struct sip_binding *b)
{
    while (*first != NULL && (*first)->q_permille > b->q_permille)
        first = &(*first)->next;
    b->next = *first;
    *first = b;
}

/* Of a value that is named twice the last one counts. */
static void commit(struct location *l, struct sip_binding **first,
                   const struct location_update *update, struct sip_binding **made)
{
    for (size_t i = 0; i < update->contact_count; i++) {
        struct sip_binding **at = place_of(l, first, update, i), *old = *at;
        if (old != NULL) {
            *at = old->next;
            binding_free(l, old);
        }
        if (made[i] != NULL)
            insert(first, made[i]);
    }
    if (!update->all)
        return;
    bindings_free(l, *first);
    *first = NULL;
}

static size_t count(const struct sip_binding *first)
{
    size_t n = 0;
    for (; first != NULL; first = first->next)
        n++;
    return n;
}

/* The new ones, made before anything is changed. */
static enum err prepare(struct location *l, const struct location_update *update, uint64_t now_us,
                        struct sip_binding ***out)
{
    struct sip_binding **made = arena_zalloc(&l->scratch, update->contact_count * sizeof *made);
    if (made == NULL)
        return ERR_MEMORY;
    for (size_t i = 0; i < update->contact_count; i++) {
        if (update->contacts[i].expires_s == 0)
            continue;
        struct sip_binding *b = binding_make(update, &update->contacts[i], now_us);
        made[i] = b;
        if (b != NULL &&
            (!goes_by_its_flow(b, &update->contacts[i].value->uri) || flow_enter(l, b) == ERR_OK))
            continue;
        for (size_t all = i + 1; all-- > 0;)
            if (made[all] != NULL)
                binding_free(l, made[all]);
        return ERR_MEMORY;
    }
    *out = made;
    return ERR_OK;
}

enum err bindings_update(struct location *l, struct sip_binding **first, uint64_t now_us,
                         const struct location_update *update)
{
    struct sip_binding **made;
    size_t added = 0;
    if (!in_order(l, first, update))
        return ERR_CONFLICT;
    for (size_t i = 0; i < update->contact_count; i++)
        added += update->contacts[i].expires_s != 0 && *place_of(l, first, update, i) == NULL;
    if (added > 0 && count(*first) + added > l->binding_limit)
        return ERR_LIMIT;
    enum err err = prepare(l, update, now_us, &made);
    if (err == ERR_OK)
        commit(l, first, update, made);
    return err;
}
