/* Which rules lint judges by, and the list of them.
 *
 *     bool good = lint_rules_choose(&options, &rules);
 *     if (!rules.off[rule_index(finding.rule)])
 *         tell(finding);
 */
#pragma once
#include "harness/monitor/rules.h"
#include "harness/options/options.h"

enum { LINT_RULES_MOST = 512 };

struct lint_rules {
    bool off[LINT_RULES_MOST]; /* by rule_index */
    bool none;                 /* all of them are off */
};

/* --ignore ID, or the beginning of ids and '*'. False: no rule is meant by one of them, which was
 * said. */
bool lint_rules_choose(const struct options *options, struct lint_rules *out);
/* Each rule a line: id, level, section, what it demands. */
void lint_rules_list(struct buf *out);
