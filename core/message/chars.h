/* What each byte may stand in: one table for all scanners, by the rules of RFC 3261 §25.1.
 *
 *     while (at < end && sip_chars[(unsigned char)*at] & CHAR_TOKEN)
 *         at++;
 */
#pragma once
#include <stdint.h>

enum sip_char {
    CHAR_TOKEN = 1 << 0,
    CHAR_LWS = 1 << 1, /* SP HT, and CR LF: inside a row they can only be folding */
    CHAR_DIGIT = 1 << 2,
    CHAR_HEX = 1 << 3,
    CHAR_HOST = 1 << 4, /* hostname and IPv4, and "_", which is all too common */
    CHAR_USER = 1 << 5, /* user: unreserved, escaped, user-unreserved */
    CHAR_BARE = 1 << 6, /* the same without "," ";" "?": an addr-spec outside of "<>" */
    CHAR_PASS = 1 << 7,
    CHAR_UPARAM = 1 << 8, /* paramchar */
    CHAR_UHEAD = 1 << 9,  /* what may stand behind "?" in a URI */
    CHAR_VALUE = 1 << 10, /* gen-value without quotes: token or host */
    CHAR_LOOSE = 1 << 11, /* visible bytes that cannot end such a value */
    CHAR_WORD = 1 << 12,  /* word of a Call-ID */
    CHAR_QTEXT = 1 << 13, /* between quotes; neither quote nor backslash */
    CHAR_SCHEME = 1 << 14,
    CHAR_OPAQUE = 1 << 15 /* the rest of a URI of which only the scheme is understood */
};

extern const uint16_t sip_chars[256];
