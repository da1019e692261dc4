#include "core/auth/verify.h"

#include "core/auth/nonces.h"
#include "core/base/alloc.h"

struct verifier {
    struct view realm;
    struct sip_user *users;
    size_t user_count;
    struct sip_digest_choice choices[VERIFY_ALGORITHMS_MAX];
    size_t choice_count;
    bool auth, auth_int;
    struct nonces nonces;
    struct arena texts;   /* what the options say, copied */
    struct arena scratch; /* of one check */
};

static bool copy(struct arena *arena, struct view text, struct view *out)
{
    *out = arena_copy(arena, text);
    return out->ptr != NULL;
}

static bool copy_users(struct verifier *v, const struct verifier_options *options)
{
    v->users = arena_alloc(&v->texts, options->user_count * sizeof *v->users);
    for (size_t i = 0; v->users != NULL && i < options->user_count; i++, v->user_count++)
        if (!copy(&v->texts, options->users[i].name, &v->users[i].name) ||
            !copy(&v->texts, options->users[i].password, &v->users[i].password))
            return false;
    return v->users != NULL;
}

static void choose(struct verifier *v, const struct verifier_options *options)
{
    ASSERT(options->choice_count <= VERIFY_ALGORITHMS_MAX);
    for (size_t i = 0; i < options->choice_count; i++)
        v->choices[i] = options->choices[i];
    v->choice_count = options->choice_count;
    if (v->choice_count == 0)
        v->choices[v->choice_count++] = (struct sip_digest_choice){SIP_DIGEST_MD5, false};
    v->auth_int = options->auth_int;
    v->auth = options->auth || !options->auth_int;
}

enum err verifier_create(const struct verifier_options *options, struct verifier **out)
{
    struct verifier *v = mem_zalloc(sizeof *v);
    if (v == NULL)
        return ERR_MEMORY;
    choose(v, options);
    v->nonces.rng = options->rng;
    v->nonces.life_us = options->nonce_life_us;
    v->nonces.limit = options->nonce_limit;
    if (!copy(&v->texts, options->realm, &v->realm) || !copy_users(v, options)) {
        verifier_destroy(v);
        return ERR_MEMORY;
    }
    *out = v;
    return ERR_OK;
}

void verifier_destroy(struct verifier *v)
{
    if (v == NULL)
        return;
    nonces_deinit(&v->nonces);
    arena_deinit(&v->scratch);
    arena_deinit(&v->texts);
    mem_free(v);
}

struct view verifier_realm(const struct verifier *v)
{
    return v->realm;
}

static const struct sip_verified missing = {.result = VERIFY_MISSING,
                                            .why = "no credentials of this realm"};

static struct sip_verified wrong(const char *why)
{
    return (struct sip_verified){.result = VERIFY_WRONG, .why = why};
}

static bool offered(const struct verifier *v, const struct sip_credentials *c)
{
    for (size_t i = 0; i < v->choice_count; i++)
        if (v->choices[i].algorithm == c->algorithm && v->choices[i].session == c->session)
            return true;
    return false;
}

/* RFC 8760 §2.6: who sends no qop has not read ours; that is taken for the sake of old clients. */
static bool qop_offered(const struct verifier *v, const struct sip_credentials *c)
{
    return c->qop == SIP_QOP_NONE || (c->qop == SIP_QOP_AUTH ? v->auth : v->auth_int);
}

/* nc-value = 8LHEX; 0 is none, for clients count from 1. */
static uint32_t count_of(struct view nc)
{
    uint64_t count;
    return view_to_hex(nc, UINT32_MAX, &count) ? (uint32_t)count : 0;
}

