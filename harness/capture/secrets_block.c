/* Key logs that stand in a capture itself: pcapng's Decryption Secrets Blocks, which libpcap passes
 * over. The file is walked through once more, from head to head of its blocks. */
#include "harness/capture/inside.h"

#include <stdio.h>

enum { SECTION = 0x0a0d0d0a, SECRETS = 10, TLS_KEYS = 0x544c534b, SECRETS_MOST = 64 << 20 };
enum { BLOCK_HEAD = 8, BLOCK_LEAST = 12, SECRETS_HEAD = 8 };

struct walk {
    FILE *file;
    bool big; /* numbers of this section have their high byte first */
};

static bool number_read(struct walk *walk, uint32_t *out)
{
    unsigned char at[4];
    if (fread(at, 1, sizeof at, walk->file) != sizeof at)
        return false;
    *out = walk->big ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3]
                     : (uint32_t)at[3] << 24 | (uint32_t)at[2] << 16 | (uint32_t)at[1] << 8 | at[0];
    return true;
}

/* A section's head: what stands behind its length says how that is to be read. */
static bool section_read(struct walk *walk, uint32_t *inout_len, uint32_t *out_taken)
{
    static const unsigned char little[] = {0x4d, 0x3c, 0x2b, 0x1a},
                               big[] = {0x1a, 0x2b, 0x3c, 0x4d};
    unsigned char magic[4];
    if (fread(magic, 1, sizeof magic, walk->file) != sizeof magic)
        return false;
    bool was_big = walk->big;
    walk->big = memcmp(magic, big, sizeof big) == 0;
    if (was_big != walk->big)
        *inout_len = *inout_len >> 24 | (*inout_len >> 8 & 0xff00) | (*inout_len << 8 & 0xff0000) |
                     *inout_len << 24;
    *out_taken = sizeof magic;
    return walk->big || memcmp(magic, little, sizeof little) == 0;
}

static enum err text_take(struct keylog *keylog, FILE *file, uint32_t len)
{
    struct buf text = {0};
    char *room = buf_room(&text, len);
    enum err err = text.failed;
    if (room != NULL) {
        text.len = fread(room, 1, len, file);
        err = keylog_add(keylog, buf_view(&text));
    }
    buf_deinit(&text);
    return err;
}

/* Taken: bytes of the block that were read. */
static enum err block_secrets_read(struct keylog *keylog, struct walk *walk, uint32_t len,
                                   uint32_t *out_taken)
{
    uint32_t type, size;
    if (len < BLOCK_LEAST + SECRETS_HEAD || !number_read(walk, &type) || !number_read(walk, &size))
        return ERR_ABSENT;
    *out_taken = SECRETS_HEAD;
    if (type != TLS_KEYS || size > len - BLOCK_LEAST - SECRETS_HEAD || size > SECRETS_MOST)
        return ERR_OK;
    *out_taken += size;
    return text_take(keylog, walk->file, size);
}

/* ABSENT: there are no more blocks. */
static enum err block_read(struct keylog *keylog, struct walk *walk)
{
    uint32_t type, len, taken = 0;
    if (!number_read(walk, &type) || !number_read(walk, &len))
        return ERR_ABSENT;
    enum err err = ERR_OK;
    if (type == SECTION && !section_read(walk, &len, &taken))
        return ERR_ABSENT;
    if (type == SECRETS)
        err = block_secrets_read(keylog, walk, len, &taken);
    if (err == ERR_OK &&
        (len < BLOCK_LEAST || len % 4 != 0 ||
         fseeko(walk->file, (off_t)len - BLOCK_HEAD - (off_t)taken, SEEK_CUR) != 0))
        return ERR_ABSENT;
    return err;
}

enum err secrets_block_read(const char *path, struct keylog *keylog)
{
    struct walk walk = {.file = fopen(path, "rb")};
    static const char section[] = "\x0a\x0d\x0d\x0a";
    char head[4] = "";
    enum err err = ERR_ABSENT;
    if (walk.file == NULL) /* standard input, perhaps */
        return ERR_OK;
    if (fread(head, 1, sizeof head, walk.file) == sizeof head && memcmp(head, section, 4) == 0 &&
        fseeko(walk.file, 0, SEEK_SET) == 0)
        err = ERR_OK;
    while (err == ERR_OK)
        err = block_read(keylog, &walk);
    fclose(walk.file);
    return err == ERR_ABSENT ? ERR_OK : err;
}
