/* What stands in a capture before its first packet: what it is of, who takes part, and by which
 * addresses.
 *
 *     enum err err = pcap_head_write(writer_buf(&writer), &survey, one);
 */
#pragma once
#include "reports/survey.h"

/* The parties have their interfaces after it. MEMORY. */
enum err pcap_head_write(struct buf *out, struct survey *survey,
                         const struct report_case *one) NODISCARD;
