#include "core/base/alloc.h"
#include "core/stack/again.h"
#include "core/stack/usages.h"

enum { LIMIT_DEFAULT = 1000000 };

/* What an agent does by itself or leaves to its user. */
static const struct view allow_default = {
    "INVITE, ACK, BYE, CANCEL, OPTIONS, PRACK, UPDATE, MESSAGE, INFO, REFER, SUBSCRIBE, NOTIFY",
    89};
static const struct view supported_default = {"100rel, timer, replaces, join, norefersub, tdialog",
                                              50};
static const struct view accept_default = {
    "application/sdp, multipart/mixed, multipart/alternative", 55};

static bool copy(struct sip_stack *stack, struct view *out, struct view text, struct view otherwise)
{
    text = text.len > 0 ? text : otherwise;
    *out = arena_copy(&stack->texts, text);
    return out->ptr != NULL;
}

static bool copy_texts(struct sip_stack *stack, const struct sip_stack_options *options)
{
    return copy(stack, &stack->name, view_head(options->name, ID_NAME_MAX), V("ua")) &&
           copy(stack, &stack->identity, options->identity, V("")) &&
           copy(stack, &stack->contact, options->contact, V("")) &&
           copy(stack, &stack->user_agent, options->user_agent, V("")) &&
           copy(stack, &stack->outbound, options->outbound, V("")) &&
           copy(stack, &stack->allow, options->allow, allow_default) &&
           copy(stack, &stack->supported, options->supported, supported_default) &&
           copy(stack, &stack->accept, options->accept, accept_default) &&
           copy(stack, &stack->events, options->events, V("")) &&
           (options->info_packages.ptr == NULL ||
            copy(stack, &stack->packages, options->info_packages, V("")));
}

static bool copy_accounts(struct sip_stack *stack, const struct sip_stack_options *options)
{
    uint32_t ignored;
    for (size_t i = 0; i < options->account_count; i++)
        if (keyring_add(&stack->keyring, &options->accounts[i], true, &ignored) != ERR_OK)
            return false;
    stack->keyring.any_realm = (options->mutants & SIP_MUTANT_REALM_ANY) != 0;
    return true;
}

enum err sip_account_add(struct sip_stack *stack, const struct sip_account *account,
                         uint32_t *out_account)
{
    return keyring_add(&stack->keyring, account, false, out_account);
}

static uint64_t or_else(uint64_t given_us, uint64_t otherwise_us)
{
    return given_us != 0 ? given_us : otherwise_us;
}

/* A timer of no length would fire for ever at one instant. */
static struct sip_timers timers_of(const struct sip_timers *given)
{
    const struct sip_timers *usual = &sip_timers_default;
    return (struct sip_timers){.t1_us = or_else(given->t1_us, usual->t1_us),
                               .t2_us = or_else(given->t2_us, usual->t2_us),
                               .t4_us = or_else(given->t4_us, usual->t4_us),
                               .d_us = or_else(given->d_us, usual->d_us),
                               .c_us = or_else(given->c_us, usual->c_us),
                               .hundred_us = or_else(given->hundred_us, usual->hundred_us)};
}

enum err sip_stack_create(const struct sip_stack_options *options, struct sip_stack **out)
{
    struct sip_stack *stack = mem_zalloc(sizeof *stack);
    if (stack == NULL)
        return ERR_MEMORY;
    uint32_t limit = options->transaction_limit != 0 ? options->transaction_limit : LIMIT_DEFAULT;
    stack->layer.timers = timers_of(&options->timers);
    stack->layer.mutants = options->mutants;
    stack->layer.party = options->party;
    stack->layer.order = options->order;
    stack->layer.trace = options->trace;
    stack->layer.ring.limit = options->effect_limit != 0 ? options->effect_limit : LIMIT_DEFAULT;
    stack->layer.txs.limit = limit;
    stack->calls.limit = limit;
    stack->subs.limit = limit;
    stack->pubs.limit = limit;
    stack->regs.limit = limit;
    stack->ids = options->ids;
    stack->tries.limit = limit;
    stack->manual = options->manual;
    stack->again = options->again;
    stack->strict = options->strict;
    stack->alias = options->alias;
    stack->plain = options->plain;
    stack->refresh = options->refresh;
    stack->forwards = options->forwards;
    struct locate_options names = {.rng = rng_stream(options->ids, V("dns"))};
    names.last_number = (uint32_t)rng_at(names.rng, V("query"), 0);
    if (!copy_texts(stack, options) || !copy_accounts(stack, options) ||
        locate_create(&names, &stack->locate) != ERR_OK) {
        sip_stack_destroy(stack);
        return ERR_MEMORY;
    }
    *out = stack;
    return ERR_OK;
}

void sip_stack_destroy(struct sip_stack *stack)
{
    if (stack == NULL)
        return;
    stack->layer.trace = NULL; /* an end of this kind is no event of the calls */
    usages_drop(stack);
    calls_drop(stack);
    again_drop_all(stack);
    layer_deinit(&stack->layer);
    if (stack->told != NULL)
        sip_msg_unref(stack->told);
    locate_destroy(stack->locate);
    domains_deinit(&stack->domains);
    buf_deinit(&stack->list);
    route_drop(&stack->service_routes);
    keyring_deinit(&stack->keyring);
    arena_deinit(&stack->scratch);
    arena_deinit(&stack->texts);
    mem_free(stack);
}

/* <sip:alice@192.0.2.1:5060> for who did not say otherwise. Who is reached by TLS says so with the
 * scheme, RFC 3261 §26.2.2, unless he does not ask for TLS on the whole way; and WebSocket is "ws"
 * with either scheme, RFC 7118 §5.2. */
