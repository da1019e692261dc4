#include "core/message/chars.h"

#define BETWEEN(c, first, last) ((c) >= (first) && (c) <= (last))
#define ALPHA(c) (BETWEEN(c, 'a', 'z') || BETWEEN(c, 'A', 'Z'))
#define DIGIT(c) BETWEEN(c, '0', '9')
#define ALNUM(c) (ALPHA(c) || DIGIT(c))
#define HEX(c) (DIGIT(c) || BETWEEN(c, 'a', 'f') || BETWEEN(c, 'A', 'F'))
#define LWS(c) ((c) == ' ' || (c) == '\t' || (c) == '\r' || (c) == '\n')
#define TOKEN(c)                                                                                   \
    (ALNUM(c) || (c) == '-' || (c) == '.' || (c) == '!' || (c) == '%' || (c) == '*' ||             \
     (c) == '_' || (c) == '+' || (c) == '`' || (c) == '\'' || (c) == '~')
#define MARK(c)                                                                                    \
    ((c) == '-' || (c) == '_' || (c) == '.' || (c) == '!' || (c) == '~' || (c) == '*' ||           \
     (c) == '\'' || (c) == '(' || (c) == ')')
#define UNRESERVED(c) (ALNUM(c) || MARK(c) || (c) == '%')
#define PASS(c)                                                                                    \
    (UNRESERVED(c) || (c) == '&' || (c) == '=' || (c) == '+' || (c) == '$' || (c) == ',')
#define BARE(c)                                                                                    \
    (UNRESERVED(c) || (c) == '&' || (c) == '=' || (c) == '+' || (c) == '$' || (c) == '/')
#define USER(c) (BARE(c) || (c) == ',' || (c) == ';' || (c) == '?')
#define UPARAM(c)                                                                                  \
    (UNRESERVED(c) || (c) == '[' || (c) == ']' || (c) == '/' || (c) == ':' || (c) == '&' ||        \
     (c) == '+' || (c) == '$')
#define UHEAD(c) (UPARAM(c) || (c) == '?' || (c) == '=')
#define HOST(c) (ALNUM(c) || (c) == '-' || (c) == '.' || (c) == '_')
#define VALUE(c) (TOKEN(c) || (c) == '[' || (c) == ']' || (c) == ':')
#define LOOSE(c)                                                                                   \
    ((c) > ' ' && (c) != 0x7f && (c) != ';' && (c) != ',' && (c) != '"' && (c) != '<' && (c) != '>')
#define WORD(c)                                                                                    \
    (TOKEN(c) || (c) == '(' || (c) == ')' || (c) == '<' || (c) == '>' || (c) == ':' ||             \
     (c) == '\\' || (c) == '"' || (c) == '/' || (c) == '[' || (c) == ']' || (c) == '?' ||          \
     (c) == '{' || (c) == '}')
#define QTEXT(c) (((c) >= ' ' || LWS(c)) && (c) != 0x7f && (c) != '"' && (c) != '\\')
#define OPAQUE(c) ((c) > ' ' && (c) != 0x7f && (c) != '<' && (c) != '>' && (c) != '"')

#define IF(class, test) ((test) ? (class) : 0)
#define CHARS(c)                                                                                   \
    (uint16_t)(IF(CHAR_TOKEN, TOKEN(c)) | IF(CHAR_LWS, LWS(c)) | IF(CHAR_DIGIT, DIGIT(c)) |        \
               IF(CHAR_HEX, HEX(c)) | IF(CHAR_HOST, HOST(c)) | IF(CHAR_USER, USER(c)) |            \
               IF(CHAR_BARE, BARE(c)) | IF(CHAR_PASS, PASS(c)) | IF(CHAR_UPARAM, UPARAM(c)) |      \
               IF(CHAR_UHEAD, UHEAD(c)) | IF(CHAR_VALUE, VALUE(c)) | IF(CHAR_LOOSE, LOOSE(c)) |    \
               IF(CHAR_WORD, WORD(c)) | IF(CHAR_QTEXT, QTEXT(c)) |                                 \
               IF(CHAR_SCHEME, ALNUM(c) || (c) == '+' || (c) == '-' || (c) == '.') |               \
               IF(CHAR_OPAQUE, OPAQUE(c)))
#define FOUR(c) CHARS(c), CHARS((c) + 1), CHARS((c) + 2), CHARS((c) + 3)
#define SIXTEEN(c) FOUR(c), FOUR((c) + 4), FOUR((c) + 8), FOUR((c) + 12)
#define SIXTY_FOUR(c) SIXTEEN(c), SIXTEEN((c) + 16), SIXTEEN((c) + 32), SIXTEEN((c) + 48)

const uint16_t sip_chars[256] = {SIXTY_FOUR(0), SIXTY_FOUR(64), SIXTY_FOUR(128), SIXTY_FOUR(192)};
