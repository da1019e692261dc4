/* XML that stays well-formed whatever is put into it: what XML 1.0 §2.2 has no character for, and
 * what a terminal would obey, shows as in text.h.
 *
 *     xml_open(out, "testcase");
 *     xml_attribute(out, "name", one->name);
 */
#pragma once
#include "core/base.h"

void xml_text(struct buf *out, struct view text); /* lines stay lines */
void xml_attribute(struct buf *out, const char *name,
                   struct view value); /* with a blank before it */
void xml_attribute_uint(struct buf *out, const char *name, uint64_t value);
/* Seconds with exactly three decimals. */
void xml_attribute_seconds(struct buf *out, const char *name, uint64_t time_us);
