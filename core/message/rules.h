/* The rules whose breach is a struct sip_fault: one row of rules.def each.
 *
 *     scan_fail(s, SIP_RULE_HOST);
 */
#pragma once
#include <stdint.h>

enum sip_rule {
    SIP_RULE_NONE,
#define RULE(id, name, section, gravity) SIP_RULE_##id,
#include "core/message/rules.def"
#undef RULE
    SIP_RULE_COUNT
};

enum sip_gravity { SIP_GRAVITY_LIGHT, SIP_GRAVITY_FATAL, SIP_GRAVITY_HEADER };

struct sip_rule_row {
    const char *name, *section; /* section NULL: of the header */
    enum sip_gravity gravity;
};

extern const struct sip_rule_row sip_rules[SIP_RULE_COUNT];
