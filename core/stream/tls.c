#include "core/stream/tls_private.h"

enum {
    HANDSHAKE_MAX = 1 << 18, /* bytes of the other side before we are open */
    WAIT_LIMIT = 1 << 18,
    KEYS_MAX = 4096,
    RECORD_MAX = 16384,
    PIECE_MAX = 1 << 30 /* BIO and SSL count in int */
};

static struct tls_filter *tls_of(struct filter *filter)
{
    return (struct tls_filter *)filter;
}

/* Around each use of OpenSSL: draws come from this connection's stream, errors are this one's. */
static void enter(const struct tls_filter *tls)
{
    ERR_clear_error();
    tls_random_use(tls->context->crypto->source, tls->rng, tls->draws);
}

static void leave(struct tls_filter *tls)
{
    tls->draws = tls_random_at(tls->context->crypto->source);
    ERR_clear_error();
}

static void end(struct tls_filter *tls, enum filter_how how)
{
    if (tls->ended)
        return;
    tls->ended = true;
    tls->how = how;
}

static void why_failed(struct tls_filter *tls)
{
    unsigned long error = ERR_peek_error();
    const char *reason = ERR_reason_error_string(error);

    if (tls->why.len > 0)
        return;
    buf_add(&tls->why, tls->open ? V("TLS: ") : V("the TLS handshake failed: "));
    buf_add(&tls->why, reason == NULL ? V("broken off") : view_of(reason));
}

/* OpenSSL has given up: because of an alert of theirs, or with one of ours. */
static void failed(struct tls_filter *tls)
{
    if (tls->alert > SSL_AD_CLOSE_NOTIFY) {
        buf_clear(&tls->why);
        buf_printf(&tls->why, "the other side refused: %s (alert %d)",
                   SSL_alert_desc_string_long(tls->alert), tls->alert);
        end(tls, FILTER_ALERT);
        return;
    }
    why_failed(tls);
    end(tls, FILTER_FAILED);
}

static void flush_waiting(struct tls_filter *tls)
{
    struct view waiting = buf_view(&tls->waiting);

    if (waiting.len > 0 && SSL_write(tls->ssl, waiting.ptr, (int)waiting.len) <= 0)
        failed(tls);
    buf_deinit(&tls->waiting);
    tls->waiting = (struct buf){0};
}

static void handshake(struct tls_filter *tls)
{
    int result = SSL_do_handshake(tls->ssl);

    if (result == 1) {
        tls->open = true;
        if (!tls->ended)
            flush_waiting(tls);
    } else if (SSL_get_error(tls->ssl, result) != SSL_ERROR_WANT_READ) {
        failed(tls);
    }
}

static enum err tls_from_wire(struct filter *filter, uint64_t now_us, struct view bytes)
{
    struct tls_filter *tls = tls_of(filter);

    if (tls->ended)
        return ERR_STATE;
    if (bytes.len > PIECE_MAX)
        return ERR_LIMIT;
    enter(tls);
    tls->received += bytes.len;
    if (!tls->open && tls->received > HANDSHAKE_MAX) {
        buf_add(&tls->why, V("its handshake is too long"));
        end(tls, FILTER_FAILED);
    } else if (bytes.len > 0 && BIO_write(tls->in, bytes.ptr, (int)bytes.len) != (int)bytes.len) {
        leave(tls);
        return ERR_MEMORY;
    } else if (!tls->open) {
        X509_VERIFY_PARAM_set_time(SSL_get0_param(tls->ssl),
                                   (time_t)(tls->context->epoch_s + (int64_t)(now_us / 1000000)));
        handshake(tls);
    }
    leave(tls);
    return ERR_OK;
}

static enum err tls_from_user(struct filter *filter, uint64_t now_us, struct view bytes)
{
    struct tls_filter *tls = tls_of(filter);

    (void)now_us;
    if (tls->ended || tls->said_goodbye)
        return ERR_STATE;
    if (bytes.len > PIECE_MAX || (!tls->open && bytes.len > tls->wait_limit - tls->waiting.len))
        return ERR_LIMIT;
    if (!tls->open) {
        buf_add(&tls->waiting, bytes);
        return tls->waiting.failed;
    }
    enter(tls);
    if (bytes.len > 0 && SSL_write(tls->ssl, bytes.ptr, (int)bytes.len) <= 0)
        failed(tls);
    leave(tls);
    return ERR_OK;
}

