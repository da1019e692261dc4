#include "core/base/secrets.h"

#include "core/base/alloc.h"

#include <string.h>

enum { MD5_DIGITS = 32, SHA_DIGITS = 64 /* SHA-256 and SHA-512-256 */ };

static enum err room_make(struct secrets *secrets)
{
    size_t size = secrets->size == 0 ? 4 : secrets->size * 2;
    if (secrets->count < secrets->size)
        return ERR_OK;
    struct view *items = mem_realloc(secrets->items, size * sizeof *items);
    if (items == NULL)
        return ERR_MEMORY;
    secrets->items = items;
    secrets->size = size;
    return ERR_OK;
}

enum err secrets_add(struct secrets *secrets, struct view secret)
{
    if (secret.len == 0)
        return ERR_OK;
    if (room_make(secrets) != ERR_OK)
        return ERR_MEMORY;
    char *copy = mem_alloc(secret.len);
    if (copy == NULL)
        return ERR_MEMORY;
    memcpy(copy, secret.ptr, secret.len);
    size_t at = secrets->count++;
    for (; at > 0 && secrets->items[at - 1].len < secret.len; at--)
        secrets->items[at] = secrets->items[at - 1];
    secrets->items[at] = (struct view){copy, secret.len};
    return ERR_OK;
}

void secrets_deinit(struct secrets *secrets)
{
    for (size_t i = 0; i < secrets->count; i++)
        mem_free((char *)(uintptr_t)secrets->items[i].ptr);
    mem_free(secrets->items);
    *secrets = (struct secrets){0};
}

static void stars(struct view own)
{
    memset((char *)(uintptr_t)own.ptr, '*', own.len); /* the caller's: it may be written */
}

static void word_black_out(struct view own, struct view word)
{
    for (;;) {
        size_t at = view_find(own, word);
        if (at == own.len)
            return;
        stars((struct view){own.ptr + at, word.len});
        own = view_skip(own, at + word.len);
    }
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool ends_with(struct view text, struct view name)
{
    return text.len >= name.len && view_equal_nocase(view_skip(text, text.len - name.len), name);
}

/* Is what stands before it `response="`, however it is quoted where it is shown? */
static bool is_named(struct view before)
{
    bool equals = false;
    while (before.len > 0 && memchr("=\"\\ \t", before.ptr[before.len - 1], 5) != NULL)
        equals |= before.ptr[--before.len] == '=';
    return equals && (ends_with(before, V("response")) || ends_with(before, V("rspauth")));
}

static bool is_known(const struct secrets *secrets, uint64_t hash)
{
    for (size_t i = 0; i < PROOFS_KNOWN && i < secrets->proof_count; i++)
        if (secrets->proofs[i] == hash)
            return true;
    return false;
}

static void proof_black_out(struct secrets *secrets, struct view before, struct view digits)
{
    if (digits.len != MD5_DIGITS && digits.len != SHA_DIGITS)
        return;
    uint64_t hash = view_hash(digits);
    bool known = is_known(secrets, hash);
    if (!known && !is_named(before))
        return;
    if (!known)
        secrets->proofs[secrets->proof_count++ % PROOFS_KNOWN] = hash;
    stars(digits);
}

/* Runs of digits that are long enough: most of a text is looked at in steps of a run's length. */
static void proofs_black_out(struct secrets *secrets, struct view own)
{
    for (size_t begin = 0; begin + MD5_DIGITS <= own.len;) {
        size_t end = begin + MD5_DIGITS;
        while (end > begin && is_hex(own.ptr[end - 1]))
            end--;
        if (end > begin) {
            begin = end;
            continue;
        }
        for (end = begin + MD5_DIGITS; end < own.len && is_hex(own.ptr[end]);)
            end++;
        proof_black_out(secrets, view_head(own, begin),
                        (struct view){own.ptr + begin, end - begin});
        begin = end;
    }
}

void secrets_black_out(struct secrets *secrets, struct view own)
{
    if (secrets->count == 0)
        return;
    for (size_t i = 0; i < secrets->count; i++)
        word_black_out(own, secrets->items[i]);
    proofs_black_out(secrets, own);
}
