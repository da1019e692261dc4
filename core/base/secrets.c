#include "core/base/secrets.h"

#include "core/base/alloc.h"
#include "core/base/buf.h"

#include <string.h>

enum { MD5_DIGITS = 32, SHA_DIGITS = 64 /* SHA-256 and SHA-512-256 */ };
enum { CUT_LEAST = 4 }; /* a shorter beginning tells nothing, and may be any word's */

static enum err item_add(struct secrets *secrets, struct view secret)
{
    struct view *items = mem_room(secrets->items, sizeof *items, secrets->count, &secrets->size, 4);
    if (items == NULL)
        return ERR_MEMORY;
    secrets->items = items;
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

/* As it stands in a quoted string, and in a URI (RFC 3261 §25.1, password). */
static void write_as(struct view secret, struct buf *quoted, struct buf *escaped)
{
    for (size_t i = 0; i < secret.len; i++) {
        char c = secret.ptr[i];
        bool alphanum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (c == '"' || c == '\\')
            buf_add_char(quoted, '\\');
        buf_add_char(quoted, c);
        if (alphanum || (c != 0 && strchr("-_.!~*'()&=+$,", c) != NULL))
            buf_add_char(escaped, c);
        else
            buf_printf(escaped, "%%%02X", (unsigned char)c);
    }
}

enum err secrets_add(struct secrets *secrets, struct view secret)
{
    struct buf quoted = {0}, escaped = {0};
    write_as(secret, &quoted, &escaped);
    enum err err = quoted.failed || escaped.failed ? ERR_MEMORY : ERR_OK;
    if (err == ERR_OK && secret.len > 0)
        err = item_add(secrets, secret);
    if (err == ERR_OK && quoted.len > secret.len)
        err = item_add(secrets, buf_view(&quoted));
    if (err == ERR_OK && escaped.len > secret.len)
        err = item_add(secrets, buf_view(&escaped));
    buf_deinit(&quoted);
    buf_deinit(&escaped);
    return err;
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

/* The beginning of one, where a long text was cut off: "hunte…". */
static void cut_black_out(struct view own, struct view word)
{
    static const struct view dots = {"\xe2\x80\xa6", 3};
    for (struct view rest = own; rest.len > 0;) {
        size_t at = view_find(rest, dots);
        if (at == rest.len)
            return;
        for (size_t len = word.len - 1; len >= CUT_LEAST && len < word.len; len--)
            if (len <= at && memcmp(rest.ptr + at - len, word.ptr, len) == 0) {
                stars((struct view){rest.ptr + at - len, len});
                break;
            }
        rest = view_skip(rest, at + dots.len);
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
    for (size_t i = 0; i < secrets->count; i++)
        cut_black_out(own, secrets->items[i]);
    proofs_black_out(secrets, own);
}