/* What OpenSSL has written for the wire; it stays where it is until the next call. */
static bool wire_next(struct tls_filter *tls, struct filter_out *out)
{
    char *bytes = NULL;
    long len;

    if (tls->showing)
        (void)BIO_reset(tls->out);
    tls->showing = false;
    len = BIO_get_mem_data(tls->out, &bytes);
    if (len <= 0)
        return false;
    tls->showing = true;
    *out = (struct filter_out){
        .kind = FILTER_TO_WIRE, .bytes = {bytes, (size_t)len}
    };
    return true;
}

/* close_notify came: RFC 8446 §6.1; of TLS 1.2 it wants an answer, RFC 5246 §7.2.1. */
static void goodbye_heard(struct tls_filter *tls)
{
    if (!tls->said_goodbye)
        (void)SSL_shutdown(tls->ssl);
    tls->said_goodbye = true;
    end(tls, FILTER_FIN);
}

static bool plain_next(struct tls_filter *tls, struct filter_out *out)
{
    char *room;
    int len;

    buf_clear(&tls->plain);
    room = buf_room(&tls->plain, RECORD_MAX);
    if (room == NULL) {
        buf_add(&tls->why, V("out of memory"));
        end(tls, FILTER_FAILED);
        return false;
    }
    enter(tls);
    len = SSL_read(tls->ssl, room, RECORD_MAX);
    if (len <= 0) {
        int error = SSL_get_error(tls->ssl, len);
        if (error == SSL_ERROR_ZERO_RETURN)
            goodbye_heard(tls);
        else if (error != SSL_ERROR_WANT_READ)
            failed(tls);
        buf_deinit(&tls->plain); /* an idle connection holds nothing */
        tls->plain = (struct buf){0};
    }
    leave(tls);
    if (len <= 0)
        return false;
    *out = (struct filter_out){
        .kind = FILTER_TO_USER, .bytes = {room, (size_t)len}
    };
    return true;
}

static bool tls_next(struct filter *filter, struct filter_out *out)
{
    struct tls_filter *tls = tls_of(filter);

    if (wire_next(tls, out))
        return true;
    if (tls->open && !tls->told_open && !tls->ended) {
        tls->told_open = true;
        *out = (struct filter_out){.kind = FILTER_OPEN};
        return true;
    }
    if (tls->open && !tls->ended && plain_next(tls, out))
        return true;
    if (wire_next(tls, out)) /* reading makes us write: alerts, new keys */
        return true;
    if (!tls->ended || tls->told_ended)
        return false;
    tls->told_ended = true;
    *out = (struct filter_out){.kind = FILTER_CLOSED, .how = tls->how, .why = buf_view(&tls->why)};
    return true;
}

static void tls_close(struct filter *filter)
{
    struct tls_filter *tls = tls_of(filter);

    if (tls->ended || tls->said_goodbye)
        return;
    tls->said_goodbye = true;
    if (!tls->open) { /* there is nobody yet to say goodbye to */
        tls->ended = tls->told_ended = true;
        return;
    }
    enter(tls);
    (void)SSL_shutdown(tls->ssl);
    leave(tls);
}

static void tls_destroy(struct filter *filter)
{
    struct tls_filter *tls = tls_of(filter);

    SSL_free(tls->ssl); /* its BIOs with it */
    buf_deinit(&tls->domain);
    buf_deinit(&tls->waiting);
    buf_deinit(&tls->plain);
    buf_deinit(&tls->why);
    buf_deinit(&tls->peer);
    buf_deinit(&tls->keys);
    tls_context_destroy(tls->context);
    mem_free(tls);
}

static const struct filter_ops tls_ops = {.from_wire = tls_from_wire,
                                          .from_user = tls_from_user,
                                          .next = tls_next,
                                          .close = tls_close,
                                          .destroy = tls_destroy,
                                          .proved = tls_proved};

