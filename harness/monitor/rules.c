#include "harness/monitor/rules.h"
#include "harness/lua/handle.h"

#define FAULT(fault, id, section, level, demand)
#define RULE(name, id, section, level, demand) {id, section, demand, RULE_##level},
static const struct rule_row rules[RULE_COUNT] = {
#include "harness/monitor/rules.def"
};
#undef RULE
#undef FAULT

#define RULE(name, id, section, level, demand)
#define FAULT(fault, id, section, level, demand) {id, section, demand, RULE_##level},
static const struct rule_row faults[] = {
#include "harness/monitor/rules.def"
};
#undef FAULT
#define FAULT(fault, id, section, level, demand) fault,
static const char *const fault_names[] = {
#include "harness/monitor/rules.def"
};
#undef RULE
#undef FAULT
enum { FAULT_COUNT = sizeof faults / sizeof faults[0] };

const struct rule_row *rule_of(enum rule rule)
{
    return &rules[rule];
}

const struct rule_row *rule_of_fault(const struct sip_fault *fault)
{
    for (size_t i = 0; i < FAULT_COUNT; i++)
        if (strcmp(fault_names[i], fault->rule) == 0)
            return &faults[i];
    return NULL;
}

const struct rule_row *rule_find(struct view id)
{
    for (size_t i = 0; i < RULE_COUNT; i++)
        if (view_equal(id, view_of(rules[i].id)))
            return &rules[i];
    for (size_t i = 0; i < FAULT_COUNT; i++)
        if (view_equal(id, view_of(faults[i].id)))
            return &faults[i];
    return NULL;
}

size_t rule_count(void)
{
    return RULE_COUNT + FAULT_COUNT;
}

const struct rule_row *rule_at(size_t index)
{
    return index < RULE_COUNT ? &rules[index] : &faults[index - RULE_COUNT];
}

size_t rule_index(const struct rule_row *row)
{
    bool fault = row >= faults && row < faults + FAULT_COUNT;
    return fault ? (size_t)(row - faults) + RULE_COUNT : (size_t)(row - rules);
}

bool rule_is_meant(const struct rule_row *row, struct view pattern)
{
    bool open = pattern.len > 0 && pattern.ptr[pattern.len - 1] == '*';
    struct view id = view_of(row->id);
    return open ? view_starts(id, view_head(pattern, pattern.len - 1)) : view_equal(pattern, id);
}

const char *rule_level_text(const struct rule_row *row)
{
    return row->level == RULE_MUST ? "must" : "should";
}

bool rule_any_meant(struct view pattern)
{
    bool any = false;
    for (size_t i = 0; i < rule_count() && !any; i++)
        any = rule_is_meant(rule_at(i), pattern);
    return any;
}

const char *rule_nearest(const char *id)
{
    const char *ids[RULE_COUNT + FAULT_COUNT + 1];
    size_t count = rule_count();

    for (size_t i = 0; i < count; i++)
        ids[i] = rule_at(i)->id;
    ids[count] = NULL;
    return suggest(id, ids);
}
