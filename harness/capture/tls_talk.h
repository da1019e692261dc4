/* A connection of TLS as somebody sees it who has its secrets: two ways of records, and what the
 * hellos said. Shared by tls.c (records), tls_shake.c (keys) and tls_search.c (behind a gap).
 */
#pragma once
#include "harness/capture/inside.h"
#include "harness/capture/tls_seal.h"

enum tls_phase {
    TLS_PLAIN,     /* not sealed yet */
    TLS_EARLY,     /* RFC 8446 §4.2.10: data of a client that did not wait */
    TLS_HANDSHAKE, /* of TLS 1.3 */
    TLS_TRAFFIC
};

struct tls_way {
    struct stream *stream; /* what was in the records goes there */
    struct buf wire;       /* what has come; bytes before `at` are read */
    size_t at;
    struct buf shake;     /* a handshake message that is not whole */
    uint32_t passed_over; /* bytes of one that we need not have */
    enum tls_phase phase;
    bool said_hello;
    struct seal seal, next_seal; /* next_: from ChangeCipherSpec on, up to TLS 1.2 */
    struct seal_key key, next_key;
    struct secret secret; /* of TLS 1.3, that the key is of */
    uint64_t seq;         /* of the next record under this key */
    bool lost;            /* behind a gap: the next record has to be found */
    uint64_t window;      /* then: so many records may be missing */
    size_t searched;      /* bytes in which it was not */
    bool dead;            /* what comes cannot be read */
};

struct tls_talk {
    struct tls_way ways[2];
    int client;  /* whose way is the client's; -1: not known */
    bool agreed; /* both hellos are there, and it is known how records are sealed */
    bool read;   /* a record was opened */
    uint16_t version;
    unsigned char client_random[KEYLOG_RANDOM];
    const struct secret *secrets; /* of the key log */
};

/* tls_shake.c: bytes of handshake messages, RFC 8446 §4, RFC 5246 §7.4. */
void tls_shake(struct capture *capture, struct tls_talk *talk, int index, struct view bytes);
void tls_change(struct tls_way *way); /* ChangeCipherSpec, up to TLS 1.2 */
/* The key that would come next, were this one's last messages lost; false: there is none. */
bool tls_step(struct capture *capture, const struct tls_talk *talk, int index, struct tls_way *way);

/* tls_search.c: a record was lost, or is no record: the next one has to be found, behind no more
 * than so many others. */
void tls_lose(struct tls_way *way, uint64_t window);
/* the next record that is one; false: not yet, or never (way->dead). */
bool tls_search(struct capture *capture, struct tls_talk *talk, int index);

/* tls.c: the record at the front of the bytes. */
enum found_record { RECORD_NONE, RECORD_PART, RECORD_WHOLE };
enum found_record tls_record_read(struct view bytes, struct record *out);
