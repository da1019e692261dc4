#include "core/auth/keyring.h"

#include "core/base/alloc.h"

struct keyring_account {
    struct arena texts;
    struct view user, password, realm; /* realm absent: none has asked so far */
    bool shared;
};

struct keyring_space {
    uint32_t account; /* index */
    bool proxy;
    struct arena texts;             /* of the challenge */
    struct sip_challenge challenge; /* the last one */
    uint32_t count;                 /* answers to its nonce */
};

static bool copy(struct arena *arena, struct view text, struct view *out)
{
    *out = text.ptr == NULL ? text : arena_copy(arena, text);
    return text.ptr == NULL || out->ptr != NULL;
}

enum err keyring_add(struct keyring *keyring, const struct sip_account *given, bool shared,
                     uint32_t *out_account)
{
    struct keyring_account *accounts =
        mem_realloc(keyring->accounts, (keyring->account_count + 1) * sizeof *keyring->accounts);
    if (accounts == NULL)
        return ERR_MEMORY;
    keyring->accounts = accounts;
    struct keyring_account *account = &accounts[keyring->account_count];
    *account = (struct keyring_account){.shared = shared};
    if (!copy(&account->texts, given->user, &account->user) ||
        !copy(&account->texts, given->password, &account->password) ||
        !copy(&account->texts, given->realm, &account->realm)) {
        arena_deinit(&account->texts);
        return ERR_MEMORY;
    }
    *out_account = ++keyring->account_count;
    return ERR_OK;
}

static bool usable(const struct keyring *keyring, uint32_t index, uint32_t wanted)
{
    return wanted == 0 ? keyring->accounts[index].shared : index == wanted - 1;
}

/* Of those that are for this realm the first; else the first that has no realm yet. */
static struct keyring_account *account_of(const struct keyring *keyring, uint32_t wanted,
                                          struct view realm)
{
    struct keyring_account *open = NULL;
    for (uint32_t i = 0; i < keyring->account_count; i++) {
        struct keyring_account *account = &keyring->accounts[i];
        if (!usable(keyring, i, wanted))
            continue;
        if (account->realm.ptr != NULL && view_equal(account->realm, realm))
            return account;
        if (open == NULL && (account->realm.ptr == NULL || keyring->any_realm))
            open = account;
    }
    return open;
}

bool keyring_find(const struct keyring *keyring, uint32_t wanted, struct view realm, bool proxy,
                  uint32_t *out_space)
{
    for (uint32_t i = 0; i < keyring->space_count; i++) {
        const struct keyring_space *space = keyring->spaces[i];
        if (space->proxy != proxy || !usable(keyring, space->account, wanted) ||
            !view_equal(space->challenge.realm, realm))
            continue;
        *out_space = i;
        return true;
    }
    return false;
}

bool keyring_proxy(const struct keyring *keyring, uint32_t space)
{
    return keyring->spaces[space]->proxy;
}

static enum err space_create(struct keyring *keyring, struct keyring_space **out)
{
    if (keyring->space_count == KEYRING_SPACES_MAX)
        return ERR_LIMIT;
    *out = mem_zalloc(sizeof **out);
    return *out == NULL ? ERR_MEMORY : ERR_OK;
}

/* RFC 7616 §3.4: a nonce of its own is counted from 1 on, said stale or not. */
static enum err space_renew(struct keyring_space *space, const struct sip_challenge *challenge)
{
    struct arena texts = {0};
    struct sip_challenge own = *challenge;
    if (!copy(&texts, challenge->realm, &own.realm) ||
        !copy(&texts, challenge->nonce, &own.nonce) ||
        !copy(&texts, challenge->opaque, &own.opaque)) {
        arena_deinit(&texts);
        return ERR_MEMORY;
    }
    if (!view_equal(own.nonce, space->challenge.nonce))
        space->count = 0;
    arena_deinit(&space->texts);
    space->texts = texts;
    space->challenge = own;
    return ERR_OK;
}

static void space_destroy(struct keyring_space *space)
{
    arena_deinit(&space->texts);
    mem_free(space);
}

static enum err space_open(struct keyring *keyring, struct keyring_account *account, bool proxy,
                           const struct sip_challenge *challenge, uint32_t *out_space)
{
    struct keyring_space *space;
    enum err err = space_create(keyring, &space);
    if (err != ERR_OK)
        return err;
    space->account = (uint32_t)(account - keyring->accounts);
    space->proxy = proxy;
    err = space_renew(space, challenge);
    if (err == ERR_OK && account->realm.ptr == NULL &&
        !copy(&account->texts, challenge->realm, &account->realm))
        err = ERR_MEMORY;
    if (err != ERR_OK) {
        space_destroy(space);
        return err;
    }
    *out_space = keyring->space_count;
    keyring->spaces[keyring->space_count++] = space;
    return ERR_OK;
}

enum err keyring_meet(struct keyring *keyring, uint32_t wanted,
                      const struct sip_challenge *challenge, bool proxy, uint32_t *out_space)
{
    struct keyring_account *account = account_of(keyring, wanted, challenge->realm);
    if (account == NULL)
        return ERR_ABSENT;
    if (challenge->realm.len + challenge->nonce.len + challenge->opaque.len > KEYRING_NONCE_MAX)
        return ERR_LIMIT;
    if (!keyring_find(keyring, wanted, challenge->realm, proxy, out_space))
        return space_open(keyring, account, proxy, challenge, out_space);
    return space_renew(keyring->spaces[*out_space], challenge);
}

/* RFC 8760 §2.6: a qop is sent where one was offered. */
static enum sip_digest_qop qop_of(const struct sip_challenge *challenge)
{
    if (challenge->offers_auth)
        return SIP_QOP_AUTH;
    return challenge->offers_auth_int ? SIP_QOP_AUTH_INT : SIP_QOP_NONE;
}

enum err keyring_answer(struct keyring *keyring, uint32_t index,
                        const struct keyring_request *request, struct buf *out)
{
    struct keyring_space *space = keyring->spaces[index];
    const struct keyring_account *account = &keyring->accounts[space->account];
    if (!request->count_kept || space->count == 0)
        space->count++;
    struct sip_digest_answer answer = {.user = account->user,
                                       .password = account->password,
                                       .method = request->method,
                                       .uri = request->uri,
                                       .body = request->body,
                                       .cnonce = request->cnonce,
                                       .nc = space->count,
                                       .qop = qop_of(&space->challenge)};
    return sip_digest_write(out, &space->challenge, &answer);
}

void keyring_deinit(struct keyring *keyring)
{
    for (uint32_t i = 0; i < keyring->space_count; i++)
        space_destroy(keyring->spaces[i]);
    for (uint32_t i = 0; i < keyring->account_count; i++)
        arena_deinit(&keyring->accounts[i].texts);
    mem_free(keyring->accounts);
    *keyring = (struct keyring){0};
}
