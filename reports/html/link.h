/* A file as seen from the page's folder.
 *
 *     html_link_add(out, V("out/report.html"), V("out/trace/a.pcap")); gives ./trace/a.pcap
 */
#pragma once
#include "core/base.h"

/* A relative reference, percent-encoded; what is absolute on one side only stays as it is. */
void html_link_add(struct buf *out, struct view page, struct view file);
