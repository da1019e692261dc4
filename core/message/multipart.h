/* Multipart bodies: RFC 2046 §5.1, RFC 5621.
 *
 *     struct sip_part part;
 *     for (struct view rest = body; sip_part_next(&rest, boundary, &part) == ERR_OK;)
 *         use(part.content_type, part.body);
 */
#pragma once
#include "core/message/types.h"

struct sip_part {
    struct view headers, body;
    struct view content_type; /* absent: text/plain by RFC 2046 §5.1 */
};
/* ERR_ABSENT at the close-delimiter, ERR_SYNTAX where the body does not keep to the grammar. */
enum err sip_part_next(struct view *rest, struct view boundary, struct sip_part *out) NODISCARD;
/* The boundary of a Content-Type value; ERR_SYNTAX when it is none or breaks RFC 2046 §5.1.1. */
enum err sip_boundary_find(const struct sip_media_type *type, struct view *out) NODISCARD;
