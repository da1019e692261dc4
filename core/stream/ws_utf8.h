/* Whether bytes are UTF-8, RFC 3629 §4: what is not goes in binary frames, RFC 7118 §4.2.
 *
 *     uint8_t opcode = utf8_valid(message) ? TEXT : BINARY;
 */
#pragma once
#include "core/base.h"

bool utf8_valid(struct view text);
