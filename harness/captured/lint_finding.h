/* A finding as it is told: the line of the message that it is about, and which bytes of it.
 *
 *     lint_finding_of(&finding, &told);
 *     lint_finding_text(&out, "call.pcap", &told);
 */
#pragma once
#include "harness/monitor/monitor.h"

struct lint_finding { /* views borrowed from the monitor's finding and its message */
    const struct rule_row *rule;
    uint64_t frame, other; /* the message at fault, and the one that proves it; 0: none */
    uint64_t time_us;
    uint32_t offset;
    struct addr address; /* who is blamed */
    struct view sentence, call_id;
    struct view line;   /* of the message */
    size_t column, len; /* the bytes of the line that are marked; len 0: it is about all of it */
    struct blob *bytes; /* of the message */
};

void lint_finding_of(const struct finding *finding, struct lint_finding *out);
/* "FILE:FRAME: must: …" and the line with what is marked in it. */
void lint_finding_text(struct buf *out, const char *path, const struct lint_finding *finding);
void lint_finding_json(struct buf *out, const char *path, const struct lint_finding *finding);
