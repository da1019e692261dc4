/* The head of an HTTP message, as far as an upgrade needs it: RFC 6455 §4, RFC 9112 §2 to §5.
 *
 *     size_t len = http_head_len(bytes);
 *     if (http_has(head, V("Connection"), V("upgrade")))
 *         upgrade = true;
 */
#pragma once
#include "core/base.h"

enum { HTTP_HEAD_MAX = 8192 };

/* Bytes up to and with the empty line; 0: it is not there yet. */
size_t http_head_len(struct view bytes);
struct view http_first_line(struct view head);
/* The status of a response of HTTP/1.1; 0: it is none. */
uint16_t http_status(struct view head);
/* Whether it is a GET by HTTP/1.1. */
bool http_is_get(struct view head);
/* The nth value of that name in any case, without blanks around it; absent: there are not so
 * many. */
struct view http_value(struct view head, struct view name, size_t nth);
/* Whether a list of tokens of that name has the token, in any case, in whatever row. */
bool http_has(struct view head, struct view name, struct view token);
