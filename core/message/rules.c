#include "core/message/rules.h"

#include <stddef.h>

/* clang-format off */
const struct sip_rule_row sip_rules[SIP_RULE_COUNT] = {
    [SIP_RULE_NONE] = {"", "", SIP_GRAVITY_LIGHT},
#define RULE(id, name, section, gravity) [SIP_RULE_##id] = {name, section, SIP_GRAVITY_##gravity},
#include "core/message/rules.def"
#undef RULE
};
/* clang-format on */
