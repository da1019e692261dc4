#include "core/base/secrets.h"

#include "core/base/alloc.h"
#include "core/base/buf.h"

#include <string.h>

enum { MD5_DIGITS = 32, SHA_DIGITS = 64 /* SHA-256 and SHA-512-256 */ };
enum { SHAPE_LEAST = 7 /* "k=uri:x", the shortest that tells a secret by its shape */ };
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

typedef void spelling(struct view secret, struct buf *out);

/* RFC 3261 §25.1: in a quoted string. */
static void spell_quoted(struct view secret, struct buf *out)
{
    for (size_t i = 0; i < secret.len; i++) {
        if (secret.ptr[i] == '"' || secret.ptr[i] == '\\')
            buf_add_char(out, '\\');
        buf_add_char(out, secret.ptr[i]);
    }
}

/* RFC 3261 §25.1, password: in a URI. */
static void spell_escaped(struct view secret, struct buf *out)
{
    for (size_t i = 0; i < secret.len; i++) {
        char c = secret.ptr[i];
        bool alphanum = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (alphanum || (c != 0 && strchr("-_.!~*'()&=+$,", c) != NULL))
            buf_add_char(out, c);
        else
            buf_printf(out, "%%%02X", (unsigned char)c);
    }
}

static void spell_hex(struct view secret, struct buf *out)
{
    for (size_t i = 0; i < secret.len; i++)
        buf_printf(out, "%02x", (unsigned char)secret.ptr[i]);
}

/* RFC 4648 §4, without the end that depends on what follows. */
static void spell_base64(struct view secret, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    unsigned count = 0;
    for (size_t i = 0; i < secret.len; i++) {
        bits = bits << 8 | (unsigned char)secret.ptr[i];
        for (count += 8; count >= 6; count -= 6)
            buf_add_char(out, digits[bits >> (count - 6) & 63]);
    }
}

/* A short one would be found in much that is none. */
enum { ENCODED_LEAST = 6 };

enum err secrets_add(struct secrets *secrets, struct view secret)
{
    static const struct {
        spelling *spell;
        size_t least;
    } spellings[] = {
        {spell_quoted,  1            },
        {spell_escaped, 1            },
        {spell_hex,     ENCODED_LEAST},
        {spell_base64,  ENCODED_LEAST},
    };
    enum err err = secret.len > 0 ? item_add(secrets, secret) : ERR_OK;
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings && err == ERR_OK; i++) {
        struct buf text = {0};
        if (secret.len < spellings[i].least)
            continue;
        spellings[i].spell(secret, &text);
        err = text.failed;
        if (err == ERR_OK && text.len > secret.len)
            err = item_add(secrets, buf_view(&text));
        buf_deinit(&text);
    }
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
    unsigned letter = (unsigned)(unsigned char)c | 0x20;
    return (unsigned)(unsigned char)c - '0' <= 9 || letter - 'a' <= 5;
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

/* ---- what tells by its shape that it is a secret ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* Ends a value on any line, also where the line stands in quotes or escaped in JSON. */
static bool is_end(char c)
{
    return (unsigned char)c <= ' ' || c == '"' || c == '\\' || c == 0x7f;
}

static struct view value_at(struct view text)
{
    size_t len = 0;
    while (len < text.len && !is_end(text.ptr[len]))
        len++;
    return view_head(text, len);
}

static struct view skip_blanks(struct view text)
{
    while (text.len > 0 && is_blank(text.ptr[0]))
        text = view_skip(text, 1);
    return text;
}

/* Each gives the secret in what stands behind the colon; empty: there is none. */

/* RFC 4568 §6.1: key and salt, up to a lifetime. */
static struct view srtp_key(struct view behind)
{
    struct view key = value_at(behind);
    return view_head(key, view_find_char(key, '|'));
}

static struct view value(struct view behind)
{
    return value_at(skip_blanks(behind));
}

/* RFC 4567 §3: a=key-mgmt:mikey AQAFgM0X…, and RFC 7235 §2.1: Authorization: Basic QWxhZGRpbg==
 */
static struct view second(struct view behind)
{
    struct view first = value(behind);
    if (first.len == 0)
        return first;
    return value(view_skip(behind, (size_t)(first.ptr - behind.ptr) + first.len));
}

static struct view credentials(struct view behind)
{
    struct view scheme = value(behind);
    if (view_equal_nocase(scheme, V("Basic")) || view_equal_nocase(scheme, V("Bearer")))
        return second(behind);
    return view_head(behind, 0);
}

static bool of_user(char c)
{
    return !is_end(c) && c != '<' && c != '>' && c != '@';
}

static bool of_password(char c)
{
    return of_user(c) && strchr(":;?/[],", c) == NULL;
}

