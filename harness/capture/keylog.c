#include "harness/capture/keylog.h"

#include <stdio.h>

#define uthash_malloc(len) mem_alloc(len)
#define uthash_free(ptr, len) mem_free(ptr)
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(item) ((item)->lost = true)
#include <uthash.h>

enum { SESSIONS_MOST = 1000000, READ_LEN = 16 << 10, LINE_MOST = 4 << 10 };

struct keylog_session {
    UT_hash_handle hh;
    unsigned char random[KEYLOG_RANDOM];
    struct secret secrets[KEYLOG_LABELS];
    bool lost; /* there was no memory to put it into the table */
};

static struct view word_take(struct view *line)
{
    struct view word = view_head(*line, view_find_char(*line, ' '));
    *line = view_skip(*line, word.len + 1);
    return word;
}

/* Bytes in hexadecimal; 0: they are none, or more than there is room for. */
static size_t hex_read(struct view text, unsigned char *room, size_t most)
{
    if (text.len % 2 != 0 || text.len / 2 > most)
        return 0;
    for (size_t i = 0; i < text.len; i += 2) {
        int high = char_hex(text.ptr[i]), low = char_hex(text.ptr[i + 1]);
        if (high < 0 || low < 0)
            return 0;
        room[i / 2] = (unsigned char)(high << 4 | low);
    }
    return text.len / 2;
}

static enum keylog_label label_find(struct view word)
{
    static const char *const texts[] = {
#define KEYLOG_LABEL_TEXT(name, text) text,
        KEYLOG_LABEL_LIST(KEYLOG_LABEL_TEXT)
#undef KEYLOG_LABEL_TEXT
    };
    size_t label = 0;
    while (label < KEYLOG_LABELS && !view_equal(word, view_of(texts[label])))
        label++;
    return (enum keylog_label)label;
}

static struct keylog_session *session_find(const struct keylog *keylog, const unsigned char *random)
{
    struct keylog_session *session;
    HASH_FIND(hh, keylog->by_random, random, KEYLOG_RANDOM, session);
    return session;
}

static enum err session_get(struct keylog *keylog, const unsigned char *random,
                            struct keylog_session **out)
{
    struct keylog_session *session = session_find(keylog, random);
    if (session == NULL) {
        if (keylog->count == SESSIONS_MOST)
            return ERR_LIMIT;
        session = mem_zalloc(sizeof *session);
        if (session == NULL)
            return ERR_MEMORY;
        memcpy(session->random, random, KEYLOG_RANDOM);
        HASH_ADD(hh, keylog->by_random, random, KEYLOG_RANDOM, session);
        if (session->lost) {
            mem_free(session);
            return ERR_MEMORY;
        }
        keylog->count++;
    }
    *out = session;
    return ERR_OK;
}

/* "CLIENT_RANDOM <random> <secret>", in hexadecimal. */
static enum err line_add(struct keylog *keylog, struct view line)
{
    unsigned char random[KEYLOG_RANDOM];
    struct secret secret = {0};
    struct keylog_session *session;
    line = view_trim(line);
    enum keylog_label label = label_find(word_take(&line));
    if (label == KEYLOG_LABELS ||
        hex_read(word_take(&line), random, sizeof random) != sizeof random)
        return ERR_OK;
    secret.len = (uint8_t)hex_read(word_take(&line), secret.bytes, sizeof secret.bytes);
    if (secret.len < KEYLOG_RANDOM) /* SHA-256 has the shortest */
        return ERR_OK;
    enum err err = session_get(keylog, random, &session);
    if (err == ERR_OK)
        session->secrets[label] = secret;
    return err;
}

enum err keylog_add(struct keylog *keylog, struct view text)
{
    enum err err = ERR_OK;
    while (err == ERR_OK && text.len > 0) {
        size_t len = view_find_char(text, '\n');
        err = line_add(keylog, view_head(text, len));
        text = view_skip(text, len + 1);
    }
    return err;
}

/* All lines that are whole, and at the end the last one; what is no line is let go of. */
static enum err lines_take(struct keylog *keylog, struct buf *held, bool end)
{
    struct view text = buf_view(held);
    size_t len = text.len;
    while (!end && len > 0 && text.ptr[len - 1] != '\n')
        len--;
    enum err err = keylog_add(keylog, view_head(text, len));
    struct view rest = view_skip(text, len);
    if (rest.len > LINE_MOST)
        rest.len = 0;
    if (rest.len > 0)
        memmove(held->ptr, rest.ptr, rest.len);
    held->len = rest.len;
    return err;
}

static enum err file_take(struct keylog *keylog, FILE *file, struct buf *held)
{
    enum err err = ERR_OK;
    size_t got = 1;
    while (err == ERR_OK && got > 0) {
        char *room = buf_room(held, READ_LEN);
        if (room == NULL)
            return held->failed;
        got = fread(room, 1, READ_LEN, file);
        held->len += got;
        err = ferror(file) ? ERR_IO : lines_take(keylog, held, got == 0);
    }
    return err;
}

/* What it is instead. */
static const char *kind_of(const char *path)
{
    unsigned char head[4] = {0};
    FILE *file = fopen(path, "rb");
    size_t len = file == NULL ? 0 : fread(head, 1, sizeof head, file);
    if (file != NULL)
        fclose(file);
    if (len == 0)
        return "it is empty";
    if (memcmp(head, "\x0a\x0d\x0d\x0a", 4) == 0 || memcmp(head, "\xd4\xc3\xb2\xa1", 4) == 0 ||
        memcmp(head, "\x4d\x3c\xb2\xa1", 4) == 0)
        return "it is a capture";
    if (memcmp(head, "----", 4) == 0)
        return "it is a certificate or its key, by which nobody reads a connection";
    return "no line of it is one like 'CLIENT_RANDOM <64 digits> <96 digits>'";
}

enum err keylog_read(struct keylog *keylog, const char *path, struct buf *complaint)
{
    struct buf held = {0};
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        buf_printf(complaint, "%s: the key log cannot be read", path);
        return ERR_IO;
    }
    enum err err = file_take(keylog, file, &held);
    fclose(file);
    buf_deinit(&held);
    if (err == ERR_OK && keylog->count == 0) {
        buf_printf(complaint, "%s is no key log (SSLKEYLOGFILE): %s", path, kind_of(path));
        return ERR_SYNTAX;
    }
    if (err == ERR_IO || err == ERR_LIMIT)
        buf_printf(complaint, "%s: %s", path,
                   err == ERR_IO ? "the key log cannot be read"
                                 : "it has the keys of more than a million connections");
    return err;
}

const struct secret *keylog_find(const struct keylog *keylog,
                                 const unsigned char random[KEYLOG_RANDOM])
{
    const struct keylog_session *session = session_find(keylog, random);
    return session == NULL ? NULL : session->secrets;
}

void keylog_deinit(struct keylog *keylog)
{
    struct keylog_session *session, *next;
    HASH_ITER(hh, keylog->by_random, session, next)
    {
        HASH_DEL(keylog->by_random, session);
        mem_free(session);
    }
    keylog->count = 0;
}
