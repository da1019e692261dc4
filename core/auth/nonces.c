#include "core/auth/nonces.h"

#include "core/base/alloc.h"

#include <stdio.h>

enum { NONCES_FIRST = 64, NUMBER_LEN = 8 };

static uint32_t limit_of(const struct nonces *nonces)
{
    return nonces->limit != 0 ? nonces->limit : NONCES_DEFAULT;
}

static struct nonce_text text_of(const struct nonces *nonces, uint32_t number)
{
    struct nonce_text text;
    uint64_t draw = rng_at(nonces->rng, V("nonce"), number);
    snprintf(text.room, sizeof text.room, "%08x%016llx", (unsigned)number,
             (unsigned long long)draw);
    return text;
}

/* The place of a number stays the same once there is room for all that are kept. */
static enum err make_room(struct nonces *nonces)
{
    if (nonces->size >= limit_of(nonces))
        return ERR_OK;
    struct nonce *kept =
        mem_room(nonces->kept, sizeof *kept, nonces->next, &nonces->size, NONCES_FIRST);
    if (kept == NULL)
        return ERR_MEMORY;
    nonces->kept = kept;
    return ERR_OK;
}

enum err nonce_make(struct nonces *nonces, uint64_t now_us, struct nonce_text *out)
{
    enum err err = make_room(nonces);
    if (err != ERR_OK)
        return err;
    uint32_t number = nonces->next++;
    nonces->kept[number % limit_of(nonces)] = (struct nonce){.made_us = now_us};
    *out = text_of(nonces, number);
    return ERR_OK;
}

enum nonce_state nonce_use(struct nonces *nonces, uint64_t now_us, struct view text, uint32_t count)
{
    uint64_t named;
    if (!view_to_hex(view_head(text, NUMBER_LEN), UINT32_MAX, &named) || named >= nonces->next)
        return NONCE_FOREIGN;
    uint32_t number = (uint32_t)named;
    struct nonce_text made = text_of(nonces, number);
    if (!view_equal((struct view){made.room, NONCE_LEN}, text))
        return NONCE_FOREIGN;
    if (number < nonces->from || nonces->next - number > limit_of(nonces))
        return NONCE_OVER;
    struct nonce *nonce = &nonces->kept[number % limit_of(nonces)];
    if (nonces->life_us != 0 && now_us - nonce->made_us >= nonces->life_us)
        return NONCE_OVER;
    if (count == 0)
        return NONCE_GOOD;
    if (count <= nonce->count)
        return NONCE_REPLAYED;
    nonce->count = count;
    return NONCE_GOOD;
}

void nonces_forget(struct nonces *nonces)
{
    nonces->from = nonces->next;
}

void nonces_deinit(struct nonces *nonces)
{
    mem_free(nonces->kept);
    nonces->kept = NULL;
    nonces->size = 0;
}