/* RFC 3261 §25.1: sip:user:password@host, and the like behind https:// */
static struct view uri_password(struct view behind)
{
    size_t user = 0, len = 0;
    if (view_starts(behind, V("//")))
        behind = view_skip(behind, 2);
    while (user < behind.len && behind.ptr[user] != ':' && of_user(behind.ptr[user]))
        user++;
    if (user == 0 || user >= behind.len || behind.ptr[user] != ':')
        return view_head(behind, 0);
    struct view password = view_skip(behind, user + 1);
    while (len < password.len && of_password(password.ptr[len]))
        len++;
    return view_head(password, len < password.len && password.ptr[len] == '@' ? len : 0);
}

static const struct shape {
    struct view name; /* before a colon, in any case */
    struct view (*secret)(struct view behind);
} shapes[] = {
    {{"ice-pwd", 7},        value       },
    {{"inline", 6},         srtp_key    },
    {{"k=uri", 5},          value       },
    {{"authorization", 13}, credentials },
    {{"sip", 3},            uri_password},
    {{"http", 4},           uri_password},
    {{"k=clear", 7},        value       }, /* RFC 4566 §5.12 */
    {{"sips", 4},           uri_password},
    {{"https", 5},          uri_password},
    {{"key-mgmt", 8},       second      },
    {{"k=base64", 8},       value       },
};

/* Which rows have a name that ends in it: of most colons that is all that has to be asked. */
static const struct {
    uint8_t first, count;
} ending[256] = {
    ['d'] = {0,  1},
      ['D'] = {0,  1},
      ['e'] = {1,  1},
      ['E'] = {1,  1},
      ['i'] = {2,  1},
      ['I'] = {2,  1},
    ['n'] = {3,  1},
      ['N'] = {3,  1},
      ['p'] = {4,  2},
      ['P'] = {4,  2},
      ['r'] = {6,  1},
      ['R'] = {6,  1},
    ['s'] = {7,  2},
      ['S'] = {7,  2},
      ['t'] = {9,  1},
      ['T'] = {9,  1},
      ['4'] = {10, 1},
};

/* By what stands before a colon; empty: none is told by it. */
static struct view colon_secret(struct view before, struct view behind)
{
    unsigned char last = before.len > 0 ? (unsigned char)before.ptr[before.len - 1] : 0;
    const struct shape *shape = &shapes[ending[last].first];
    for (const struct shape *end = shape + ending[last].count; shape < end; shape++)
        if (ends_with(before, shape->name))
            return shape->secret(behind);
    return view_head(behind, 0);
}

/* The next one at a colon from *at on; empty: none. */
static struct view shape_next(struct view text, size_t *at)
{
    while (*at < text.len) {
        size_t colon = *at + view_find_char(view_skip(text, *at), ':');
        if (colon == text.len)
            break;
        *at = colon + 1;
        struct view secret = colon_secret(view_head(text, colon), view_skip(text, *at));
        if (secret.len > 0)
            return secret;
    }
    return (struct view){0};
}

static void shapes_black_out(struct view own)
{
    struct view secret;
    for (size_t at = 0; (secret = shape_next(own, &at)).len > 0;)
        stars(secret);
}

/* The next run of at least so many digits as a digest has, from *at on; empty: none. Most of a text
 * is looked at in steps of a run's length. */
static struct view digits_next(struct view text, size_t *at)
{
    for (size_t begin = *at; begin + MD5_DIGITS <= text.len;) {
        size_t end = begin + MD5_DIGITS;
        while (end > begin && is_hex(text.ptr[end - 1]))
            end--;
        if (end > begin) {
            begin = end;
            continue;
        }
        for (end = begin + MD5_DIGITS; end < text.len && is_hex(text.ptr[end]);)
            end++;
        *at = end;
        return (struct view){text.ptr + begin, end - begin};
    }
    return (struct view){0};
}

static void proofs_black_out(struct secrets *secrets, struct view own)
{
    struct view digits;
    for (size_t at = 0; (digits = digits_next(own, &at)).len > 0;)
        proof_black_out(secrets, view_head(own, (size_t)(digits.ptr - own.ptr)), digits);
}

bool secrets_may_be(const struct secrets *secrets, struct view text)
{
    size_t shapes_at = 0, digits_at = 0;
    return secrets->count > 0 || shape_next(text, &shapes_at).len > 0 ||
           digits_next(text, &digits_at).len > 0;
}

void secrets_black_out(struct secrets *secrets, struct view own)
{
    for (size_t i = 0; i < secrets->count; i++)
        word_black_out(own, secrets->items[i]);
    for (size_t i = 0; i < secrets->count; i++)
        cut_black_out(own, secrets->items[i]);
    if (own.len < SHAPE_LEAST)
        return;
    shapes_black_out(own);
    proofs_black_out(secrets, own);
}
