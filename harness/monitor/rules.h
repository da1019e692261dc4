/* The rules that the monitor judges by, one row of rules.def each. Those about the form of one
 * message are found by the parser's fault, the others by their name.
 *
 *     const struct rule_row *row = rule_of(RULE_ACK_MISSING);
 */
#pragma once
#include "core/core.h"

enum rule_level { RULE_MUST, RULE_SHOULD };

enum rule {
#define FAULT(fault, id, section, level, demand)
#define RULE(name, id, section, level, demand) RULE_##name,
#include "harness/monitor/rules.def"
#undef RULE
#undef FAULT
    RULE_COUNT
};

struct rule_row {
    const char *id, *section, *demand;
    enum rule_level level;
};

const struct rule_row *rule_of(enum rule rule);
/* NULL: nobody is blamed for it (memory). */
const struct rule_row *rule_of_fault(const struct sip_fault *fault);
const struct rule_row *rule_find(struct view id);        /* the first one of this id; NULL: none */
const char *rule_level_text(const struct rule_row *row); /* "must", "should" */
/* By its id, or by the beginning of ids and '*': "FMT-*". */
bool rule_is_meant(const struct rule_row *row, struct view pattern);
bool rule_any_meant(struct view pattern);
/* The id that was meant by one that no rule has; NULL: none is near. */
const char *rule_nearest(const char *id);
size_t rule_count(void);                       /* of both kinds */
const struct rule_row *rule_at(size_t index);  /* below rule_count() */
size_t rule_index(const struct rule_row *row); /* of rule_at */
