#include "harness/api/auth_api.h"

#include "harness/api/challenged.h"
#include "harness/api/kinds.h"
#include "harness/api/message.h"
#include "harness/api/opts.h"

static int no_memory(lua_State *L)
{
    return luaL_error(L, "not enough memory");
}

static int buf_push(lua_State *L, struct buf *buf)
{
    enum err err = buf->failed;

    if (err == ERR_OK)
        view_push(L, buf_view(buf));
    buf_deinit(buf);
    return err == ERR_OK ? 1 : no_memory(L);
}

static void qop_read(const struct opts *opts, struct sip_challenge *out)
{
    struct view text;

    out->offers_auth = !opts_view(opts, "qop", &text);
    if (out->offers_auth)
        return;
    while (text.len > 0) {
        size_t comma = view_find_char(text, ',');
        struct view token = view_trim(view_head(text, comma));
        bool plain = view_equal(token, V("auth")), whole = view_equal(token, V("auth-int"));
        if (!plain && !whole)
            scene_misuse(opts->L,
                         "qop \"%.*s\" is neither auth nor auth-int; a challenge with another one "
                         "is written as a string",
                         VIEW_ARG(token));
        out->offers_auth |= plain;
        out->offers_auth_int |= whole;
        text = view_skip(text, comma + 1);
    }
}

/* The value of a WWW- or Proxy-Authenticate; what is left out is right, qop = "" leaves it out. */
int sip_challenge_call(lua_State *L)
{
    static const char *const names[] = {"realm", "nonce",  "stale", "algorithm",
                                        "qop",   "opaque", NULL};
    struct sip_challenge challenge = {.realm = V("example.com")};
    struct opts opts = opts_open(L, 1, "sip.challenge", names, NULL);
    struct buf buf = {0};
    struct view algorithm;

    lua_settop(L, 1);
    opts_view(&opts, "realm", &challenge.realm);
    opts_view(&opts, "opaque", &challenge.opaque);
    challenge.stale = opts_true(&opts, "stale");
    qop_read(&opts, &challenge);
    if (opts_view(&opts, "algorithm", &algorithm) &&
        !sip_digest_algorithm_parse(algorithm, &challenge.algorithm, &challenge.session))
        return scene_misuse(L,
                            "algorithm \"%.*s\" is none of MD5, SHA-256, SHA-512-256, each also "
                            "with -sess; another one is written as a string",
                            VIEW_ARG(algorithm));
    if (!opts_view(&opts, "nonce", &challenge.nonce)) {
        struct buf nonce = {0};
        agents_id_write(agents_of_lua(L), V("nonce"), &nonce);
        buf_push(L, &nonce);
        challenge.nonce = arg_view(L, -1, "a nonce");
    }
    sip_challenge_write(&buf, &challenge);
    return buf_push(L, &buf);
}

struct meeting { /* of a request and the response that challenges it */
    struct sip_msg *request, *response;
    struct arena arena;
    struct sip_challenge challenge;
    bool proxy;
};

static enum err credentials_write(lua_State *L, struct meeting *m, struct view user,
                                  struct view password, struct buf *out)
{
    struct buf cnonce = {0};
    const struct sip_challenge *challenge = &m->challenge;

    agents_id_write(agents_of_lua(L), V("cnonce"), &cnonce);
    struct sip_digest_answer answer = {.user = user,
                                       .password = password,
                                       .method = sip_msg_method_name(m->request),
                                       .uri = sip_msg_request_uri_text(m->request),
                                       .body = sip_msg_body(m->request),
                                       .cnonce = buf_view(&cnonce),
                                       .nc = 1,
                                       .qop = challenge->offers_auth       ? SIP_QOP_AUTH
                                              : challenge->offers_auth_int ? SIP_QOP_AUTH_INT
                                                                           : SIP_QOP_NONE};
    enum err err = cnonce.failed;
    if (err == ERR_OK)
        err = sip_digest_write(out, challenge, &answer);
    buf_deinit(&cnonce);
    return err;
}

/* The top Via with another branch: it is another transaction. */
static void via_write(lua_State *L, const struct sip_via *via, struct buf *out)
{
    size_t at = via->branch.ptr == NULL ? via->text.len : (size_t)(via->branch.ptr - via->text.ptr);

    buf_add(out, view_head(via->text, at));
    if (via->branch.ptr == NULL)
        buf_add(out, V(";branch="));
    buf_add(out, V("z9hG4bK"));
    agents_id_write(agents_of_lua(L), V("sip"), out);
    buf_add(out, view_skip(via->text, at + via->branch.len));
}