/* With "username" hashed any of them may be meant, RFC 7616 §3.4.4. */
static enum err prove(const struct verifier *v, const struct sip_credentials *c,
                      struct sip_msg *request, const struct sip_user **out_user, bool *out_good)
{
    *out_user = NULL;
    *out_good = false;
    for (size_t i = 0; i < v->user_count && !*out_good; i++) {
        const struct sip_user *user = &v->users[i];
        if (!c->userhash && !view_equal(c->user, user->name))
            continue;
        *out_user = user;
        enum err err =
            sip_digest_verify(c, user->name, user->password, sip_msg_method_name(request),
                              sip_msg_body(request), out_good);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

/* Only who has proved that he knows the password learns whether his nonce was right: RFC 7616 §3.3
 * wants stale with a valid digest only. */
static struct sip_verified judge_nonce(struct verifier *v, uint64_t now_us,
                                       const struct sip_credentials *c, struct view user)
{
    uint32_t count = c->qop == SIP_QOP_NONE ? 0 : count_of(c->nc);
    if (c->qop != SIP_QOP_NONE && count == 0)
        return wrong("the nonce count is no number from 1 on");
    switch (nonce_use(&v->nonces, now_us, c->nonce, count)) {
    case NONCE_GOOD:
        return (struct sip_verified){VERIFY_GOOD, "the password is right", user, c->uri};
    case NONCE_FOREIGN:
        return (struct sip_verified){.result = VERIFY_STALE, .why = "the nonce is not one of ours"};
    case NONCE_REPLAYED:
        return (struct sip_verified){.result = VERIFY_STALE,
                                     .why = "the nonce count was used before"};
    case NONCE_OVER:
        break;
    }
    return (struct sip_verified){.result = VERIFY_STALE, .why = "the nonce is over"};
}

static struct sip_verified judge(struct verifier *v, uint64_t now_us,
                                 const struct sip_credentials *c, struct sip_msg *request)
{
    const struct sip_user *user;
    bool good;
    if (!offered(v, c))
        return wrong("the algorithm is not one that was asked for");
    if (!qop_offered(v, c))
        return wrong("the qop is not one that was asked for");
    if (prove(v, c, request, &user, &good) != ERR_OK)
        return (struct sip_verified){.result = VERIFY_BROKEN, .why = "out of memory"};
    if (user == NULL)
        return wrong("nobody of that name is known");
    return good ? judge_nonce(v, now_us, c, user->name) : wrong("the password is wrong");
}

enum verify_result verifier_check(struct verifier *v, uint64_t now_us, struct sip_msg *request,
                                  enum sip_header_id header, struct sip_verified *out)
{
    struct sip_verified best = missing;
    size_t count = sip_msg_count(request, header);
    arena_reset(&v->scratch);
    for (size_t i = 0; i < count && best.result != VERIFY_GOOD; i++) {
        const struct sip_auth *auth = sip_msg_get(request, header, i);
        struct sip_credentials c;
        if (auth == NULL || sip_credentials_read(auth, &v->scratch, &c) != ERR_OK ||
            !view_equal(c.realm, v->realm))
            continue;
        struct sip_verified found = judge(v, now_us, &c, request);
        if (found.result == VERIFY_GOOD || best.result != VERIFY_STALE)
            best = found;
    }
    *out = best;
    return best.result;
}

static enum err write_row(const struct sip_challenge *challenge, struct arena *arena,
                          struct sip_row *row)
{
    struct buf buf = {0};
    sip_challenge_write(&buf, challenge);
    row->value = buf.failed == ERR_OK ? arena_copy(arena, buf_view(&buf)) : (struct view){0};
    buf_deinit(&buf);
    return row->value.ptr == NULL ? ERR_MEMORY : ERR_OK;
}

enum err verifier_challenge(struct verifier *v, uint64_t now_us, bool stale,
                            enum sip_header_id header, struct arena *arena, struct sip_row *rows,
                            size_t *out_count)
{
    struct nonce_text nonce;
    enum err err = nonce_make(&v->nonces, now_us, &nonce);
    struct sip_challenge challenge = {
        .realm = v->realm,
        .nonce = {nonce.room, NONCE_LEN},
        .offers_auth = v->auth,
        .offers_auth_int = v->auth_int,
        .stale = stale
    };
    for (size_t i = 0; i < v->choice_count && err == ERR_OK; i++) {
        challenge.algorithm = v->choices[i].algorithm;
        challenge.session = v->choices[i].session;
        rows[i] = (struct sip_row){.id = header, .name = sip_header_name(header)};
        err = write_row(&challenge, arena, &rows[i]);
    }
    if (err == ERR_OK)
        *out_count = v->choice_count;
    return err;
}

void verifier_forget(struct verifier *v)
{
    nonces_forget(&v->nonces);
}
