/* Challenges that are met by the stack itself, RFC 3261 §22: 401 and 407 of our own realms, each
 * realm once; once more if the nonce was stale. */
#include "core/dialog/registration.h"
#include "core/stack/credentials.h"
#include "core/stack/reason/reasons.h"

struct meeting { /* a challenge that is being answered */
    struct again *again;
    uint32_t answered; /* spaces that this response opened, and that may be answered: bits */
    uint32_t seen;     /* spaces whose topmost challenge was looked at */
};

static bool breaks(const struct sip_stack *stack, enum sip_mutant mutant)
{
    return (stack->layer.mutants & (uint32_t)mutant) != 0;
}

static void trace(const struct meeting *m, struct view to, struct view realm)
{
    layer_trace_state(&m->again->stack->layer, m->again->tx->handle, V("request"), V("challenged"),
                      to, realm);
}

/* RFC 3261 §22.1: what has just been rejected is not tried again, but for a stale nonce. One that
 * is stale for ever would keep us busy for ever. */
static bool may_answer(struct tries *tries, uint32_t bit, bool stale)
{
    if ((tries->met & bit) == 0) {
        tries->met |= bit;
        return true;
    }
    if (!stale || (tries->met_stale & bit) != 0)
        return false;
    tries->met_stale |= bit;
    return true;
}

/* RFC 8760 §2.4: of each realm the topmost challenge that we understand. */
static void meet(struct meeting *m, const struct sip_challenge *challenge, bool proxy)
{
    struct sip_stack *stack = m->again->stack;
    uint32_t space;
    uint32_t account = m->again->tx->account;
    if (keyring_find(&stack->keyring, account, challenge->realm, proxy, &space) &&
        (m->seen & UINT32_C(1) << space) != 0)
        return;
    enum err err = keyring_meet(&stack->keyring, account, challenge, proxy, &space);
    if (err == ERR_MEMORY)
        m->again->failed = err;
    if (err != ERR_OK) {
        trace(m, err == ERR_ABSENT ? V("not our realm") : V("not answered"), challenge->realm);
        return;
    }
    uint32_t bit = UINT32_C(1) << space;
    m->seen |= bit;
    bool may = may_answer(m->again->tries, bit, challenge->stale);
    trace(m, may ? V("answered") : V("given up"), challenge->realm);
    if (may)
        m->answered |= bit;
}

static void meet_all(struct meeting *m)
{
    struct sip_msg *response = m->again->response;
    for (size_t k = 0; k < CREDENTIAL_KINDS; k++) {
        size_t count = sip_msg_count(response, credential_kinds[k].challenge);
        for (size_t i = 0; i < count; i++) {
            const struct sip_auth *auth = sip_msg_get(response, credential_kinds[k].challenge, i);
            struct sip_challenge challenge;
            if (auth == NULL)
                continue;
            enum err err = sip_challenge_read(auth, &m->again->stack->scratch, &challenge);
            if (err == ERR_OK)
                meet(m, &challenge, credential_kinds[k].proxy);
            else if (err == ERR_MEMORY)
                m->again->failed = err;
        }
    }
}

static void answer_row(struct again *again, uint32_t space, struct keyring_request *request)
{
    bool proxy = keyring_proxy(&again->stack->keyring, space);
    struct buf buf = {0};
    enum err err = credential_write(again->stack, space, request, &buf);
    struct view value =
        err == ERR_OK ? arena_copy(&again->stack->scratch, buf_view(&buf)) : (struct view){0};
    buf_deinit(&buf);
    again_row(again, sip_header_name(credential_kinds[proxy].credentials), value);
}

/* Credentials that the request had before: of our own spaces they are made anew, for they would be
 * of a count that was used; others are the user's own, and stay. */
static uint32_t keep_rows(struct again *again)
{
    struct sip_stack *stack = again->stack;
    uint32_t spaces = 0, space;
    for (size_t k = 0; k < CREDENTIAL_KINDS; k++) {
        size_t count = sip_msg_count(again->request, credential_kinds[k].credentials);
        for (size_t i = 0; i < count; i++) {
            const struct sip_auth *auth =
                sip_msg_get(again->request, credential_kinds[k].credentials, i);
            const struct sip_line *line =
                sip_msg_find(again->request, credential_kinds[k].credentials, i);
            struct sip_credentials c;
            bool readable =
                auth != NULL && sip_credentials_read(auth, &stack->scratch, &c) == ERR_OK;
            if (readable && keyring_find(&stack->keyring, again->tx->account, c.realm,
                                         credential_kinds[k].proxy, &space))
                spaces |= UINT32_C(1) << space;
            else if (line != NULL)
                again_row(again, sip_header_name(credential_kinds[k].credentials), line->value);
        }
    }
    return spaces;
}

/* RFC 3261 §22.3: later requests of the dialog, or of the registration, bring them along. */
static void remember(struct again *again, uint32_t spaces)
{
    struct sip_dialog *dialog = dialog_of_tx(again->stack, again->tx);
    struct sip_reg *reg = reg_find(again->stack, again->tx->reg);
    if (dialog != NULL)
        dialog->spaces |= spaces;
    if (reg != NULL)
        reg->spaces |= spaces;
}

bool challenge_again(struct again *again)
{
    struct meeting m = {.again = again};
    if ((again->status != 401 && again->status != 407) || again->response == NULL ||
        (again->tx->again & SIP_AGAIN_AUTH) == 0 || again->tx->method == SIP_CANCEL)
        return false;
    meet_all(&m);
    if (m.answered == 0)
        return false;
    struct keyring_request request = {.method = sip_msg_method_name(again->request),
                                      .uri = sip_msg_request_uri_text(again->request),
                                      .body = sip_msg_body(again->request)};
    uint32_t spaces = m.answered | keep_rows(again);
    for (uint32_t space = 0; space < KEYRING_SPACES_MAX; space++)
        if ((spaces & UINT32_C(1) << space) != 0)
            answer_row(again, space, &request);
    again->keep_seq = breaks(again->stack, SIP_MUTANT_AUTH_CSEQ_KEPT);
    remember(again, spaces);
    return true;
}
