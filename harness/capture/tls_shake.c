/* The handshake of TLS: which secrets and keys belong to a connection, and from which record on. */
#include "harness/capture/tls_hello.h"
#include "harness/capture/tls_talk.h"

enum {
    SHAKE_HEAD = 4,
    SHAKE_MOST = 64 << 10, /* of a message that we need */
    CLIENT_HELLO = 1,
    SERVER_HELLO = 2,
    END_OF_EARLY_DATA = 5,
    FINISHED = 20,
    KEY_UPDATE = 24
};

static void secret_use(struct capture *capture, struct tls_way *way, enum tls_phase phase)
{
    way->phase = phase;
    way->seq = 0;
    if (!seal_key_13(capture->opener, &way->seal, &way->secret, &way->key))
        way->dead = true; /* the key log has not this one */
}

/* RFC 8446 §7.1: the secrets of one side, in the order in which it uses them. */
static void label_use(struct capture *capture, const struct tls_talk *talk, int index,
                      struct tls_way *way, enum tls_phase phase)
{
    static const enum keylog_label labels[][2] = {
        [TLS_EARLY] = {KEYLOG_CLIENT_EARLY,     KEYLOG_CLIENT_EARLY    },
        [TLS_HANDSHAKE] = {KEYLOG_SERVER_HANDSHAKE, KEYLOG_CLIENT_HANDSHAKE},
        [TLS_TRAFFIC] = {KEYLOG_SERVER_TRAFFIC,   KEYLOG_CLIENT_TRAFFIC  },
    };
    way->secret = talk->secrets[labels[phase][index == talk->client]];
    way->shake.len = 0;
    way->passed_over = 0;
    secret_use(capture, way, phase);
}

bool tls_step(struct capture *capture, const struct tls_talk *talk, int index, struct tls_way *way)
{
    if (!talk->agreed || way->dead)
        return false;
    if (talk->version != TLS_1_3_WIRE) {
        if (way->next_seal.suite == NULL)
            return false;
        tls_change(way);
    } else if (way->phase != TLS_TRAFFIC) {
        label_use(capture, talk, index, way, way->phase == TLS_EARLY ? TLS_HANDSHAKE : TLS_TRAFFIC);
    } else {
        if (!seal_secret_next(capture->opener, &way->seal, &way->secret))
            return false;
        secret_use(capture, way, TLS_TRAFFIC);
    }
    return !way->dead;
}

void tls_change(struct tls_way *way)
{
    way->phase = TLS_TRAFFIC;
    way->seal = way->next_seal;
    way->key = way->next_key;
    way->seq = 0;
    way->next_seal.suite = NULL;
    if (way->seal.suite == NULL)
        way->dead = true; /* there is no key to change to */
}

static void seal_12(struct capture *capture, struct tls_talk *talk, const struct seal *seal,
                    const unsigned char *server_random)
{
    struct tls_way *client = &talk->ways[talk->client], *server = &talk->ways[!talk->client];
    bool good =
        seal_keys_12(capture->opener, seal, &talk->secrets[KEYLOG_MASTER], talk->client_random,
                     server_random, &client->next_key, &server->next_key);
    client->next_seal = server->next_seal = *seal;
    client->dead = server->dead = !good;
}

static void seal_13(struct capture *capture, struct tls_talk *talk, const struct seal *seal)
{
    int client = talk->client;
    bool early = talk->secrets[KEYLOG_CLIENT_EARLY].len > 0;
    talk->ways[0].seal = talk->ways[1].seal = *seal;
    label_use(capture, talk, client, &talk->ways[client], early ? TLS_EARLY : TLS_HANDSHAKE);
    label_use(capture, talk, !client, &talk->ways[!client], TLS_HANDSHAKE);
}

/* Of the key log, or of the capture itself, which is searched when they are first wanted. */
static const struct secret *secrets_find(struct capture *capture, const unsigned char *random)
{
    const struct secret *secrets = keylog_find(&capture->keylog, random);
    if (secrets == NULL && !capture->searched) {
        capture->searched = true;
        capture->failure = secrets_block_read(capture->path, &capture->keylog);
        secrets = keylog_find(&capture->keylog, random);
    }
    if (secrets != NULL && capture->opener == NULL)
        capture->failure = opener_create(&capture->opener);
    return capture->failure == ERR_OK ? secrets : NULL;
}

