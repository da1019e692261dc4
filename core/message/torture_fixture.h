/* The messages of RFC 4475 and RFC 5118 (scenarios/conformance/_torture), and how each is to be
 * treated.
 *
 *     for (size_t i = 0; i < torture_count; i++)
 *         use(&torture_rows[i], torture_read(&torture_rows[i]));
 */
#pragma once
#include "core/message/msg.h"

struct torture_row {
    const char *name;   /* "rfc4475/wsinv" */
    const char *faults; /* the rules it breaks, in the order of their finding; "!": fatal */
};

extern const struct torture_row torture_rows[];
extern const size_t torture_count;

struct view torture_read(const struct torture_row *row); /* stands until the next call */