static enum err bios_make(struct tls_filter *tls)
{
    tls->in = BIO_new(BIO_s_mem());
    tls->out = BIO_new(BIO_s_mem());
    if (tls->in == NULL || tls->out == NULL) {
        BIO_free(tls->in);
        BIO_free(tls->out);
        return ERR_MEMORY;
    }
    SSL_set_bio(tls->ssl, tls->in, tls->out); /* takes both */
    return ERR_OK;
}

static int verify_mode(const struct tls_filter *tls)
{
    switch (tls->context->verify) {
    case TLS_VERIFY_NONE:
        return SSL_VERIFY_NONE;
    case TLS_VERIFY_SERVER:
        return tls->server ? SSL_VERIFY_NONE : SSL_VERIFY_PEER;
    case TLS_VERIFY_ASK:
        return SSL_VERIFY_PEER;
    case TLS_VERIFY_MUTUAL:
        return SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    }
    return SSL_VERIFY_PEER;
}

/* RFC 6066 §3: a name, neither an address nor with a dot at its end. */
static enum err sni_set(struct tls_filter *tls)
{
    struct addr addr;
    struct view name = buf_view(&tls->domain);

    if (name.len == 0 || addr_parse(name, &addr) == ERR_OK)
        return ERR_OK;
    struct buf text = {0};
    buf_add(&text, name.ptr[name.len - 1] == '.' ? view_head(name, name.len - 1) : name);
    buf_add_char(&text, '\0');
    enum err err = text.failed;
    if (err == ERR_OK && SSL_set_tlsext_host_name(tls->ssl, text.ptr) != 1)
        err = ERR_SYNTAX;
    buf_deinit(&text);
    return err;
}

static enum err tls_fill(struct tls_filter *tls, struct view domain)
{
    enum err err = tls_context_refresh(tls->context);

    if (err != ERR_OK)
        return err;
    tls->ssl = SSL_new(tls->context->ctx);
    if (tls->ssl == NULL || (err = bios_make(tls)) != ERR_OK)
        return ERR_MEMORY;
    SSL_set_app_data(tls->ssl, tls);
    SSL_set_verify(tls->ssl, verify_mode(tls), tls_judge);
    if (tls->server) {
        SSL_set_accept_state(tls->ssl);
        return ERR_OK;
    }
    SSL_set_connect_state(tls->ssl);
    buf_add(&tls->domain, domain);
    if (tls->domain.failed != ERR_OK)
        return tls->domain.failed;
    if ((err = sni_set(tls)) == ERR_OK)
        handshake(tls);
    return err;
}

enum err tls_filter_create(const struct tls_filter_options *options, struct filter **out)
{
    struct tls_filter *tls = mem_zalloc(sizeof *tls);

    if (tls == NULL)
        return ERR_MEMORY;
    tls->filter.ops = &tls_ops;
    tls->context = options->context;
    tls->context->refs++;
    tls->server = options->server;
    tls->rng = options->rng;
    tls->alert = -1;
    tls->wait_limit = options->wait_limit == 0 ? WAIT_LIMIT : options->wait_limit;
    tls->keys.limit = KEYS_MAX;
    enter(tls);
    enum err err = tls_fill(tls, options->domain);
    leave(tls);
    if (err != ERR_OK) {
        filter_destroy(&tls->filter);
        return err;
    }
    *out = &tls->filter;
    return ERR_OK;
}

void tls_filter_info(const struct filter *filter, struct tls_info *out)
{
    const struct tls_filter *tls = (const struct tls_filter *)filter;

    *out = (struct tls_info){.verified = tls->verified, .keys = buf_view(&tls->keys)};
    if (tls->open) {
        out->version = view_of(SSL_get_version(tls->ssl));
        out->cipher = view_of(SSL_get_cipher_name(tls->ssl));
    }
    out->sni = view_of(SSL_get_servername(tls->ssl, TLSEXT_NAMETYPE_host_name));
    if (tls->peer.len > 0)
        out->peer = buf_view(&tls->peer);
    if (tls->why.len > 0)
        out->error = buf_view(&tls->why);
}