/* RFC 3261 §22.2: the same request with credentials, its number one higher. */
static enum err authorized_write(lua_State *L, struct meeting *m, struct view credentials,
                                 struct buf *out)
{
    const struct sip_cseq *cseq = sip_msg_cseq(m->request);
    const struct sip_via *via = sip_msg_via(m->request, 0);
    struct buf number = {0}, top = {0};
    struct sip_edit edit;

    sip_edit_begin(&edit, m->request);
    if (cseq != NULL) {
        buf_add_uint(&number, (uint64_t)cseq->number + 1);
        buf_add_char(&number, ' ');
        buf_add(&number, cseq->method_name);
        sip_edit_value(&edit, SIP_HEADER_CSEQ, 0, buf_view(&number));
    }
    if (via != NULL) {
        via_write(L, via, &top);
        sip_edit_value(&edit, SIP_HEADER_VIA, 0, buf_view(&top));
    }
    sip_edit_row_last(&edit, m->proxy ? V("Proxy-Authorization") : V("Authorization"), credentials);
    sip_edit_write(&edit, out);
    enum err err = number.failed != ERR_OK ? number.failed : top.failed;
    err = err != ERR_OK ? err : edit.failed;
    buf_deinit(&number);
    buf_deinit(&top);
    return err != ERR_OK ? err : out->failed;
}

/* Borrowed until the next one is parsed: what raises behind it must find no reference of ours. */
static struct sip_msg *message_at(lua_State *L, int index, bool request, const char *mend)
{
    struct sip_msg *msg = message_msg(L, message_check(L, index));

    if (msg == NULL || sip_msg_is_request(msg) != request)
        scene_misuse(L, "%s", mend);
    return msg;
}

static enum err authorize(lua_State *L, struct meeting *m, struct view user, struct view password,
                          struct blob **out)
{
    struct buf credentials = {0}, bytes = {0};
    enum err err = credentials_write(L, m, user, password, &credentials);

    if (err == ERR_OK)
        err = authorized_write(L, m, buf_view(&credentials), &bytes);
    if (err == ERR_OK && (*out = blob_create(buf_view(&bytes))) == NULL)
        err = ERR_MEMORY;
    buf_deinit(&credentials);
    buf_deinit(&bytes);
    return err;
}

int sip_authorize_call(lua_State *L)
{
    static const char wanted[] = "sip.authorize wants a request, the response that challenged it, "
                                 "a user and a password";
    struct meeting m = {0};
    struct blob *blob = NULL;

    lua_settop(L, 4);
    struct view user = arg_view(L, 3, "a user"), password = arg_view(L, 4, "a password");
    message_at(L, 2, false, wanted);
    m.request = sip_msg_ref(message_at(L, 1, true, wanted));
    m.response = sip_msg_ref(message_at(L, 2, false, wanted));
    bool found = challenge_find(m.response, &m.arena, &m.challenge, &m.proxy);
    enum err err = found ? authorize(L, &m, user, password, &blob) : ERR_OK;
    sip_msg_unref(m.request);
    sip_msg_unref(m.response);
    arena_deinit(&m.arena);
    if (!found)
        return scene_misuse(L, "the response has no Digest challenge that can be met");
    if (err != ERR_OK)
        return no_memory(L);
    message_push(L, &(struct message_info){.bytes = blob});
    blob_unref(blob);
    return 1;
}

static const char *why_not(struct sip_msg *request, struct arena *arena, struct view password)
{
    static const enum sip_header_id ids[] = {SIP_HEADER_AUTHORIZATION,
                                             SIP_HEADER_PROXY_AUTHORIZATION};
    const char *why = "it has no Digest credentials";

    for (size_t k = 0; k < 2; k++) {
        size_t count = sip_msg_count(request, ids[k]);
        for (size_t i = 0; i < count; i++) {
            const struct sip_auth *auth = sip_msg_get(request, ids[k], i);
            struct sip_credentials c;
            bool good = false;
            if (auth == NULL || sip_credentials_read(auth, arena, &c) != ERR_OK)
                continue;
            if (sip_digest_verify(&c, c.user, password, sip_msg_method_name(request),
                                  sip_msg_body(request), &good) != ERR_OK)
                return "there is not enough memory";
            if (good)
                return NULL;
            why = "the password is wrong, or something that it protects was changed";
        }
    }
    return why;
}

/* → true; or false and why. The nonce is the script's to judge. */
int sip_verify_call(lua_State *L)
{
    struct arena arena = {0};

    lua_settop(L, 2);
    struct view password = arg_view(L, 2, "a password");
    struct sip_msg *request =
        sip_msg_ref(message_at(L, 1, true, "sip.verify wants a request and a password"));
    const char *why = why_not(request, &arena, password);
    arena_deinit(&arena);
    sip_msg_unref(request);
    lua_pushboolean(L, why == NULL);
    if (why == NULL)
        return 1;
    lua_pushstring(L, why);
    return 2;
}
