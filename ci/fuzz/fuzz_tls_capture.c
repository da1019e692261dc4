/* A connection of TLS as a capture has it, for which there are keys: whatever both sides send, in
 * whatever order, with gaps. No crash, and memory that is bounded. The input is segments: a byte
 * (who, and whether something before it is missing), two of length, then so many. */
#include "harness/capture/inside.h"
#include "harness/capture/tls_seal.h"

#define RANDOM "0000000000000000000000000000000000000000000000000000000000000000"
#define SECRET "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
#define KEYS(label) label " " RANDOM " " SECRET

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static enum err keys_give(struct keylog *keylog)
{
    return keylog_add(
        keylog,
        V(KEYS("CLIENT_RANDOM") "202122232425262728292a2b2c2d2e2f\n" KEYS(
            "CLIENT_HANDSHAKE_"
            "TRAFFIC_SECRET") "\n" KEYS("SERVER_HANDSHAKE_TRAFFIC_SECRET") "\n" KEYS("CLIENT_"
                                                                                     "TRAFFIC_"
                                                                                     "SECRET_0") "\n" KEYS("SERV"
                                                                                                           "ER_"
                                                                                                           "TRAF"
                                                                                                           "FIC_"
                                                                                                           "SECR"
                                                                                                           "ET_"
                                                                                                           "0")));
}

static void segments_take(struct capture *capture, struct tls_talk *talk, struct view input)
{
    struct octets at = {.rest = input};
    const struct ends ends = {0};
    while (at.rest.len > 3) {
        uint8_t how = octets_u8(&at);
        uint16_t len = octets_u16(&at);
        struct view bytes = octets_take(&at, len < at.rest.len ? len : at.rest.len);
        if ((how & 2) != 0)
            tls_gap(talk, how & 1, how);
        tls_take(capture, talk, how & 1, &ends, bytes);
        ASSERT(tls_held(talk) < 4 << 20);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct capture capture = {.path = "/dev/null"};
    struct stream streams[2];
    struct tls_talk *talk = NULL;

    stream_init(&streams[0], 1);
    stream_init(&streams[1], 1);
    ASSERT(keys_give(&capture.keylog) == ERR_OK);
    ASSERT(tls_talk_create(&capture, &streams[0], &streams[1], V("\x16"), &talk) == ERR_OK);
    segments_take(&capture, talk, (struct view){(const char *)data, len});
    ASSERT(capture.failure == ERR_OK);
    tls_talk_destroy(talk);
    stream_deinit(&streams[0]);
    stream_deinit(&streams[1]);
    found_deinit(&capture.found);
    opener_destroy(capture.opener);
    keylog_deinit(&capture.keylog);
    return 0;
}