static enum err name_by_address(struct sip_stack *stack, const struct sip_bound *bound)
{
    struct buf buf = {0};
    bool sips = proto_secure(bound->proto) && !stack->plain;
    buf_add(&buf, sips ? V("<sips:") : V("<sip:"));
    buf_add(&buf, stack->name);
    buf_add_char(&buf, '@');
    buf_add(&buf, bound->sent_by);
    size_t end = buf.len;
    buf_add_char(&buf, '>');
    stack->named_by_address = stack->contact.len == 0;
    bool good = buf.failed == ERR_OK &&
                (stack->identity.len > 0 || copy(stack, &stack->identity, buf_view(&buf), V("")));
    buf.len = end; /* RFC 3261 §19.1.1, Table 1: a transport is of Contact, not of From */
    if (bound->proto == PROTO_TCP || (bound->proto == PROTO_TLS && !sips))
        buf_printf(&buf, ";transport=%s", proto_text(bound->proto));
    if (bound->proto == PROTO_WS || bound->proto == PROTO_WSS)
        buf_add(&buf, V(";transport=ws"));
    buf_add_char(&buf, '>');
    good = good && buf.failed == ERR_OK &&
           (stack->contact.len > 0 || copy(stack, &stack->contact, buf_view(&buf), V("")));
    buf_deinit(&buf);
    return good ? ERR_OK : ERR_MEMORY;
}

/* The same by TLS, for whoever is reached otherwise, too. */
static enum err name_secure(struct sip_stack *stack, const struct sip_bound *bound)
{
    struct buf buf = {0};
    if (bound->proto != PROTO_TLS || !stack->named_by_address || stack->secure_contact.ptr != NULL)
        return ERR_OK;
    buf_add(&buf, V("<sips:"));
    buf_add(&buf, stack->name);
    buf_add_char(&buf, '@');
    buf_add(&buf, bound->sent_by);
    buf_add_char(&buf, '>');
    bool good = buf.failed == ERR_OK && copy(stack, &stack->secure_contact, buf_view(&buf), V(""));
    buf_deinit(&buf);
    return good ? ERR_OK : ERR_MEMORY;
}

/* "[2001:db8::1]:5060" without its port, where it has one. */
static struct view host_of(struct view sent_by)
{
    size_t end = view_find_char(sent_by, ']');
    end = end < sent_by.len ? end + 1 : view_find_char(sent_by, ':');
    return view_head(sent_by, end);
}

enum err sip_stack_bound(struct sip_stack *stack, struct handle link, enum proto proto,
                         const struct addr *local)
{
    struct tx_layer *layer = &stack->layer;
    struct sip_bound *bounds =
        mem_realloc(layer->bounds, (layer->bound_count + 1) * sizeof *bounds);
    if (bounds == NULL)
        return ERR_MEMORY;
    layer->bounds = bounds;
    for (uint32_t i = 0; i < layer->bound_count; i++) /* their rooms have moved */
        bounds[i].sent_by.ptr = bounds[i].host.ptr = bounds[i].sent_by_room;
    struct sip_bound *bound = &bounds[layer->bound_count];
    *bound = (struct sip_bound){.link = link, .proto = proto, .local = *local};
    bound->alias = stack->alias && proto == PROTO_TLS;
    bound->sent_by = addr_text(local, bound->sent_by_room);
    bound->host = host_of(bound->sent_by);
    enum err err = layer->bound_count == 0 ? name_by_address(stack, bound) : ERR_OK;
    if (err == ERR_OK && (layer->bound_count > 0 || stack->plain))
        err = name_secure(stack, bound);
    if (err == ERR_OK)
        layer->bound_count++;
    return err;
}

void sip_stack_resolves(struct sip_stack *stack)
{
    stack->resolves = true;
}

void stack_enter(struct sip_stack *stack, uint64_t now_us, const struct packet *packet)
{
    stack->layer.now_us = now_us;
    stack->layer.cause = packet == NULL ? 0 : packet->cause;
    stack->packet = packet;
    arena_reset(&stack->scratch);
}

enum err stack_leave(struct sip_stack *stack)
{
    struct tx_layer *layer = &stack->layer;
    seek_run(stack);
    while (layer->ended_new != NULL) {
        struct sip_tx *tx = layer->ended_new;
        layer->ended_new = tx->next;
        locate_end(stack->locate, tx->lookup);
        if (!handle_none(tx->tries))
            again_over(stack, tx);
        if (tx->known)
            stack_tell_tx(stack, SIP_TELL_DONE, tx, NULL, tx->status);
    }
    stack->packet = NULL;
    return layer_failed(layer);
}

enum err command_enter(struct sip_stack *stack, uint64_t now_us)
{
    if (stack->layer.bound_count == 0)
        return ERR_ABSENT;
    if (ring_room(&stack->layer.ring) < EFFECTS_OF_A_COMMAND)
        return ERR_LIMIT;
    stack_enter(stack, now_us, NULL);
    return ERR_OK;
}

bool sip_stack_next(struct sip_stack *stack, struct effect *out)
{
    if (stack->told != NULL)
        sip_msg_unref(stack->told);
    stack->told = NULL;
    if (!ring_take(&stack->layer.ring, out))
        return false;
    if (out->kind == TELL)
        stack->told = out->tell.msg;
    return true;
}

void sip_stack_reap(struct sip_stack *stack)
{
    tx_reap(&stack->layer);
    usages_reap(stack);
    calls_reap(stack);
}

enum err sip_stack_failure(const struct sip_stack *stack)
{
    return stack->failure;
}