/* Both sides have said how they will go on. */
static void agree(struct capture *capture, struct tls_talk *talk, const struct hello_server *hello)
{
    struct seal seal = {suite_find(hello->suite), hello->version, hello->mac_last};
    bool known = seal.suite != NULL && !hello->packed && hello->version >= TLS_1_0_WIRE &&
                 hello->version <= TLS_1_3_WIRE;
    talk->secrets = secrets_find(capture, talk->client_random);
    talk->version = hello->version;
    talk->agreed = true;
    if (talk->secrets == NULL || !known)
        talk->ways[0].dead = talk->ways[1].dead = true;
    else if (hello->version == TLS_1_3_WIRE)
        seal_13(capture, talk, &seal);
    else
        seal_12(capture, talk, &seal, hello->random);
    if (!talk->read && talk->ways[0].dead && talk->ways[1].dead)
        *(known ? &capture->counts.tls_without_keys : &capture->counts.tls_unknown) += 1;
}

static void hello_take(struct capture *capture, struct tls_talk *talk, int index, uint8_t type,
                       struct view body)
{
    struct hello_server hello;
    bool over = talk->agreed && talk->version == TLS_1_3_WIRE;
    if (type == CLIENT_HELLO && !over && hello_client_read(body, talk->client_random)) {
        talk->client = index;
        talk->agreed = false; /* also when it is renegotiated, up to TLS 1.2 */
        talk->ways[index].said_hello = true;
    }
    if (type != SERVER_HELLO || index == talk->client || !hello_server_read(body, &hello))
        return;
    talk->version = hello.version;
    talk->ways[index].said_hello = !hello.retry;
    if (talk->client >= 0 && !hello.retry)
        agree(capture, talk, &hello);
}

static void message_take(struct capture *capture, struct tls_talk *talk, int index, uint8_t type,
                         struct view body)
{
    struct tls_way *way = &talk->ways[index];
    bool at_13 = talk->agreed && talk->version == TLS_1_3_WIRE;
    if (type == CLIENT_HELLO || type == SERVER_HELLO)
        hello_take(capture, talk, index, type, body);
    else if (at_13 && ((type == FINISHED && way->phase == TLS_HANDSHAKE) ||
                       (type == END_OF_EARLY_DATA && way->phase == TLS_EARLY) ||
                       (type == KEY_UPDATE && way->phase == TLS_TRAFFIC)))
        tls_step(capture, talk, index, way);
}

static bool needed(uint8_t type)
{
    return type == CLIENT_HELLO || type == SERVER_HELLO || type == END_OF_EARLY_DATA ||
           type == FINISHED || type == KEY_UPDATE;
}

/* Bytes of a message that we need; when it is whole it is taken. */
static struct view needed_add(struct capture *capture, struct tls_talk *talk, int index,
                              size_t wanted, struct view bytes)
{
    struct tls_way *way = &talk->ways[index];
    struct view piece = view_head(bytes, wanted - way->shake.len);
    buf_add(&way->shake, piece);
    if (way->shake.failed != ERR_OK)
        capture->failure = way->shake.failed;
    if (way->shake.len == wanted) {
        struct buf whole = way->shake;
        way->shake = (struct buf){0};
        message_take(capture, talk, index, (uint8_t)whole.ptr[0],
                     view_skip(buf_view(&whole), SHAKE_HEAD));
        buf_deinit(&whole);
    }
    return view_skip(bytes, piece.len);
}

/* Its head is whole: is it passed over, too long, or kept? */
static size_t judge(struct tls_way *way)
{
    struct octets head = {.rest = buf_view(&way->shake)};
    uint8_t type = octets_u8(&head);
    uint32_t len = (uint32_t)octets_number(&head, 3);
    if (!needed(type)) {
        way->passed_over = len;
        way->shake.len = 0;
        return 0;
    }
    way->dead = len > SHAKE_MOST;
    return SHAKE_HEAD + len;
}

void tls_shake(struct capture *capture, struct tls_talk *talk, int index, struct view bytes)
{
    struct tls_way *way = &talk->ways[index];
    while (!way->dead && capture->failure == ERR_OK) {
        size_t over = bytes.len < way->passed_over ? bytes.len : way->passed_over;
        way->passed_over -= (uint32_t)over;
        bytes = view_skip(bytes, over);
        if (bytes.len == 0)
            return;
        if (way->shake.len < SHAKE_HEAD) {
            struct view piece = view_head(bytes, SHAKE_HEAD - way->shake.len);
            buf_add(&way->shake, piece);
            bytes = view_skip(bytes, piece.len);
        }
        if (way->shake.failed != ERR_OK)
            capture->failure = way->shake.failed;
        size_t wanted = way->shake.len < SHAKE_HEAD ? 0 : judge(way);
        if (wanted > 0 && !way->dead)
            bytes = needed_add(capture, talk, index, wanted, bytes);
    }
}
