#include "harness/captured/lint_rules.h"
#include "harness/run/screen.h"

static bool switch_off(struct lint_rules *rules, struct view pattern)
{
    bool found = false;
    for (size_t i = 0; i < rule_count(); i++)
        if (rule_is_meant(rule_at(i), pattern))
            found = rules->off[i] = true;
    return found;
}

/* An id that no rule has is a mistake, and not a rule that is off. */
bool lint_rules_choose(const struct options *options, struct lint_rules *out)
{
    *out = (struct lint_rules){.none = true};
    ASSERT(rule_count() <= LINT_RULES_MOST);
    for (size_t i = 0; i < options->ignored.count; i++) {
        const char *pattern = options->ignored.items[i];
        if (switch_off(out, view_of(pattern)))
            continue;
        struct buf complaint = {0};
        buf_printf(&complaint,
                   "--ignore: there is no rule '%s' ('sipwright lint --rules' lists "
                   "them)",
                   pattern);
        screen_complain(buf_view(&complaint));
        buf_deinit(&complaint);
        return false;
    }
    for (size_t i = 0; i < rule_count(); i++)
        out->none &= out->off[i];
    return true;
}

void lint_rules_list(struct buf *out)
{
    for (size_t i = 0; i < rule_count(); i++) {
        const struct rule_row *row = rule_at(i);
        buf_printf(out, "%-9s %-7s %-20s %s\n", row->id, rule_level_text(row), row->section,
                   row->demand);
    }
}
